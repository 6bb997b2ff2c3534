"""A list by language: how each record stands in each language, and how many of the list there are to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import String, Text, Uuid, any_, column, func, literal, select, union_all, values
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.rights import may
from app.kernel import languages as registry
from app.kernel.db import db
from app.kernel.locales import own_name
from app.kernel.statements import compile_once
from app.resources import Field, On, Resource
from app.surfaces.records.listing import narrow, out_of_date, total_key, totals, untranslated, values_of
from app.surfaces.records.query import ListQuery
from app.surfaces.screens.list_rows import conditions_of
from app.surfaces.screens.pages import Cell, Column, ListPage, Note, Row
from app.surfaces.screens.releasing import bulk_releases, marks_of
from app.surfaces.screens.ways.links import address
from app.translation.models import Translation

_translation: Any = Translation.__table__


@dataclass(frozen=True, slots=True)
class Standing:
    """The texts of a record in a language: so many there are, so many of them right, out of date, in work."""

    wanted: int
    right: int
    outdated: int
    begun: int

    @property
    def missing(self) -> int:
        """Count those that nobody began."""
        return self.wanted - self.right - self.outdated - self.begun


def languages_page(resource: Resource, page: ListPage, query: ListQuery) -> ListPage:
    """Give the list's page with a column for each language in place of all but the first."""
    found = standings(resource, [row.id for row in page.rows])
    counts = _counts(resource, query)
    tags = registry.content_locales()
    marks = marks_of(resource, [UUID(row.id) for row in page.rows])
    columns = tuple(_column(resource, query, tag, counts) for tag in tags)
    rows = tuple(
        row._replace(
            cells=(
                row.cells[0],
                *(_cell(row, tag, found.get((row.id, tag)), marks.get((row.id, tag))) for tag in tags),
            ),
        )
        for row in page.rows
    )
    return replace(
        page,
        columns=(page.columns[0], *columns),
        rows=rows,
        can_choose=False,
        bulk_releases=bulk_releases(resource),
        prefill_url="/translate/prefill/choose"
        if may("list", "prefill") and may("translate", resource.name)
        else "",
    )


def standings(resource: Resource, keys: Sequence[str]) -> dict[tuple[str, str], Standing]:
    """Read in one statement how records stand, by (key, language); without a text to translate one has none."""
    if not keys or not registry.content_locales():
        return {}
    texts = union_all(*_texts(resource, [UUID(key) for key in keys])).subquery("texts")
    languages = values(column("locale", String), name="languages").data(
        [(tag,) for tag in registry.content_locales()]
    )
    is_right = (_translation.c.state == "approved") & _translation.c.source_text.is_(None)
    is_outdated = _translation.c.source_text.is_not(None) & (_translation.c.state != "rejected")
    is_begun = _translation.c.source_text.is_(None) & _translation.c.state.in_(
        ("draft", "machine", "needs_review")
    )
    of_text = (
        (_translation.c.content_type == texts.c.content_type)
        & (_translation.c.object_id == texts.c.object_id)
        & (_translation.c.field == texts.c.field)
        & (_translation.c.locale == languages.c.locale)
        & (_translation.c.text != "")
    )
    statement = (
        select(
            texts.c.owner,
            languages.c.locale,
            func.count(),
            *(func.count().filter(one) for one in (is_right, is_outdated, is_begun)),
        )
        .select_from(texts.join(languages, literal(True)).outerjoin(_translation, of_text))
        .group_by(texts.c.owner, languages.c.locale)
    )
    return {(str(owner), tag): Standing(*counts) for owner, tag, *counts in db.session.execute(statement)}


def _texts(resource: Resource, keys: list[UUID]) -> Iterator[Any]:
    """Select every text that there is to translate: (owner, content_type, object_id, field)."""
    tables = [(resource.name, resource.model.__table__, "id", resource.fields_on(On.TRANSLATE))]
    tables += [
        (child.table, child.model.__table__, child.parent_column, child.fields_on(On.TRANSLATE))
        for child in resource.children
    ]
    for name, table, owner, fields in tables:
        for field in fields:
            yield select(
                table.c[owner].label("owner"),
                literal(name, String).label("content_type"),
                table.c.id.label("object_id"),
                literal(field.name, String).label("field"),
            ).where(table.c[owner] == any_(literal(keys, ARRAY(Uuid()))), _holds(table, field))


def _holds(table: Any, field: Field) -> Any:
    return func.coalesce(table.c[field.name].cast(Text), "") != ""


def _counts(resource: Resource, query: ListQuery) -> dict[str, int]:
    """Count in the whole list, by filter and language, the records with something to do: "missing de"."""
    table = resource.model.__table__
    condition, found = conditions_of(resource, query)

    def count() -> dict[str, int]:
        wanted: dict[str, Any] = {
            f"{name} {tag}": func.count().filter(says(resource, table, literal(tag)))
            for name, says in (("missing", untranslated), ("outdated", out_of_date))
            for tag in registry.content_locales()
        }
        if not wanted:
            return {}
        chosen = select(*wanted.values()).select_from(table)
        counting = narrow(chosen, resource, query, table)
        for more in (condition, found):
            counting = counting.where(more) if more is not None else counting
        counted = compile_once(counting).run(db.session.connection(), values_of(query))[0]
        return dict(zip(wanted, counted, strict=True))

    if condition is not None:
        return count()
    return totals.get(total_key(resource.name, query, "languages", registry.content_locales()), count)[0]


def _column(resource: Resource, query: ListQuery, tag: str, counts: dict[str, int]) -> Column:
    notes = []
    if number := counts[f"missing {tag}"]:
        url = address(resource, query, way="languages", missing=tag, outdated="")
        notes.append(Note(_("%(number)s incomplete", number=number), url, query.missing == tag))
    if number := counts[f"outdated {tag}"]:
        url = address(resource, query, way="languages", outdated=tag, missing="")
        notes.append(Note(_("%(number)s out of date", number=number), url, query.outdated == tag))
    return Column(tag, own_name(tag), "language", notes=tuple(notes))


def _cell(row: Row, tag: str, standing: Standing | None, is_live: bool | None) -> Cell:
    if standing is None:
        return Cell("language", "")
    told = tuple(_told(standing))
    url = f"{row.edit_url}?language={tag}" if row.edit_url else row.url
    if standing.right == standing.wanted:
        done = ngettext("%(num)d text, right", "%(num)d texts, all right", standing.wanted)
        return Cell("language", done, tone="success", url=url, is_live=is_live)
    tone = "warning" if standing.outdated else "info" if not standing.missing else "secondary"
    hint = ", ".join((*told[1:], _right(standing)))
    return Cell("language", told[0], hint=hint, tone=tone, url=url, is_live=is_live)


def _told(standing: Standing) -> Iterable[str]:
    """Say what there is to do, the most pressing first."""
    if standing.outdated:
        yield _("%(number)s out of date", number=standing.outdated)
    if standing.missing:
        yield _("%(number)s missing", number=standing.missing)
    if standing.begun:
        yield _("%(number)s in work", number=standing.begun)


def _right(standing: Standing) -> str:
    return _("%(done)s of %(all)s right", done=standing.right, all=standing.wanted)
