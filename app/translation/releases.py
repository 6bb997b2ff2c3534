"""In which languages a record is shown: published where its texts are approved, withdrawn without the others.

What follows for each text is kept by triggers in `translation.is_live`, which is all that a reader's statement asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import Conflict, NotFound
from app.kernel.ids import new_id
from app.kernel.languages import content_locales, find
from app.resources import Catalogue, Child, Field, On, Resource
from app.resources.ways import has_languages
from app.translation.models import RecordLanguage, Translation
from app.translation.units import Asked, Unit, units

LIVE = "live"
WITHDRAWN = "withdrawn"
WAITING = "waiting"
"""Nobody has published it yet in a language where somebody has to."""
_MOST_TEXTS = 100_000
_release: Any = RecordLanguage.__table__


class NotComplete(Conflict):
    """Texts are missing or not approved; `lacking` are those."""

    code = "not_complete"

    def __init__(self, lacking: Sequence[Unit]) -> None:
        self.lacking = tuple(lacking)
        super().__init__(_l("Not everything that readers see is approved yet."))
        self.errors = {_place(unit): [unit.state] for unit in self.lacking}


def _place(unit: Unit) -> str:
    own = unit.content_type == unit.owner_type
    return unit.field if own else f"{unit.content_type}.{unit.object_id}.{unit.field}"


@dataclass(frozen=True, slots=True)
class Release:
    """How a record stands in a language; `shown` counts its texts that readers get."""

    status: str
    shown: int

    @property
    def is_live(self) -> bool:
        """Tell whether readers get anything."""
        return self.status == LIVE and self.shown > 0


def is_released(resource: Resource) -> bool:
    """Tell whether records are published language by language: those that the site shows and staff write."""
    return bool(resource.public) and has_languages(resource) and bool(_required(resource))


def required_of(owner: Resource | Child, resource: Resource) -> tuple[Field, ...]:
    """List the fields whose texts have to be right: what readers see; of what is never public, all."""
    fields = owner.fields_on(On.TRANSLATE)
    if not resource.public:
        return fields
    if isinstance(owner, Child) and not owner.public:
        return ()
    return tuple(field for field in fields if field.on & On.PUBLIC)


def _required(resource: Resource) -> set[tuple[str, str]]:
    owners: list[tuple[str, Resource | Child]] = [(resource.name, resource)]
    owners += [(child.table, child) for child in resource.children]
    return {(name, field.name) for name, owner in owners for field in required_of(owner, resource)}


def parts_of_released(catalogue: Catalogue) -> tuple[dict[str, list[str]], dict[str, dict[str, str]]]:
    """Give what the triggers know: whose a text is, by its content type; and the tables of a record's rows."""
    owners: dict[str, list[str]] = {}
    children: dict[str, dict[str, str]] = {}
    for resource in catalogue:
        if is_released(resource):
            owners[resource.name] = []
            for child in resource.children:
                owners[child.table] = [resource.name, child.parent_column]
                children.setdefault(resource.name, {})[child.table] = child.parent_column
    return dict(sorted(owners.items())), dict(sorted(children.items()))


def lacking(
    session: Session, resource: Resource, keys: Sequence[UUID], locale: str
) -> dict[UUID, list[Unit]]:
    """Find the required texts that are not approved and right, by record: one statement."""
    if not keys:
        return {}
    asked = Asked(locale, types=(resource.name,), states=("todo", "review"), owner_ids=tuple(keys))
    required = _required(resource)
    found: dict[UUID, list[Unit]] = {}
    for unit in units(session, None, asked, limit=_MOST_TEXTS):
        if not unit.is_done and (unit.content_type, unit.field) in required:
            found.setdefault(unit.owner_id, []).append(unit)
    return found


def publish(
    session: Session, resource: Resource, keys: Sequence[UUID], locale: str, by_id: int | None = None
) -> dict[UUID, NotComplete]:
    """Show records in a language; gives the refusals, by record, where it is gated and something is lacking.

    What is live already stays so, whatever became of its texts.
    """
    language = find(_must_be(locale))
    _lock_texts(session, resource, keys, locale)
    refused: dict[UUID, NotComplete] = {}
    if language is not None and language.is_gated:
        before = releases_of(session, resource, keys, (locale,))
        waiting = [key for key in keys if before[key, locale].status != LIVE]
        left = lacking(session, resource, waiting, locale)
        refused = {key: NotComplete(texts) for key, texts in left.items()}
    _write(session, resource, [key for key in keys if key not in refused], locale, LIVE, by_id)
    return refused


def withdraw(
    session: Session, resource: Resource, keys: Sequence[UUID], locale: str, by_id: int | None = None
) -> None:
    """Show records no longer in a language; their texts stay, and so do the other languages."""
    _must_be(locale)
    _lock_texts(session, resource, keys, locale)
    _write(session, resource, keys, locale, WITHDRAWN, by_id)


