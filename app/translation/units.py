"""What there is to translate into a language, text by text, of the content and of the interface alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from app.translation.models import SHOWN_STATES, Translation, TranslationSuggestion
from app.translation.texts import (
    ADDRESS_NO,
    all_sources,
    all_texts,
    among,
    know_units,
    offer,
    sources_of,
    types_of,
)
from app.translation.unit import (
    GROUPS,
    OUTDATED,
    STATES,
    SUGGESTED,
    TO_DO,
    TO_REVIEW,
    Asked,
    Unit,
)

__all__ = [
    "GROUPS",
    "OUTDATED",
    "STATES",
    "SUGGESTED",
    "TO_DO",
    "TO_REVIEW",
    "Asked",
    "Unit",
    "all_texts",
    "counts",
    "find_unit",
    "know_units",
    "offer",
    "types_of",
    "units",
]

_translation: Any = Translation.__table__
_suggestion: Any = TranslationSuggestion.__table__


def joined_texts(asked: Asked, user: Any) -> Any:
    """Select all texts asked for beside their translation; None where the user may work on nothing."""
    wanted = [source for source in all_sources() if not asked.types or source.name in asked.types]
    found = [part for source in wanted if (part := source.select(asked, user, source.number)) is not None]
    if not found:
        return None
    texts = (union_all(*found) if len(found) > 1 else found[0]).subquery("texts")
    t = _translation
    has_open = (
        select(_suggestion.c.id)
        .where(_suggestion.c.translation_id == t.c.id, _suggestion.c.state == "open")
        .correlate(t)
        .exists()
    )
    of_text = and_(
        t.c.content_type == texts.c.content_type,
        t.c.object_id == texts.c.row_id,
        t.c.locale == asked.locale,
        t.c.field == texts.c.field,
        t.c.text != "",
    )
    state = func.coalesce(t.c.state, "missing").label("state")
    joined = select(
        *texts.c,
        t.c.id.label("translation_id"),
        func.coalesce(t.c.text, "").label("text"),
        state,
        t.c.source_text,
        func.coalesce(t.c.revision, 0).label("revision"),
        t.c.author_id,
        func.coalesce(t.c.tool, "").label("tool"),
        func.coalesce(t.c.reason, "").label("reason"),
        case((t.c.state.in_(SHOWN_STATES), has_open), else_=False).label("is_suggested"),
    ).select_from(texts.outerjoin(t, of_text))
    joined = joined.where(or_(texts.c.field_no != ADDRESS_NO, t.c.id.is_not(None)))
    if asked.row_ids:
        joined = joined.where(among(texts.c.row_id, asked.row_ids))
    if asked.search:
        pattern = f"%{_escaped(asked.search)}%"
        joined = joined.where(
            or_(texts.c.source.ilike(pattern), t.c.text.ilike(pattern), texts.c.title.ilike(pattern))
        )
    if asked.is_outdated is not None:
        joined = joined.where(
            t.c.source_text.is_not(None) if asked.is_outdated else t.c.source_text.is_(None)
        )
    if asked.author_id is not None:
        joined = joined.where(or_(t.c.author_id == asked.author_id, _has_offered(asked.author_id)))
    return joined.subquery("units")


def _has_offered(author_id: int) -> ColumnElement[bool]:
    """Say that somebody has an open suggestion for a shown text."""
    t, s = _translation, _suggestion
    own = (s.c.translation_id == t.c.id) & (s.c.state == "open") & (s.c.author_id == author_id)
    return and_(t.c.state.in_(SHOWN_STATES), select(s.c.id).where(own).correlate(t).exists())


def _escaped(sought: str) -> str:
    return sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def says(units: Any, states: Iterable[str]) -> ColumnElement[bool]:
    """Say that a unit is in one of the states or groups."""
    plain: set[str] = set()
    parts: list[Any] = []
    for name in states:
        plain |= set(GROUPS.get(name, (name,)))
        if name in (SUGGESTED, TO_REVIEW):
            parts.append(units.c.is_suggested)
        if name in (OUTDATED, TO_DO):
            parts.append(and_(units.c.source_text.is_not(None), units.c.state != "rejected"))
    parts.append(units.c.state.in_(sorted(plain & set(STATES))))
    return or_(*parts)


ORDER = ("type_no", "owner_id", "part", "place", "row_id", "field_no")


def words_of(source: Any) -> Any:
    """Count the words of a source text in SQL."""
    return func.cardinality(func.regexp_split_to_array(func.btrim(source), r"\s+"))


def units(
    session: Session, user: Any, asked: Asked, limit: int = 1, after: str = "", before: str = ""
) -> list[Unit]:
    """Read the next texts asked for, in the order of the queue: one statement.

    `after` and `before` are keys of units; with `before` the texts come in reverse order, the nearest first.
    `user` is None for a job that works on everybody's behalf.
    """
    joined = joined_texts(asked, user)
    if joined is None:
        return []
    order = [joined.c[name] for name in ORDER]
    statement = select(joined, words_of(joined.c.source).label("words")).limit(limit)
    if asked.states:
        statement = statement.where(says(joined, asked.states))
    if after:
        statement = statement.where(tuple_(*order) > tuple_(*place_of(after)))
    if before:
        statement = statement.where(tuple_(*order) < tuple_(*place_of(before)))
        order = [column.desc() for column in order]
    found = session.execute(statement.order_by(*order))
    return [_unit(row, asked.locale) for row in found]


def find_unit(
    session: Session,
    user: Any,
    content_type: str,
    key: UUID,
    field: str,
    locale: str,
    verb: str = "translate",
) -> Unit | None:
    """Read one text; None where there is none, or the user may not work on it."""
    joined = joined_texts(Asked(locale, types=sources_of(content_type), verb=verb), user)
    if joined is None:
        return None
    statement = select(joined, words_of(joined.c.source).label("words")).where(
        joined.c.content_type == content_type, joined.c.row_id == key, joined.c.field == field
    )
    row = session.execute(statement).first()
    return _unit(row, locale) if row is not None else None


def counts(session: Session, user: Any, asked: Asked) -> dict[tuple[str, str], tuple[int, int]]:
    """Count (texts, words) by (owner's type, state) in one statement.

    "suggested" and "outdated" stand beside the states: such a text counts there and in its state.
    """
    joined = joined_texts(asked, user)
    if joined is None:
        return {}
    words = words_of(joined.c.source)
    outdated = joined.c.source_text.is_not(None) & (joined.c.state != "rejected")
    statement = select(
        joined.c.owner_type,
        joined.c.state,
        func.count(),
        func.sum(words),
        func.count().filter(outdated),
        func.coalesce(func.sum(words).filter(outdated), 0),
        func.count().filter(joined.c.is_suggested),
        func.coalesce(func.sum(words).filter(joined.c.is_suggested), 0),
    ).group_by(joined.c.owner_type, joined.c.state)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for owner, state, texts, amount, *more in session.execute(statement):
        found[owner, state] = (texts, int(amount))
        for name, n, w in ((OUTDATED, more[0], more[1]), (SUGGESTED, more[2], more[3])):
            known = found.get((owner, name), (0, 0))
            found[owner, name] = (known[0] + n, known[1] + int(w))
    return found


def place_of(key: str) -> Iterator[Any]:
    """Read where a unit stands from its key. Raises ValueError for what is none."""
    parts = key.split(".")
    if len(parts) != len(ORDER):
        raise ValueError(key)
    for name, part in zip(ORDER, parts, strict=True):
        yield UUID(part) if name.endswith("_id") else int(part)


def _unit(row: Any, locale: str) -> Unit:
    facts = row._mapping  # noqa: SLF001  # SQLAlchemy's public name for it
    return Unit(
        key=".".join(str(facts[name]) for name in ORDER),
        content_type=facts["content_type"],
        object_id=facts["row_id"],
        field=facts["field"],
        locale=locale,
        source=facts["source"],
        words=facts["words"],
        owner_type=facts["owner_type"],
        owner_id=facts["owner_id"],
        title=facts["title"] or "",
        note=facts["note"],
        translation_id=facts["translation_id"],
        text=facts["text"],
        state=facts["state"],
        source_text=facts["source_text"],
        revision=facts["revision"],
        author_id=facts["author_id"],
        tool=facts["tool"],
        reason=facts["reason"],
        is_suggested=facts["is_suggested"],
    )
