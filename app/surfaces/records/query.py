"""The grammar of a list's address, the same for screens, staff API and public JSON.

`q=`, `sort=-field,field`, `filter[field]=v`, `filter[field][op]=v`, `page[size]=`, `page[after]=`, `lang=`.
The public JSON alone knows `fallback=`.
Screens alone know `page[before]=` and what `looks` reads: `as=`, `columns=`, `missing=`, `outdated=`, `near=`,
`month=`, `view=`.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from psycopg.types.json import Jsonb
from sqlalchemy import Uuid

from app.kernel.errors import BadParameter
from app.resources import Field, Kind, On, Resource
from app.resources.kinds import UNORDERED, UNSORTED, Unreadable, is_unstorable, parse, plain
from app.surfaces.records import days, looks
from app.surfaces.records.ranks import ranks_of

OPERATORS = ("eq", "ne", "gte", "lte", "in", "null")
LARGEST_PAGE = 100
LONGEST_SEARCH = 200
MOST_IN = 100
_LARGEST_POWER = 40
_FILTER = re.compile(r"filter\[([a-z0-9_]+)\](?:\[([a-z]+)\])?\Z")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; `value` is parsed: a list for `in`, a bool for `null`. `moving` is a date as `days` has it."""

    field: Field
    operator: str
    value: Any
    moving: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the page before ended: the sort values of its last record, its key, and how many came before."""

    values: tuple[Any, ...]
    passed: int


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list's address asks for. `sort` holds (column, is descending), the key not among them."""

    search: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    filters: tuple[Filter, ...] = ()
    size: int = 25
    after: Cursor | None = None
    lang: str = ""
    is_strict: bool = False
    """Whether texts that are not there in the language are left out, in place of those of another one."""
    before: Cursor | None = None
    way: str = ""
    """How a screen shows the list: "" is the table, or gallery, board, calendar, grid, languages."""
    columns: tuple[str, ...] = ()
    missing: str = ""
    """A language in which some translated text of the record is missing."""
    outdated: str = ""
    """A language in which some text of the record was made from a source that has changed since."""
    near: date | None = None
    month: str = ""
    view: str = ""
    ranks: Mapping[str, Jsonb] = field(default_factory=dict, compare=False)
    """Of a screen: in which order the codes of the columns stand that it is sorted by, see `ranks`."""

    @property
    def cursor(self) -> Cursor | None:
        """Give the cursor of the page, whichever way it is turned."""
        return self.after or self.before

    def shape(self) -> tuple[Any, ...]:
        """Give what the statement's text depends on, without the values."""
        nulls = () if self.cursor is None else tuple(value is None for value in self.cursor.values)
        return (
            bool(self.search),
            self.sort,
            tuple(self.ranks),
            tuple((f.field.name, f.operator, f.value is True) for f in self.filters),
            (self.after is not None, self.before is not None, self.near is not None),
            nulls,
            self.size,
            self.columns,
            bool(self.missing),
            bool(self.outdated),
        )


def read_query(
    resource: Resource,
    args: Iterable[tuple[str, str]],
    place: On,
    size: int = 25,
    extra: frozenset[str] = frozenset(),
) -> ListQuery:
    """Read a list's address; fields are those that appear at `place`.

    Raises BadParameter, naming the parameter, for whatever it does not know or cannot read.
    """
    query = ListQuery(sort=resource.order_by, size=size)
    cursors: dict[str, str] = {}
    filters: list[Filter] = []
    turns = ("after", "before") if place & On.LIST else ("after",)
    for name, value in args:
        if name in extra:
            continue
        if name == "q":
            query = replace(query, search=_search(resource, value))
        elif name == "sort":
            query = replace(query, sort=_sort(resource, value, place))
        elif name == "lang":
            query = replace(query, lang=value)
        elif name == "fallback" and place & On.PUBLIC:
            query = replace(query, is_strict=_is_strict(value))
        elif name == "page[size]":
            query = replace(query, size=_size(value))
        elif name in [f"page[{turn}]" for turn in turns]:
            cursors = {name[5:-1]: value}
        elif match := _FILTER.match(name):
            filters += _filter(resource, name, match[1], match[2] or "eq", value, place)
        elif place & On.LIST and name in looks.READERS:
            query = replace(query, **looks.READERS[name](resource, value))
        else:
            raise BadParameter(name, _("There is no parameter %(name)s here.", name=name))
    query = _ordered(resource, replace(query, filters=tuple(filters)), place)
    return _turned(resource, query, cursors)


