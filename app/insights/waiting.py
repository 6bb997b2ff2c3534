"""What waits for somebody to act, and what comes soon: found in the declarations, for any content type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, func, inspect, select
from sqlalchemy.orm.attributes import manager_of_class, set_committed_value

from app.access import rows
from app.access.rights import Rights
from app.resources import Catalogue, Field, Kind, On, Resource

MOST_ROWS = 4
SOON = timedelta(days=30)
_LONGEST = 160
_READ: Mapping[type, Callable[[Any], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as a row shows it, and what its relations are called, by field."""

    record: Any
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """Records of one content type that belong on the page: how many, and the first of them."""

    resource: Resource
    count: int
    rows: tuple[Seen, ...]


def status_of(resource: Resource) -> Field | None:
    """Find the field that only the resource's actions change."""
    fields = (f for f in resource.fields if f.kind is Kind.CHOICE and not f.on & On.FORM and f.is_stored)
    return next(fields, None) if resource.actions else None


def waiting_values(resource: Resource) -> tuple[str, ...]:
    """List the states in which a record waits for somebody: those whose chip warns."""
    status = status_of(resource)
    return tuple(o.value for o in status.options if o.tone == "warning") if status else ()


def day_of(resource: Resource) -> Field | None:
    """Find the date that a record is about."""
    fields = resource.fields_on(On.LIST | On.FILTER)
    return next((f for f in fields if f.kind is Kind.DATE and f.on & On.LIST and f.is_stored), None)


def waiting_resources(catalogue: Catalogue, rights: Rights) -> list[Resource]:
    """List the content types in which something may wait for this reader: they list it and may act upon it."""
    return [
        resource
        for resource in catalogue
        if waiting_values(resource)
        and rights.allow("can_list", resource.name)
        and any(rights.allow(f"can_{action.name}", resource.name) for action in resource.actions)
    ]


def coming_resources(catalogue: Catalogue, rights: Rights) -> list[Resource]:
    """List the content types with a day that the reader may look at."""
    return [r for r in catalogue if day_of(r) and rights.allow("can_list", r.name)]


def waiting_parts(catalogue: Catalogue, resource: Resource, user: Any, today: date) -> tuple[Any, Any]:
    """Make (count, first rows) of what waits; what has a day comes by it, what is past last."""
    table, status, day = resource.model.__table__, status_of(resource), day_of(resource)
    condition = _visible(resource, user)
    if status is not None:
        condition = and_(condition, table.c[status.name].in_(waiting_values(resource)))
    order = [table.c[day.name] < today, table.c[day.name].asc()] if day else _standing(resource)
    return _count(table, condition), _first(catalogue, resource, condition, order)


def coming_parts(
    catalogue: Catalogue, resource: Resource, day: Field, user: Any, today: date
) -> tuple[Any, Any]:
    """Make (count, first rows) of what comes in the next days and stands: confirmed, or active."""
    table = resource.model.__table__
    column = table.c[day.name]
    parts = [_visible(resource, user), column.between(today, today + SOON)]
    if (standing := standing_values(resource)) is not None:
        parts.append(table.c[standing[0]].in_(standing[1]))
    return _count(table, and_(*parts)), _first(catalogue, resource, and_(*parts), [column.asc()])


def standing_values(resource: Resource) -> tuple[str, tuple[Any, ...]] | None:
    """Tell by which field's values a record counts as standing; None where all do."""
    if (status := status_of(resource)) is not None:
        return status.name, tuple(o.value for o in status.options if o.tone == "success")
    switch = resource.field("is_active")
    return None if switch is None else (switch.name, (True,))


def listed(resource: Resource, count: int, found: Sequence[Mapping[str, Any]] | None) -> Listed:
    """Gather what the statement gave for a content type."""
    seen = tuple(
        Seen(
            _glimpse(resource, facts),
            {name.removesuffix("__title"): str(facts[name] or "") for name in facts if "__title" in name},
        )
        for facts in found or ()
    )
    return Listed(resource, count, seen)


def gathered(statement: Any) -> Any:
    """Turn the rows of a statement into one JSON list, in their order."""
    inner = statement.subquery()
    return select(func.json_agg(inner.table_valued())).select_from(inner).scalar_subquery()


def _visible(resource: Resource, user: Any) -> ColumnElement[bool]:
    return rows.condition(resource.name, user, resource.model)


def _count(table: Any, condition: Any) -> Any:
    return select(func.count()).select_from(table).where(condition).scalar_subquery()


def _standing(resource: Resource) -> list[Any]:
    columns = ((resource.model.__table__.c[name], down) for name, down in resource.order_by)
    return [column.desc() if down else column.asc() for column, down in columns]


def _first(catalogue: Catalogue, resource: Resource, condition: Any, order: Sequence[Any]) -> Any:
    """Select the first records with what a row shows; long texts are cut in the database."""
    table = resource.model.__table__
    shown = {field.name for field in resource.fields_on(On.LIST)} | {resource.title}
    columns = []
    for column in table.c:
        if not isinstance(column.type, Text):
            columns.append(column)
        elif column.name in shown:
            columns.append(func.left(column, _LONGEST).label(column.name))
    relations = [field for field in resource.fields_on(On.LIST) if field.kind is Kind.RELATION]
    columns += [_title(catalogue[field.target], field, table) for field in relations]
    return gathered(select(*columns).where(condition).order_by(*order, table.c.id).limit(MOST_ROWS))


def _title(target: Resource, field: Field, table: Any) -> Any:
    other = target.model.__table__.alias()
    title = select(other.c[target.title]).where(other.c.id == table.c[field.name])
    return title.correlate(table).scalar_subquery().label(f"{field.name}__title")


def _glimpse(resource: Resource, facts: Mapping[str, Any]) -> Any:
    """Make a record from JSON, in no session: enough to ask which actions are offered on it."""
    record = manager_of_class(resource.model).new_instance()
    for attribute in inspect(resource.model).column_attrs:
        column = attribute.columns[0]
        if column.name in facts:
            value = facts[column.name]
            read = _reader(column) if value is not None else None
            set_committed_value(record, attribute.key, read(value) if read else value)
    return record


def _reader(column: Any) -> Callable[[Any], Any] | None:
    """Find how a column's value is read from JSON; None where JSON has it as it is."""
    try:
        return _READ.get(column.type.python_type)
    except NotImplementedError:
        return None
