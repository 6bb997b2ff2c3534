"""One statement for a list: filters, search, row rules, keyset paging; its text is made once per shape."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    Date,
    DateTime,
    Select,
    String,
    and_,
    any_,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.kernel.db import named
from app.resources import Field, Join, Kind, On, Resource
from app.resources.terms import TEXTS
from app.surfaces.records.query import Filter, ListQuery
from app.translation.models import Translation

_translation: Any = Translation.__table__


def narrow(
    statement: Select[Any], resource: Resource, query: ListQuery, table: Any, prefix: str = ""
) -> Select[Any]:
    """Add the filters; each value is a parameter named f0, f1... after the prefix (see `values_of`)."""
    for position, item in enumerate(query.filters):
        statement = statement.where(_condition(item, table, f"{prefix}f{position}"))
    if query.missing:
        statement = statement.where(untranslated(resource, table, named(f"{prefix}missing", String())))
    if query.outdated:
        statement = statement.where(out_of_date(resource, table, named(f"{prefix}outdated", String())))
    return statement


def untranslated(resource: Resource, table: Any, locale: Any) -> Any:
    """Say that some text of the record or of its rows that can be translated is not, in the locale."""
    found = _some_text(resource, table, lambda name, rows, field: _lacks(name, rows, field, locale))
    return found if resource.translated_when is None else and_(resource.translated_when(table.c), found)


def out_of_date(resource: Resource, table: Any, locale: Any) -> Any:
    """Say that some translation of the record or of its rows was made from another source text than today's."""
    return _some_text(resource, table, lambda name, rows, field: _is_outdated(name, rows, field, locale))


def _some_text(resource: Resource, table: Any, says: Callable[[str, Any, Field], Any]) -> Any:
    """Say something of any translated field, by (content type, its table, field), of the record or of its rows."""
    found = [says(resource.name, table, field) for field in resource.fields_on(On.TRANSLATE)]
    for child in resource.children:
        rows = child.model.__table__
        if of_rows := [says(child.table, rows, field) for field in child.fields_on(On.TRANSLATE)]:
            found.append(exists().where(rows.c[child.parent_column] == table.c.id, or_(*of_rows)))
    return or_(*found)


def _lacks(content_type: str, table: Any, field: Field, locale: Any) -> Any:
    """Say that there is a text and none that it was translated to; what was rejected is none."""
    return and_(
        table.c[field.name] != "",
        ~exists().where(
            *_of(content_type, table, field, locale),
            _translation.c.text != literal("", literal_execute=True),
            _translation.c.state != literal("rejected", literal_execute=True),
        ),
    )


def _is_outdated(content_type: str, table: Any, field: Field, locale: Any) -> Any:
    return exists().where(
        *_of(content_type, table, field, locale),
        _translation.c.source_text.is_not(None),
        _translation.c.state != literal("rejected", literal_execute=True),
    )


def _of(content_type: str, table: Any, field: Field, locale: Any) -> tuple[Any, ...]:
    """Give the conditions on the translation of a field of a row."""
    return (
        _translation.c.content_type == literal(content_type, literal_execute=True),
        _translation.c.object_id == table.c.id,
        _translation.c.locale == locale,
        _translation.c.field == literal(field.name, literal_execute=True),
    )


@dataclass(frozen=True, slots=True)
class SortKey:
    """One part of a list's order; text is ordered by its folded form, so that É stands beside e.

    A code has `ranks`, and is `held` in cursors as it is; of all else a cursor holds what is ordered by.
    """

    expression: Any
    is_down: bool
    is_nullable: bool
    type: Any
    is_turned: bool = False
    held: Any = None
    ranks: Any = None

    @property
    def ordered(self) -> Any:
        """Give the part as ORDER BY takes it: what is empty comes last, or first where the order is turned."""
        ordered = self.expression.desc() if self.is_down else self.expression.asc()
        if not self.is_nullable:
            return ordered
        return ordered.nulls_first() if self.is_turned else ordered.nulls_last()


