"""How many texts there are to translate and how many are done: each answer is one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.translation.models import Translation, TranslationSuggestion
from app.translation.texts import ADDRESS_NO
from app.translation.units import (
    ORDER,
    OUTDATED,
    SUGGESTED,
    TO_DO,
    TO_REVIEW,
    Asked,
    joined_texts,
    place_of,
    says,
    words_of,
)

ALL = "all"
DONE = "done"
"""Beside the groups and states of units: every text, and those that are approved and of the source as it is."""
SHOWN_GROUPS = (TO_DO, TO_REVIEW, OUTDATED, "missing", SUGGESTED, "machine", "rejected")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text stands among those asked for: how many there are up to it, and in each group by name."""

    place: int
    groups: dict[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """The texts and the words of one content type in one language, by group."""

    owner_type: str
    locale: str
    texts: dict[str, int]
    words: dict[str, int]


def standing(session: Session, user: Any, asked: Asked, key: str) -> Standing:
    """Count the texts asked for, whatever their state, by group; and those of `asked.states` up to a unit's key."""
    joined = joined_texts(asked, user)
    if joined is None:
        return Standing(0, dict.fromkeys((*SHOWN_GROUPS, ALL), 0))
    columns = [
        func.count().filter(says(joined, (name,))).label(f"n_{position}")
        for position, name in enumerate(SHOWN_GROUPS)
    ]
    order = tuple_(*(joined.c[name] for name in ORDER))
    is_before = order <= tuple_(*place_of(key)) if key else None
    parts = [is_before, says(joined, asked.states) if asked.states else None]
    wanted = [part for part in parts if part is not None]
    place = func.count().filter(*wanted) if key else func.count().filter(joined.c.state.is_(None))
    row = session.execute(select(place.label("place"), func.count().label("n_all"), *columns)).one()
    groups = {name: getattr(row, f"n_{position}") for position, name in enumerate(SHOWN_GROUPS)}
    return Standing(row.place, groups | {ALL: row.n_all})


def tallies(
    session: Session, user: Any, locales: Sequence[str], types: tuple[str, ...] = ()
) -> tuple[Tally, ...]:
    """Count texts and words of every language by content type and group: one statement for all of them."""
    parts: list[Any] = []
    for locale in locales:
        joined = joined_texts(Asked(locale, types=types), user)
        if joined is not None:
            parts.append(_counted(joined, locale))
    if not parts:
        return ()
    counted: Any = union_all(*parts)
    found: Any = session.execute(counted)
    names = (*SHOWN_GROUPS, DONE, ALL)
    return tuple(
        Tally(
            row[0],
            row[1],
            {name: int(row[2 + 2 * place]) for place, name in enumerate(names)},
            {name: int(row[3 + 2 * place]) for place, name in enumerate(names)},
        )
        for row in found
    )


def _counted(joined: Any, locale: str) -> Any:
    words = case((joined.c.field_no == ADDRESS_NO, 0), else_=words_of(joined.c.source))
    is_done = (joined.c.state == "approved") & joined.c.source_text.is_(None)
    conditions: list[ColumnElement[bool]] = [*(says(joined, (name,)) for name in SHOWN_GROUPS), is_done]
    columns: list[Any] = []
    for condition in conditions:
        columns += [func.count().filter(condition), func.coalesce(func.sum(words).filter(condition), 0)]
    columns += [func.count(), func.coalesce(func.sum(words), 0)]
    labelled = [column.label(f"c_{place}") for place, column in enumerate(columns)]
    return select(joined.c.owner_type, literal(locale, String).label("locale"), *labelled).group_by(
        joined.c.owner_type
    )


def done_since(session: Session, user_id: int, locale: str, since: datetime) -> int:
    """Count the texts that a user wrote, approved or suggested for in a language since an instant."""
    texts = select(func.count()).where(
        Translation.locale == locale,
        Translation.updated_at >= since,
        Translation.state != "draft",
        or_(Translation.author_id == user_id, Translation.approved_by_id == user_id),
    )
    offered = (
        select(func.count())
        .join_from(TranslationSuggestion, Translation, Translation.id == TranslationSuggestion.translation_id)
        .where(
            Translation.locale == locale,
            TranslationSuggestion.author_id == user_id,
            TranslationSuggestion.state == "open",
            TranslationSuggestion.updated_at >= since,
        )
    )
    return session.scalar(select(texts.scalar_subquery() + offered.scalar_subquery())) or 0