def _ordered(resource: Resource, query: ListQuery, place: On) -> ListQuery:
    """Go by a date where the address jumps to one; on screens codes stand as their words do."""
    if query.near is not None:
        query = replace(query, sort=looks.by_date(resource, query.sort))
    if place & On.LIST:
        query = replace(query, ranks=ranks_of(resource, [name for name, _down in query.sort]))
    return query


def _is_strict(value: str) -> bool:
    if value not in ("", "none"):
        raise BadParameter("fallback", _("Give none, or leave it out."))
    return value == "none"


def _turned(resource: Resource, query: ListQuery, cursors: Mapping[str, str]) -> ListQuery:
    """Go on after one cursor or back before another, where the address holds one."""
    if text := cursors.get("after"):
        return replace(query, after=_cursor_for(resource, query, text, "after"))
    if text := cursors.get("before"):
        return replace(query, before=_cursor_for(resource, query, text, "before"))
    return query


def sortable(resource: Resource, place: On) -> dict[str, str]:
    """Map what may stand in `sort` to columns; the addresses of screens write the column itself."""
    fields = [f for f in resource.fields_on(place) if f.is_stored and f.kind not in UNSORTED]
    fields = [f for f in fields if not isinstance(f.column.type, Uuid)]  # the order of keys tells nothing
    names = {field.key: field.name for field in fields}
    if place & On.LIST:
        names |= {field.name: field.name for field in fields}
    always = {"created_at"} & set(resource.model.__table__.c.keys())
    return names | {name: name for name in (*always, *(name for name, _down in resource.order_by))}


def filterable(resource: Resource, place: On) -> dict[str, Field]:
    """Map what may stand in `filter[...]` to fields: FILTER fields seen at the place, and texts that are SEARCH."""
    wanted = On.FILTER if place & On.LIST else place
    fields = [
        field for field in resource.fields_on(wanted) if field.is_asked and field.kind is not Kind.RICH_TEXT
    ]
    # Money is asked in whole units, not by its column.
    by_column = {field.name: field for field in fields if field.kind is not Kind.MONEY}
    return by_column | {field.key: field for field in fields}


def write_cursor(values: Iterable[Any], passed: int) -> str:
    """Write a cursor as it stands in an address."""
    plain = [value if value is None or isinstance(value, int | bool) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps([passed, *plain]).encode()).decode().rstrip("=")


def read_cursor(text: str, length: int, turn: str = "after") -> Cursor:
    """Read a cursor back; raises BadParameter when it was not written by us for this sort order."""
    try:
        padded = text + "=" * (-len(text) % 4)
        passed, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if len(values) != length or not isinstance(passed, int) or not 0 <= passed < 2**31:
            raise ValueError(text)
        if not all(value is None or isinstance(value, str | int) for value in values):
            raise ValueError(text)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise _not_ours(turn) from error
    return Cursor(tuple(values), passed)


def _not_ours(turn: str) -> BadParameter:
    name = f"page[{turn}]"
    return BadParameter(name, _("Take %(name)s from the answer before, unchanged.", name=name))


def _cursor_for(resource: Resource, query: ListQuery, text: str, turn: str) -> Cursor:
    """Read a cursor and give each value the type of its column."""
    cursor = read_cursor(text, len(query.sort) + 1, turn)
    columns = [resource.model.__table__.c[name] for name, _down in query.sort] + [
        resource.model.__table__.c.id
    ]
    try:
        pairs = zip(cursor.values, columns, strict=True)
        values = tuple(None if value is None else _typed(value, column) for value, column in pairs)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise _not_ours(turn) from error
    if values[-1] is None:
        raise _not_ours(turn)
    return replace(cursor, values=values)


def _typed(value: str | int, column: Any) -> Any:
    kind = column.type.python_type
    if kind in (date, datetime):
        found = kind.fromisoformat(value)
        if kind is datetime and found.tzinfo is None:
            raise ValueError(value)
        return found
    if kind is time:
        at = time.fromisoformat(str(value))
        if at.tzinfo is not None:
            raise ValueError(value)
        return at
    if kind is Decimal:
        number = Decimal(str(value))
        if not number.is_finite() or abs(number.adjusted()) > _LARGEST_POWER:
            raise ValueError(value)
        return number
    if kind is int:
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
            raise ValueError(value)
        return value
    if kind is bool and isinstance(value, bool):
        return value
    if not isinstance(value, str) or is_unstorable(value):
        raise ValueError(value)
    return kind(value)


