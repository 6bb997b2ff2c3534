"""A search as a condition on a list's own statement, and as one statement over every content type."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    String,
    Text,
    and_,
    bindparam,
    event,
    func,
    inspect,
    literal,
    or_,
    select,
    true,
    union_all,
)

from app.kernel.locales import SHIPPED
from app.resources import On, Resource
from app.surfaces.search.models import SearchEntry

LONGEST = 200
MOST_WORDS = 8
SHORTEST_TYPO = 4
EVERY_LOCALE = ("*",)
"""In place of locales: whatever language the texts are in."""

_ALIKE = "SET pg_trgm.strict_word_similarity_threshold = 0.38"  # "diwli" finds "diwali": 0.44

_entry: Any = SearchEntry.__table__


@event.listens_for(Engine, "connect")
def _say_how_alike(connection: Any, _record: Any) -> None:
    """Tell each new connection how alike a mistyped word must be; without it, typos are taken less kindly."""
    was, connection.autocommit = connection.autocommit, True
    connection.execute(_ALIKE)
    connection.autocommit = was


def matching(resource: Resource, model: Any, q: str, locales: Sequence[str]) -> tuple[Any, Any]:
    """Give (condition on the model, how well a record fits) for a search in the texts of some languages.

    A record is found by words (stemmed; `"a phrase"`, `or` and `-not` are understood, the last word may be
    half typed), by a part of a word, or by words with typos. `model` may be an alias or a table.
    """
    target = getattr(inspect(model), "selectable", model)
    sought = _sought(resource, q)
    entry = _entry.alias("sought")
    fits = or_(
        *_by_words(entry, sought, locales),
        and_(_in_locales(entry, locales), or_(*_by_letters(entry, sought))),
    )
    found = select(entry.c.object_id).where(entry.c.content_type == resource.name, fits)
    return target.c.id.in_(found), _rank(resource.name, target.c.id, sought, locales)


def _sought(resource: Resource, q: str) -> str:
    """Drop the content type's own name: among festivals, the word festival narrows nothing."""
    q = " ".join(q.replace("\0", " ")[:LONGEST].encode(errors="ignore").decode().split())
    if _has_operators(q):
        return q
    own = {resource.name, resource.path, resource.name.replace("_", " ")}
    return " ".join(word for word in q.split() if word.lower() not in own) or q


def _has_operators(q: str) -> bool:
    return any(mark in f" {q}" for mark in ('"', " -", " or ", " OR "))


def _by_words(entry: Any, sought: str, locales: Sequence[str]) -> list[Any]:
    """Compare words as each language stems them."""
    if tuple(locales) == EVERY_LOCALE:
        return [_has_words(entry, locale, sought) for locale in (*SHIPPED, "")]
    return [
        and_(entry.c.locale == locale, _has_words(entry, locale, sought)) for locale in dict.fromkeys(locales)
    ]


def _has_words(entry: Any, locale: str, sought: str) -> Any:
    return entry.c.words.op("@@", is_comparison=True)(func.festoon_query(_inline(locale), _inline(sought)))


def _by_letters(entry: Any, sought: str) -> list[Any]:
    """Find the search as a part of the text; or each of its words, mistyped or, if it is short, as it is.

    Whoever writes operators means what is written: then no typo is looked for.
    """
    ways = [entry.c.text.like(func.festoon_like(_inline(sought)))]
    words = _words(sought)
    mistyped = [word for word in words if _may_be_mistyped(word)]
    if mistyped and not _has_operators(sought):
        others = [
            func.strpos(entry.c.text, func.festoon_sort_key(_inline(word))) > 0
            for word in words
            if word not in mistyped
        ]
        alike = (
            entry.c.text.op("%>>", is_comparison=True)(func.festoon_sort_key(_inline(word)))
            for word in mistyped
        )
        ways.append(and_(*alike, *others))
    return ways


def _words(sought: str) -> list[str]:
    """Split into words of letters, marks and numbers; the first eight count."""
    spaced = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in sought)
    return list(dict.fromkeys(spaced.split()))[:MOST_WORDS]


def _may_be_mistyped(word: str) -> bool:
    return len(word) >= SHORTEST_TYPO and not any(sign.isdigit() for sign in word)


def _inline(value: str) -> Any:
    """Have a text written into the statement, quoted by SQLAlchemy.

    Only so does the planner see, each time, whether the words are in every row or in none.
    """
    return bindparam(None, value, Text, literal_execute=True)


def _in_locales(entry: Any, locales: Sequence[str]) -> Any:
    return true() if tuple(locales) == EVERY_LOCALE else entry.c.locale.in_(dict.fromkeys(locales))


def _rank(name: str, key: Any, sought: str, locales: Sequence[str]) -> Any:
    """Weigh words, the title's most, and likeness; the best language counts."""
    entry = _entry.alias("ranked")
    weight = func.ts_rank(
        entry.c.words, func.festoon_query(entry.c.locale, sought)
    ) + func.strict_word_similarity(func.festoon_sort_key(sought), entry.c.text)
    return (
        select(func.max(weight))
        .where(entry.c.content_type == name, entry.c.object_id == key, _in_locales(entry, locales))
        .correlate_except(entry)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A record that a search over everything found."""

    content_type: str
    id: UUID
    title: str
    rank: float


def search_all(
    connection: Connection,
    q: str,
    locales: Sequence[str],
    allowed: Iterable[tuple[Resource, Any]],
    size: int = 20,
) -> list[Found]:
    """Search every content type named in `allowed` (resource, condition on its rows), best first.

    One statement; the condition is the row rule of whoever asks, or None where every row may be seen.
    """
    parts = [
        _part(resource, condition, q, locales, size).subquery().select()
        for resource, condition in allowed
        if resource.fields_on(On.SEARCH)
    ]
    if not parts or not q.strip():
        return []
    everything = union_all(*parts).subquery()
    statement = select(everything).order_by(everything.c.rank.desc(), everything.c.id).limit(size)
    return [Found(row.content_type, row.id, row.title, row.rank) for row in connection.execute(statement)]


def _part(resource: Resource, condition: Any, q: str, locales: Sequence[str], size: int) -> Select[Any]:
    table = resource.model.__table__
    found, rank = matching(resource, table, q, locales)
    title = getattr(resource.model, resource.title)
    return (
        select(
            literal(resource.name, String).label("content_type"),
            table.c.id.label("id"),
            title.label("title"),
            rank.label("rank"),
        )
        .where(found, true() if condition is None else condition)
        .order_by(rank.desc())
        .limit(size)
    )