def sort_keys(resource: Resource, query: ListQuery, table: Any) -> list[SortKey]:
    """List the parts of the order on a table or on a subquery with its columns; the key breaks ties."""
    keys = [_sort_key(resource, query, table.c[name], down) for name, down in query.sort]
    return [*keys, SortKey(table.c.id, keys[-1].is_down if keys else False, False, table.c.id.type)]


def _sort_key(resource: Resource, query: ListQuery, column: Any, down: bool) -> SortKey:
    field, is_nullable = resource.field(column.name), resource.model.__table__.c[column.name].nullable
    if column.name in query.ranks:
        ranks = named(f"rank_{column.name}", JSONB())
        return SortKey(_rank(ranks, column), down, is_nullable, column.type, held=column, ranks=ranks)
    folded = func.festoon_sort_key(column) if field is not None and field.kind in TEXTS else column
    return SortKey(folded, down, is_nullable, column.type)


def _rank(ranks: Any, code: Any) -> Any:
    return func.coalesce(ranks.op("->>", return_type=String())(code), code).collate("C")


def page(statement: Select[Any], resource: Resource, query: ListQuery, table: Any) -> Select[Any]:
    """Add the order, the place to go on from and the limit: one record more than asked, to see the next page.

    The limit is written out: from a parameter the planner could not see how few records are wanted.
    A page before a cursor comes in the opposite order, which whoever reads it turns round.
    """
    keys = sort_keys(resource, query, table)
    if query.after is not None:
        statement = statement.where(_beyond(keys, query.after.values))
    elif query.before is not None:
        keys = [replace(key, is_down=not key.is_down, is_turned=True) for key in keys]
        statement = statement.where(_beyond(keys, query.before.values))
    elif query.near is not None:
        statement = statement.where(_from_date(keys[0]))
    return statement.order_by(*(key.ordered for key in keys)).limit(
        literal(query.size + 1, literal_execute=True)
    )


def cursor_columns(resource: Resource, query: ListQuery, table: Any) -> list[Any]:
    """List the columns that a cursor is made of, labelled sort_0, sort_1..."""
    keys = sort_keys(resource, query, table)
    return [
        (key.expression if key.held is None else key.held).label(f"sort_{position}")
        for position, key in enumerate(keys)
    ]


def values_of(query: ListQuery, prefix: str = "") -> dict[str, Any]:
    """Give the parameters that `narrow` and `page` named."""
    params: dict[str, Any] = {}
    for position, item in enumerate(query.filters):
        if item.operator != "null":
            params[f"{prefix}f{position}"] = item.value
    for name in ("missing", "outdated"):
        if locale := getattr(query, name):
            params[prefix + name] = locale
    params |= {f"rank_{name}": ranks for name, ranks in query.ranks.items()}
    if query.cursor is not None:
        params |= {f"after_{i}": value for i, value in enumerate(query.cursor.values) if value is not None}
    elif query.near is not None:
        params["near"] = query.near + timedelta(days=1) if query.sort[0][1] else query.near
    return params


def _condition(item: Filter, table: Any, name: str) -> Any:
    if item.field.join is not None:
        return _joined(item, item.field.join, table, name)
    column = table.c[item.field.name]
    if item.field.kind is Kind.TAGS:
        return _tagged(item, column, name)
    if item.operator == "null":
        return column.is_(None) if item.value else column.is_not(None)
    if item.operator == "in":
        return column == any_(named(name, ARRAY(column.type)))
    value = named(name, column.type)
    return {
        "eq": lambda: column == value,
        "ne": lambda: column.is_distinct_from(value),
        "gte": lambda: column >= value,
        "lte": lambda: column <= value,
    }[item.operator]()


def _tagged(item: Filter, column: Any, name: str) -> Any:
    """Say that a record bears all tags, some of them (`in`), not all of them (`ne`), or none at all (`null`)."""
    if item.operator == "null":
        return (func.cardinality(column) == 0) == item.value
    tags = named(name, column.type)
    if item.operator == "in":
        return column.op("&&", is_comparison=True)(tags)
    bears = column.op("@>", is_comparison=True)(tags)
    return ~bears if item.operator == "ne" else bears


