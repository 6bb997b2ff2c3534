"""A search as a condition on a list's own statement, and as one statement over every content type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Select,
    String,
    Text,
    and_,
    column,
    func,
    inspect,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.kernel.locales import SHIPPED
from app.resources import On, Resource
from app.surfaces.search.models import SearchEntry

LONGEST = 200
EVERY_LOCALE = ("*",)
"""In place of locales: whatever language the texts are in."""

_OPERATORS = ('"', " -", " or ", " OR ")
_entry: Any = SearchEntry.__table__


def matching(resource: Resource, model: Any, q: str, locales: Sequence[str]) -> tuple[Any, Any]:
    """Give (condition on the model, how well a record fits) for a search in the texts of some languages.

    A record is found by words (stemmed; `"a phrase"`, `or` and `-not` are understood, the last word may be
    half typed), by a part of a word, or by words with typos. `model` may be an alias or a table.
    """
    target = getattr(inspect(model), "selectable", model)
    sought = _sought(resource, q)
    found = union_all(
        _by_words(resource.name, sought, locales),
        _by_part(resource.name, sought, locales),
        _by_typo(resource.name, sought, locales),
    )
    return target.c.id.in_(found), _rank(resource.name, target.c.id, sought, locales)


def _sought(resource: Resource, q: str) -> str:
    """Drop the content type's own name: among festivals, the word festival narrows nothing."""
    q = " ".join(q.replace("\0", " ")[:LONGEST].split())
    if any(mark in f" {q}" for mark in _OPERATORS):
        return q
    own = {resource.name, resource.path, resource.name.replace("_", " ")}
    return " ".join(word for word in q.split() if word.lower() not in own) or q


def _by_words(name: str, sought: str, locales: Sequence[str]) -> Select[Any]:
    everywhere = tuple(locales) == EVERY_LOCALE
    tongues = [*SHIPPED, ""] if everywhere else list(dict.fromkeys(locales))
    tongue = func.unnest(literal(tongues, ARRAY(Text))).table_valued(column("locale", Text), name="tongue")
    entry = _entry.alias("by_words")
    fits = entry.c.words.op("@@")(func.festoon_query(tongue.c.locale, sought))
    own = true() if everywhere else entry.c.locale == tongue.c.locale
    return (
        select(entry.c.object_id)
        .join_from(tongue, entry, and_(fits, own))
        .where(entry.c.content_type == name)
    )


def _by_part(name: str, sought: str, locales: Sequence[str]) -> Select[Any]:
    entry = _entry.alias("by_part")
    return select(entry.c.object_id).where(
        entry.c.content_type == name,
        _in_locales(entry, locales),
        entry.c.text.like(func.festoon_like(sought)),
    )


def _by_typo(name: str, sought: str, locales: Sequence[str]) -> Select[Any]:
    """Find the longest word by the index, then see that each other word is there, mistyped or not.

    The words come from a subselect: it also sets how alike two words must be, before any is compared.
    """
    entry = _entry.alias("by_typo")
    words = select(func.festoon_typo_words(sought, type_=ARRAY(Text)).label("words")).scalar_subquery()
    longest = select(func.festoon_typo_words(sought, type_=ARRAY(Text))[1]).scalar_subquery()
    other = func.unnest(words).table_valued(column("word", Text), name="other")
    missing = (
        select(literal(1))
        .select_from(other)
        .where(not_(or_(entry.c.text.op("%>>")(other.c.word), func.strpos(entry.c.text, other.c.word) > 0)))
    )
    return select(entry.c.object_id).where(
        entry.c.content_type == name,
        _in_locales(entry, locales),
        entry.c.text.op("%>>", is_comparison=True)(longest),
        ~missing.correlate(entry).exists(),
    )


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