def _must_be(locale: str) -> str:
    if locale not in content_locales():
        raise NotFound(_l("There is no language %(tag)s to translate into.", tag=locale))
    return locale


def _write(
    session: Session,
    resource: Resource,
    keys: Sequence[UUID],
    locale: str,
    status: str,
    by_id: int | None,
) -> None:
    if not keys:
        return
    rows = [
        {
            "id": new_id(),
            "content_type": resource.name,
            "object_id": key,
            "locale": locale,
            "status": status,
            "by_id": by_id,
        }
        for key in sorted(keys)
    ]
    adding = insert(RecordLanguage).values(rows)
    session.execute(
        adding.on_conflict_do_update(
            index_elements=["content_type", "object_id", "locale"],
            set_={
                "status": status,
                "by_id": by_id,
                "updated_at": clock.now(),
                "revision": _release.c.revision + 1,
            },
            where=_release.c.status != status,
        )
    )
    session.flush()
    session.expire_all()  # the triggers wrote what is live


def releases_of(
    session: Session, resource: Resource, keys: Iterable[UUID], locales: Sequence[str] = ()
) -> Mapping[tuple[UUID, str], Release]:
    """Tell how records stand in languages, by (key, locale), whether or not they have texts: two statements."""
    wanted, tags = list(keys), tuple(locales) or content_locales()
    if not wanted or not is_released(resource):
        return {}
    statuses = statuses_of(session, resource, wanted, tags)
    shown = _shown_texts(session, resource, wanted, tags)
    return {place: Release(status, shown.get(place, 0)) for place, status in statuses.items()}


def statuses_of(
    session: Session, resource: Resource, keys: Sequence[UUID], locales: Sequence[str]
) -> dict[tuple[UUID, str], str]:
    """Tell what was decided of records in languages, or what holds where nobody did: one statement."""
    decided = {
        (row.object_id, row.locale): row.status
        for row in session.execute(
            select(_release.c.object_id, _release.c.locale, _release.c.status).where(
                _release.c.content_type == resource.name,
                _release.c.object_id.in_(keys),
                _release.c.locale.in_(locales),
            )
        )
    }
    gated = {tag for tag in locales if (language := find(tag)) is not None and language.is_gated}
    return {
        (key, tag): decided.get((key, tag), WAITING if tag in gated else LIVE)
        for key in keys
        for tag in locales
    }


def _shown_texts(
    session: Session, resource: Resource, keys: list[UUID], locales: Sequence[str]
) -> dict[tuple[UUID, str], int]:
    """Count the live texts of records and of their rows, by (key, locale)."""
    table: Any = Translation.__table__
    parts: list[Any] = []
    owners: list[tuple[str, Any, str]] = [(resource.name, resource.model, "id")]
    owners += [(child.table, child.model, child.parent_column) for child in resource.children]
    for name, model, column in owners:
        owner = model.__table__.c[column]
        parts.append(
            select(owner.label("owner"), table.c.locale.label("locale"))
            .join(model.__table__, model.__table__.c.id == table.c.object_id)
            .where(
                table.c.content_type == name,
                owner.in_(keys),
                table.c.locale.in_(locales),
                table.c.is_live,
                table.c.field != "slug",
            )
        )
    first, *others = parts
    found = (first.union_all(*others) if others else first).subquery()
    counted = select(found.c.owner, found.c.locale, func.count()).group_by(found.c.owner, found.c.locale)
    return {(owner, tag): number for owner, tag, number in session.execute(counted)}


def _lock_texts(session: Session, resource: Resource, keys: Sequence[UUID], locale: str) -> None:
    """Take the texts before the release, as whoever writes a text does: else the two would wait for each other."""
    session.flush()
    session.execute(
        select(Translation.id)
        .where(Translation.locale == locale, _texts_of(resource, keys))
        .order_by(Translation.id)
        .with_for_update()
    )


def _texts_of(resource: Resource, keys: Sequence[UUID]) -> ColumnElement[bool]:
    parts = [and_(Translation.content_type == resource.name, Translation.object_id.in_(keys))]
    for child in resource.children:
        rows = select(child.model.id).where(getattr(child.model, child.parent_column).in_(keys))
        parts.append(and_(Translation.content_type == child.table, Translation.object_id.in_(rows)))
    return or_(*parts)


def judge_again(session: Session, keys: Iterable[Any]) -> None:
    """Have the triggers judge texts anew whose rows came back before their records did."""
    ids = [UUID(str(key)) for key in keys]
    if ids:
        session.execute(
            update(Translation)
            .where(Translation.id.in_(ids))
            .values(is_live=Translation.is_live, updated_at=Translation.updated_at)
            .execution_options(synchronize_session=False)
        )
