"""The records of some days in one statement: the first few of each day, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any

from sqlalchemy import Date, DateTime, Select, and_, cast, func, literal, null, or_, select

from app.kernel.db import named
from app.resources import Field, Kind, Resource
from app.resources.ways import Days, board_field
from app.surfaces.records.query import ListQuery
from app.surfaces.screens.ways.lanes import Entry
from app.surfaces.screens.ways.reading import limits, narrowed, run

_FARTHEST = timedelta(hours=14)
"""No clocks are farther from UTC."""
MOST = 2_000
"""So many records over several days are drawn on one page."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was read; `begun` counts the records by their first day on the page."""

    entries: Sequence[Entry]
    begun: Mapping[date, int]
    total: int
    first: date

    def count(self, day: date) -> int:
        """Count the records of a day, those that began before with them."""
        lasting = sum(
            max(entry.first, self.first) < day <= entry.last
            for entry in self.entries
            if entry.last > entry.first
        )
        return self.begun.get(day, 0) + lasting


def read_days(resource: Resource, days: Days, query: ListQuery, first: date, last: date, most: int) -> Found:
    """Read the records from one day to another, both included: at most `most` of one day, and all that last longer."""
    conditions = limits(resource, query)

    def make() -> Select[Any]:
        return _statement(resource, days, query, conditions, most)

    shape = ("calendar", resource.name, days.first.name, most, query.shape())
    rows = run(shape, make, query, conditions, day_first=first, day_last=last)
    begun: Counter[date] = Counter()
    for row in rows:
        begun[max(row.day_first, first)] = row.day_count
    return Found([_entry(row) for row in rows], begun, sum(begun.values()), first)


def _statement(
    resource: Resource, days: Days, query: ListQuery, conditions: Sequence[Any], most: int
) -> Select[Any]:
    model = resource.model
    table = model.__table__
    first_asked, last_asked = (cast(named(name, Date()), Date) for name in ("day_first", "day_last"))
    begin = _day(table, days.first)
    end = (
        begin
        if days.last is None
        else func.greatest(func.coalesce(_day(table, days.last, is_end=True), begin), begin)
    )
    seen = func.greatest(begin, first_asked)
    is_long = end > begin
    order = (is_long.desc(), table.c[days.first.name], table.c.id)
    status = board_field(resource)
    inner = select(
        table.c.id,
        getattr(model, resource.title).label("title"),
        begin.label("day_first"),
        end.label("day_last"),
        (_there(table, days.first) if days.first.kind is Kind.INSTANT else null()).label("at"),
        (table.c[status.name] if status is not None else null()).label("status"),
        (table.c.revision if "revision" in table.c else null()).label("revision"),
        func.row_number().over(partition_by=seen, order_by=order).label("place"),
        func.count().over(partition_by=seen).label("day_count"),
    )
    inner = narrowed(inner, resource, query, conditions).where(
        *_within(table, days, first_asked, last_asked, begin, end)
    )
    found = inner.subquery("found")
    return (
        select(found)
        .where(or_(found.c.place <= literal(most, literal_execute=True), found.c.day_last > found.c.day_first))
        .order_by(found.c.day_first, found.c.place)
        .limit(literal(MOST, literal_execute=True))
    )  # fmt: skip


def _within(table: Any, days: Days, first: Any, last: Any, begin: Any, end: Any) -> list[Any]:
    """Say that a record touches the days, in the words of its first column, which an index can serve."""
    column = table.c[days.first.name]
    if days.first.kind is Kind.INSTANT:
        around = _FARTHEST if days.first.clock is not None else timedelta(0)
        low = func.timezone("UTC", cast(first, DateTime()) - around)
        high = func.timezone("UTC", cast(last, DateTime()) + timedelta(days=1) + around)
        before, since = column < high, column >= low
        if around:
            before, since = and_(before, begin <= last), and_(since, begin >= first)
    else:
        before, since = column <= last, column >= first
    if days.last is None:
        return [before, since]
    return [and_(before, end >= first)]


def _day(table: Any, field: Field, *, is_end: bool = False) -> Any:
    """Give the day of a field; a time that ends at midnight ends on the day before."""
    if field.kind is not Kind.INSTANT:
        return table.c[field.name]
    return cast(_there(table, field) - timedelta(microseconds=int(is_end)), Date)


def _there(table: Any, field: Field) -> Any:
    """Give an instant as the clocks show it by which it is read."""
    zone = (
        "UTC" if field.clock is None else func.coalesce(field.clock.zone(table.c[field.clock.beside]), "UTC")
    )
    return func.timezone(zone, table.c[field.name])


def _entry(row: Any) -> Entry:
    at = row.at.replace(tzinfo=UTC) if row.at is not None else None
    return Entry(str(row.id), str(row.title or ""), row.day_first, row.day_last, at, row.status, row.revision)
