"""One search over every content type and every language, as one statement under the row rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Float,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    select,
    table,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import array, distinct_on

from app.kernel.locales import SOURCE
from app.resources import Resource
from app.surfaces.history.triggers import search_fields
from app.surfaces.search.matching import (
    EVERY_LOCALE,
    entry_table,
    misspelt,
    spellings_of,
    weight,
    written,
)

_CLASS = table("pg_class", column("oid"), column("reltuples"), schema="pg_catalog")

Kind = tuple[Resource, Any]
"""A content type and the condition on its rows, None where all of them are the reader's."""

MOST_OF_A_TYPE = 300
"""So many texts of a content type are weighed against each other; whoever wants all of them opens its list."""

MANY = 2_000
"""From so many rows on, as PostgreSQL last counted them, a content type is searched by the indexes."""

OWN, BEGINS, LAST = 0.15, 0.5, -10.0
"""What a text in the reader's language, and one that begins with what is sought, count beside how well it fits;
what a content type loses that is found last."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, and in which language best."""

    content_type: str
    id: UUID
    locale: str
    rank: float


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of what was found, and how many records of each content type there are, MOST_OF_A_TYPE at most."""

    hits: Sequence[Hit] = ()
    counts: Mapping[str, int] | None = None

    @property
    def total(self) -> int:
        """Count all that was found."""
        return sum((self.counts or {}).values())


def search_everywhere(
    connection: Connection,
    q: str,
    allowed: Iterable[tuple[Resource, Any]],
    locale: str = SOURCE,
    size: int = 20,
    offset: int = 0,
    only: str = "",
) -> Hits:
    """Search the content types named in `allowed` (resource, condition on its rows or None), best first.

    The reader's own `locale` goes before others that fit as well; `only` shows one content type, the counts
    are of all.
    """
    kinds = [(resource, rule) for resource, rule in allowed if search_fields(resource) and q.strip()]
    if not kinds:
        return Hits()
    found = _weighed(kinds, q, locale).cte("found")
    number = func.count().over(partition_by=found.c.content_type).label("number")
    best = select(found, number).cte("best")
    listed = select(best).where(best.c.content_type == only) if only else select(best)
    page = listed.order_by(best.c.rank.desc(), best.c.object_id).limit(size).offset(offset).subquery()
    counted = select(best.c.content_type, func.max(best.c.number).label("number")).group_by(
        best.c.content_type
    )
    counts = counted.subquery()
    statement = (
        select(counts.c.content_type, counts.c.number, page.c.object_id, page.c.locale, page.c.rank)
        .select_from(counts.outerjoin(page, page.c.content_type == counts.c.content_type))
        .order_by(page.c.rank.desc().nulls_last(), page.c.object_id)
    )
    rows = connection.execute(statement).all()
    hits = [
        Hit(row.content_type, row.object_id, row.locale, row.rank)
        for row in rows
        if row.object_id is not None
    ]
    return Hits(hits, {row.content_type: row.number for row in rows})


def _weighed(kinds: Sequence[Kind], q: str, locale: str) -> Select[Any]:
    """Find records, each by the text of it that fits best: (content_type, object_id, locale, rank)."""
    entry, texts = entry_table.alias(), _texts(kinds, q).subquery()
    own = case((entry.c.locale == locale, OWN), (entry.c.locale == SOURCE, OWN / 2), else_=0.0)
    begins = case((func.starts_with(entry.c.text, texts.c.folded), BEGINS), else_=0.0)
    last = [resource.name for resource, _rule in kinds if resource.found_last]
    behind = case((entry.c.content_type.in_(last), LAST), else_=0.0)
    rank = cast(weight(entry, texts.c.sought) + own + begins + behind, Float)
    key = ("content_type", "object_id", "locale")
    here = and_(*(entry.c[name] == texts.c[name] for name in key))
    each = select(*(entry.c[name] for name in key), rank.label("rank"))
    weighed = each.select_from(entry.join(texts, here)).subquery()
    best = select(weighed).ext(distinct_on(weighed.c.content_type, weighed.c.object_id))
    return best.order_by(weighed.c.content_type, weighed.c.object_id, weighed.c.rank.desc())


def _texts(kinds: Sequence[Kind], q: str) -> Any:
    """Choose the texts that are weighed: (content_type, object_id, locale, sought, folded).

    Content types in which the same is sought, and all rows are the reader's, are asked by one part of the
    statement, one after the other: with a part for each, PostgreSQL planned for longer than it searched.
    """
    parts: list[Select[Any]] = []
    alike: dict[tuple[str, ...], list[Resource]] = {}
    for resource, rule in kinds:
        spellings = spellings_of(resource, q)
        if rule is None:
            alike.setdefault(spellings, []).append(resource)
        else:
            parts.append(_of_limited(resource, rule, spellings))
    for spellings, resources in alike.items():
        parts += [_of_alike(resources, spellings, is_large=is_large) for is_large in (False, True)]
    return union_all(*parts)


def _of_limited(resource: Resource, rule: Any, spellings: tuple[str, ...]) -> Select[Any]:
    """Choose texts of a content type of which the reader has some rows alone."""
    rows = select(resource.model.__table__.c.id).where(rule)

    def choose(entry: Any) -> Select[Any]:
        here = and_(entry.c.content_type == resource.name, entry.c.object_id.in_(rows))
        return select(entry.c.object_id, entry.c.locale).where(here)

    found = _fitting(entry_table.alias, choose, spellings).subquery()
    return _told(literal(resource.name, Text), found, spellings).select_from(found)


def _of_alike(resources: Sequence[Resource], spellings: tuple[str, ...], *, is_large: bool) -> Select[Any]:
    """Choose texts of those content types that have many rows, or of those that have few.

    The texts of few rows are read one after the other, for an index of words knows nothing of content types.
    """
    names = array([resource.name for resource in resources], type_=Text)
    tables = array([resource.model.__tablename__ for resource in resources], type_=Text)
    kind = func.unnest(names, tables).table_valued("name", "of").render_derived()

    def few() -> Any:
        entry = entry_table.alias()
        those = select(entry).where(entry.c.content_type == kind.c.name).correlate(kind)
        return those.offset(0).subquery()

    def choose(entry: Any) -> Select[Any]:
        chosen = select(entry.c.object_id, entry.c.locale).correlate(kind)
        return chosen.where(entry.c.content_type == kind.c.name) if is_large else chosen

    found = _fitting(entry_table.alias if is_large else few, choose, spellings).lateral()
    counted = _CLASS.c.reltuples >= MANY if is_large else _CLASS.c.reltuples < MANY
    known = kind.join(_CLASS, and_(_CLASS.c.oid == func.to_regclass(kind.c.of), counted))
    return _told(kind.c.name, found, spellings).select_from(known.join(found, true()))


def _fitting(
    entry_of: Callable[[], Any], choose: Callable[[Any], Select[Any]], spellings: tuple[str, ...]
) -> Any:
    """Join the texts that hold what is sought as it is written, and those that hold it mistyped."""
    parts = []
    for way, fits_of in (("written", written), ("mistyped", misspelt)):
        entry = entry_of()
        if (fits := fits_of(entry, spellings, EVERY_LOCALE)) is not None:
            parts.append(_first(choose(entry).where(fits), way))
    return union(*parts)


def _first(chosen: Select[Any], way: str) -> Select[Any]:
    """Take the first few texts of a content type.

    MATERIALIZED has them found by the indexes and read no further than the limit; else, where few are found,
    the planner may walk through all texts for a page that never fills.
    """
    all_of_them = chosen.cte(way, nesting=True).prefix_with("MATERIALIZED")
    return select(all_of_them).limit(MOST_OF_A_TYPE).subquery().select()


def _told(name: Any, found: Any, spellings: tuple[str, ...]) -> Select[Any]:
    sought = literal(spellings[0], Text)
    folded = func.festoon_sort_key(sought, type_=Text)
    told = (name.label("content_type"), found.c.object_id, found.c.locale)
    return select(*told, sought.label("sought"), folded.label("folded"))
