"""A list in columns, one for each value of a status or choice, each with its count and turned by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.access.rights import may
from app.kernel.db import db
from app.resources import Action, Catalogue, Field, On, Option, Resource
from app.resources.ways import Days, board_field, calendar_days
from app.surfaces.records import wording
from app.surfaces.records.listing import total_key, totals
from app.surfaces.records.query import Filter, ListQuery, write_cursor, write_query
from app.surfaces.screens.list_rows import Shown, read_rows, shown_fields
from app.surfaces.screens.list_tabs import desk_of
from app.surfaces.screens.lists import list_page
from app.surfaces.screens.pages import Column, ListPage, Row
from app.surfaces.screens.ways.gallery import Card, card_of
from app.surfaces.screens.ways.links import address
from app.surfaces.screens.ways.reading import limits, narrowed, run

CARDS = 20
AT_FIRST, AT_LEAST = 30, 5
"""A board begins with about as many cards as a list has rows, shared by its columns; each column asks for more."""
EMPTY = "none"
"""Stands in an address for the column of the records that have no value."""


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A card and the columns to which the reader may move it."""

    card: Card
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One value: `next_url` gives its next cards alone, `list_url` all of them as a list."""

    value: str
    label: str
    tone: str
    total: str
    count: int
    cards: tuple[BoardCard, ...]
    next_url: str = ""
    list_url: str = ""
    add_url: str = ""
    asks_reason: bool = False
    action_label: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """What staff/_board.html shows; cards cannot be moved where `moves` is False.

    Where a move `acts`, nothing is written that could be written back: the page holds it back for some seconds.
    """

    label: str
    columns: tuple[BoardColumn, ...]
    moves: bool = False
    acts: bool = False


def board_page(catalogue: Catalogue, resource: Resource, query: ListQuery) -> ListPage:
    """Read the beginning of every column and word it, with the list's frame around it."""
    field = _board_field(resource)
    query = desk_of(resource).with_columns(replace(query, after=None, before=None, near=None, size=CARDS))
    counts = read_counts(resource, query, field)
    frame = list_page(catalogue, resource, query, found=((), sum(counts.values()), False))
    options = [*field.options, *([Option("", _("Empty"))] if field.column.nullable else [])]
    shown = [option for option in options if _is_asked(query, field, option.value)]
    beginning = replace(query, size=max(AT_LEAST, AT_FIRST // max(1, len(shown))))
    parts = [_part(catalogue, resource, beginning, field, option.value) for option in shown]
    targets = read_targets(resource, field, [row.id for part in parts for row in part.rows])
    columns = tuple(
        _column(resource, query, field, option, part, counts, targets)
        for option, part in zip(shown, parts, strict=True)
    )
    columns = tuple(replace(column, add_url=_add_url(frame, field, column.value)) for column in columns)
    body = Board(str(field.label), columns, _moves(resource, field), not field.on & On.FORM)
    return replace(frame, body_template="staff/_board.html", body=body)


def column_page(catalogue: Catalogue, resource: Resource, query: ListQuery, value: str) -> BoardColumn | None:
    """Read the next cards of one column; None for a value that there is not."""
    field = _board_field(resource)
    value = "" if value == EMPTY else value
    option = field.option(value) or (Option("", "") if not value and field.column.nullable else None)
    if option is None:
        return None
    query = desk_of(resource).with_columns(replace(query, size=CARDS))
    part = _part(catalogue, resource, query, field, value)
    targets = read_targets(resource, field, [row.id for row in part.rows])
    return _column(resource, query, field, option, part, {}, targets)


def read_counts(resource: Resource, query: ListQuery, field: Field) -> Mapping[str, int]:
    """Count every column in one statement, remembered for some seconds where no row rule limits the reader."""
    conditions = limits(resource, query)
    column = resource.model.__table__.c[field.name]

    def make() -> Any:
        counted = select(column, func.count()).group_by(column)
        return narrowed(counted, resource, query, conditions)

    def count() -> Any:
        shape = ("board", resource.name, field.name, query.shape())
        rows = run(shape, make, query, conditions)
        return {value or "": number for value, number in rows}

    if conditions:
        found: Any = count()
    else:
        found, _remembered = totals.get(total_key(resource.name, query, "board", field.name), count)
    return dict(found)


def read_targets(resource: Resource, field: Field, keys: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Tell, by key, to which columns the reader may move the records; all are read in one statement."""
    if field.on & On.FORM:
        values = tuple(option.value for option in field.options) if may("edit", resource.name) else ()
        return dict.fromkeys(keys, values)
    leading = [action for action in resource.actions if action.leads_to and may(action.name, resource.name)]
    if not leading or not keys:
        return {}
    model = resource.model
    records = db.session.scalars(select(model).where(model.id.in_(keys)))
    return {
        str(record.id): tuple(str(action.leads_to) for action in leading if action.offered(record))
        for record in records
    }


def leading_action(resource: Resource, value: str) -> Action | None:
    """Find the action by which a record gets to a column."""
    return next((action for action in resource.actions if action.leads_to == value), None)


def _board_field(resource: Resource) -> Field:
    field = board_field(resource)
    if field is None:
        raise LookupError(resource.name)
    return field


def _moves(resource: Resource, field: Field) -> bool:
    if field.on & On.FORM:
        return may("edit", resource.name)
    return any(action.leads_to and may(action.name, resource.name) for action in resource.actions)


def _is_asked(query: ListQuery, field: Field, value: str) -> bool:
    """Tell whether the list's own filter on the field leaves anything in a column."""
    for item in query.filters:
        if item.field.name != field.name:
            continue
        holds = {
            "eq": lambda held: value == held,
            "ne": lambda held: value != held,
            "in": lambda held: value in held,
            "null": lambda held: (not value) == held,
        }.get(item.operator, lambda _held: True)
        if not holds(item.value):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one column, and the cursor to those after them."""

    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    cursor: str = ""


def _part(catalogue: Catalogue, resource: Resource, query: ListQuery, field: Field, value: str) -> Part:
    """Read a column as the list that it is: this one, with one filter more."""
    item = Filter(field, "eq", value) if value else Filter(field, "null", True)
    query = replace(query, filters=(*query.filters, item))
    fields = shown_fields(resource, query)
    rows, _count, _remembered = read_rows(catalogue, resource, query, counts=False)
    shown = Shown(catalogue, resource, fields)
    cursor = ""
    if len(rows) > query.size:
        rows = rows[: query.size]
        passed = (query.after.passed if query.after else 0) + len(rows)
        cursor = write_cursor([getattr(rows[-1], f"sort_{n}") for n in range(len(query.sort) + 1)], passed)
    return Part(fields, tuple(shown.row(row) for row in rows), cursor)


def _column(
    resource: Resource,
    query: ListQuery,
    field: Field,
    option: Option,
    part: Part,
    counts: Mapping[str, int],
    targets: Mapping[str, tuple[str, ...]],
) -> BoardColumn:
    value = option.value
    count = counts.get(value, len(part.rows))
    action = None if field.on & On.FORM else leading_action(resource, value)
    return BoardColumn(
        value=value or EMPTY,
        label=str(option.label),
        tone=option.tone,
        total=wording.number(count, wording.reader()),
        count=count,
        cards=tuple(_cards(part, field, targets, calendar_days(resource))),
        next_url=_next_url(resource, query, part.cursor, value),
        list_url=_list_url(resource, query, field, value),
        asks_reason=action is not None and action.asks_reason,
        action_label=str(action.label) if action is not None else "",
    )


def _cards(
    part: Part, field: Field, targets: Mapping[str, tuple[str, ...]], days: Days | None
) -> Iterable[BoardCard]:
    columns = tuple(Column(item.name, str(item.label), "") for item in part.fields)
    for row in part.rows:
        yield BoardCard(card_of(columns, row, without=field.name, days=days), targets.get(row.id, ()))


def _add_url(frame: ListPage, field: Field, value: str) -> str:
    if not (frame.add_url and field.on & On.FORM and field.option(value)):
        return ""
    return f"{frame.add_url}?{urlencode({field.name: value})}"


def _next_url(resource: Resource, query: ListQuery, cursor: str, value: str) -> str:
    if not cursor:
        return ""
    pairs = [
        *write_query(query, after=None, before=None),
        ("column", value or EMPTY),
        ("page[after]", cursor),
    ]
    return f"/{resource.path}/column?{urlencode(pairs)}"


def _list_url(resource: Resource, query: ListQuery, field: Field, value: str) -> str:
    rest = tuple(item for item in query.filters if item.field.name != field.name)
    item = Filter(field, "eq", value) if value else Filter(field, "null", True)
    return address(resource, query, way="", filters=(*rest, item)) if field.on & On.FILTER else ""