def _joined(item: Filter, join: Join, table: Any, name: str) -> Any:
    """Say that a record is joined to all of the others, to some (`in`), not to all (`ne`), or to none (`null`)."""
    rows = join.table.alias()
    theirs = rows.c[join.theirs]
    mine = rows.c[join.ours] == table.c.id
    if item.operator == "null":
        return ~exists().where(mine) if item.value else exists().where(mine)
    keys = named(name, ARRAY(theirs.type))
    if item.operator == "in":
        return exists().where(mine, theirs == any_(keys))
    held = func.array(select(theirs).where(mine).correlate(table).scalar_subquery(), type_=ARRAY(theirs.type))
    has_all = held.op("@>", is_comparison=True)(keys)
    return ~has_all if item.operator == "ne" else has_all


def _beyond(keys: list[SortKey], values: tuple[Any, ...]) -> Any:
    """Say that a record comes after the cursor; a plain row comparison where an index can serve it."""
    bound = [
        None if value is None else _bound(key, named(f"after_{position}", key.type))
        for position, (key, value) in enumerate(zip(keys, values, strict=True))
    ]
    if len({key.is_down for key in keys}) == 1 and not any(key.is_nullable for key in keys):
        left, right = func.row(*(key.expression for key in keys)), func.row(*bound)
        return left < right if keys[0].is_down else left > right
    steps: list[Any] = []
    same: list[Any] = []
    for key, value in zip(keys, bound, strict=True):
        steps.append(and_(*same, _past(key, value)))
        same.append(key.expression.is_(None) if value is None else key.expression == value)
    return or_(*steps)


def _bound(key: SortKey, value: Any) -> Any:
    return value if key.ranks is None else _rank(key.ranks, value)


def _past(key: SortKey, value: Any) -> Any:
    if value is None:
        return key.expression.is_not(None) if key.is_turned else false()
    past = key.expression < value if key.is_down else key.expression > value
    return or_(past, key.expression.is_(None)) if key.is_nullable and not key.is_turned else past


def _from_date(key: SortKey) -> Any:
    """Begin with the day that `near` names, in UTC; going down, its parameter is the day after."""
    value = cast(named("near", Date()), Date)
    bound = func.timezone("UTC", cast(value, DateTime())) if isinstance(key.type, DateTime) else value
    there = key.expression < bound if key.is_down else key.expression >= bound
    return or_(there, key.expression.is_(None)) if key.is_nullable else there


T = TypeVar("T")


class TotalMemory(Generic[T]):
    """How many records a list has, remembered for some seconds, so that a page costs one statement.

    A total from memory may be wrong by what was written since; it is called an estimate.
    """

    def __init__(self, seconds: float = 15.0, most: int = 2_000) -> None:
        self._seconds = seconds
        self._most = most
        self._known: dict[Hashable, tuple[T, float]] = {}
        self._counting: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, count: Callable[[], T]) -> tuple[T, bool]:
        """Give (total, whether it is remembered). Of those who ask at the same time one counts."""
        if (known := self._fresh(key)) is not None:
            return known, True
        with self._counting.setdefault(key, threading.Lock()):
            if (known := self._fresh(key)) is not None:
                return known, True
            moment = time.monotonic()
            try:
                total = count()
                if len(self._known) >= self._most:
                    self._known.clear()
                self._known[key] = (total, moment)
            finally:
                self._counting.pop(key, None)
        return total, False

    def _fresh(self, key: Hashable) -> T | None:
        known = self._known.get(key)
        return known[0] if known is not None and time.monotonic() - known[1] < self._seconds else None

    def forget(self, name: str) -> None:
        """Forget the totals of a content type, because this process has written it."""
        for key in [key for key in self._known if isinstance(key, tuple) and key[0] == name]:
            self._known.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()


totals: TotalMemory[Any] = TotalMemory()


def total_key(name: str, query: ListQuery, *more: Hashable) -> Hashable:
    """Name a total: the content type, the search and the filters with their values."""
    filters = tuple((item.field.name, item.operator, str(item.value)) for item in query.filters)
    return (name, query.search, filters, query.missing, query.outdated, *more)


def count_statement(resource: Resource, query: ListQuery, table: Any) -> Select[Any]:
    """Make the statement that counts what the list's filters leave."""
    return narrow(select(func.count()).select_from(table), resource, query, table)
