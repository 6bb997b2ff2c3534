"""One search over every content type and every language, as one statement under the row rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Float, Select, String, case, cast, func, literal, select, union, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from app.kernel.locales import SOURCE
from app.resources import Resource
from app.surfaces.history.triggers import search_fields
from app.surfaces.search.matching import (
    EVERY_LOCALE,
    entry_table,
    misspelt,
    sought_in,
    weight,
    written,
)

MOST_OF_A_TYPE = 300
"""So many texts of a content type are weighed against each other; whoever wants all of them opens its list."""

OWN, BEGINS = 0.15, 0.5
"""What a text in the reader's language, and one that begins with what is sought, count beside how well it fits."""


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
    found = union_all(*(_of_type(resource, rule, q, locale) for resource, rule in kinds)).cte("found")
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


def _of_type(resource: Resource, rule: Any, q: str, locale: str) -> Select[Any]:
    """Find records of a content type, each by the text of it that fits best: (content_type, object_id, locale, rank)."""
    sought = sought_in(resource, q)
    entry = entry_table.alias()
    keys = _texts(resource, rule, sought).subquery()
    own = case((entry.c.locale == locale, OWN), (entry.c.locale == SOURCE, OWN / 2), else_=0.0)
    begins = case((func.starts_with(entry.c.text, func.festoon_sort_key(sought)), BEGINS), else_=0.0)
    rank = cast(weight(entry, sought) + own + begins, Float)
    here = (entry.c.object_id == keys.c.object_id) & (entry.c.locale == keys.c.locale)
    weighed = (
        select(
            literal(resource.name, String).label("content_type"),
            entry.c.object_id,
            entry.c.locale,
            rank.label("rank"),
        )
        .select_from(entry.join(keys, here))
        .where(entry.c.content_type == resource.name)
        .subquery()
    )
    best = select(weighed).ext(distinct_on(weighed.c.object_id))
    best = best.order_by(weighed.c.object_id, weighed.c.rank.desc())
    return best.subquery().select()


def _texts(resource: Resource, rule: Any, sought: str) -> Any:
    """Choose the texts that are weighed: (object_id, locale).

    MATERIALIZED has them found by the indexes and read no further than the limit; else, where few are found,
    the planner may walk through all texts for a page that never fills.
    """
    table = resource.model.__table__
    parts = []
    for way, fits_of in (("written", written), ("mistyped", misspelt)):
        entry = entry_table.alias()
        fits = fits_of(entry, resource, sought, EVERY_LOCALE)
        if fits is None:
            continue
        chosen = select(entry.c.object_id, entry.c.locale).where(fits)
        if rule is not None:
            chosen = chosen.where(entry.c.object_id.in_(select(table.c.id).where(rule)))
        all_of_them = chosen.cte(f"{way}_{resource.name}").prefix_with("MATERIALIZED")
        parts.append(select(all_of_them).limit(MOST_OF_A_TYPE).subquery().select())
    return union(*parts)