def write_query(query: ListQuery, **changed: Any) -> list[tuple[str, str]]:
    """Write a query as the pairs of an address; the opposite of `read_query` but for the cursor."""
    query = replace(query, **changed)
    pairs: list[tuple[str, str]] = []
    if query.search:
        pairs.append(("q", query.search))
    if query.sort:
        pairs.append(("sort", ",".join(f"{'-' if down else ''}{name}" for name, down in query.sort)))
    for item in query.filters:
        name = f"filter[{item.field.key}]" + ("" if item.operator == "eq" else f"[{item.operator}]")
        pairs.append((name, _filter_text(item)))
    return pairs + looks.write(query)


def _filter_text(item: Filter) -> str:
    if item.moving:
        return item.moving
    if item.operator == "in":
        return ",".join(plain(item.field, value) for value in item.value)
    return str(item.value).lower() if isinstance(item.value, bool) else plain(item.field, item.value)


def _search(resource: Resource, value: str) -> str:
    if len(value) > LONGEST_SEARCH:
        raise BadParameter("q", _("Search for at most %(limit)s characters.", limit=LONGEST_SEARCH))
    if "\x00" in value:
        raise BadParameter("q", _("Remove the control characters from the text."))
    words = " ".join(value.split())
    if words and not resource.fields_on(On.SEARCH):
        raise BadParameter("q", _("These records have no text to search in; use a filter."))
    return words


def _size(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", value) or int(value) > LARGEST_PAGE:
        sentence = _("page[size] is a whole number from 1 to %(limit)s.", limit=LARGEST_PAGE)
        raise BadParameter("page[size]", sentence)
    return int(value)


def _sort(resource: Resource, value: str, place: On) -> tuple[tuple[str, bool], ...]:
    names = sortable(resource, place)
    order: list[tuple[str, bool]] = []
    for part in value.split(",")[:4]:
        name = part.strip().removeprefix("-")
        if name not in names:
            allowed = ", ".join(sorted(names))
            raise BadParameter("sort", _("Sort by one of: %(names)s.", names=allowed))
        if names[name] not in [column for column, _down in order]:
            order.append((names[name], part.strip().startswith("-")))
    return tuple(order)


def _filter(
    resource: Resource, parameter: str, name: str, operator: str, raw: str, place: On
) -> Iterable[Filter]:
    field = filterable(resource, place).get(name)
    if field is None:
        raise BadParameter(parameter, _("There is no filter for %(name)s here.", name=name))
    if operator not in OPERATORS or (operator in ("gte", "lte") and field.kind in UNORDERED):
        allowed = ", ".join(OPERATORS)
        raise BadParameter(parameter, _("A filter's operator is one of: %(names)s.", names=allowed))
    if raw == "":  # a form sends what was left empty
        return ()
    if place & On.LIST and field.kind in days.DATED and operator in ("gte", "lte"):
        bound = days.bound_of(field.kind, operator, raw)
        if bound is not None:
            return (Filter(field, operator, bound, raw),)
    return (Filter(field, operator, _filter_value(field, parameter, operator, raw)),)


def _filter_value(field: Field, parameter: str, operator: str, raw: str) -> Any:
    try:
        if operator == "null":
            return parse(Field("null", On.FILTER, "", kind=Kind.SWITCH), raw)
        if operator == "in" and field.kind is Kind.TAGS:
            return parse(field, raw)
        if operator == "in" or field.kind is Kind.RELATIONS:
            parts = raw.split(",")
            if len(parts) > MOST_IN:
                raise BadParameter(parameter, _("Name at most %(limit)s values.", limit=MOST_IN))
            if field.kind is Kind.RELATIONS:
                return parse(field, raw)
            return [parse(field, part) for part in parts if part]
        return parse(field, raw)
    except Unreadable as error:
        raise BadParameter(parameter, error.sentence) from error


def chosen(query: ListQuery, name: str) -> Mapping[str, Any]:
    """Give the values a filter holds, by operator."""
    return {item.operator: item.value for item in query.filters if name in (item.field.name, item.field.key)}
