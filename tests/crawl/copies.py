"""Makes many records of one, in any table, below the program: only lists and their ways are asked of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    case,
    func,
    insert,
    literal,
    null,
    select,
    text,
)
from sqlalchemy.orm import Session

from app.resources import Resource


def fill_up(session: Session, resource: Resource, most: int) -> None:
    """Copy the first row of a type until there are so many; what must be unique is made so.

    Triggers and references sleep meanwhile.
    """
    table: Table = resource.model.__table__
    there = session.scalar(select(func.count()).select_from(table)) or 0
    if not 0 < there < most:
        return
    session.execute(text("SET LOCAL session_replication_role = replica"))
    first = select(table).order_by(*_plainest(table), table.c.id).limit(1).subquery()
    numbers = func.generate_series(1, most - there).table_valued("n").render_derived()
    apart = unique_columns(table)
    columns = [column for column in table.c if column.computed is None]
    alone = {column.name for column in table.c if column.unique}
    values = [_copied(column, first, apart, alone, numbers.c.n) for column in columns]
    session.execute(
        insert(table).from_select(
            [c.name for c in columns], select(*values).select_from(first).join(numbers, literal(True))
        )
    )
    session.execute(text("SET LOCAL session_replication_role = origin"))


def unique_columns(table: Table) -> set[str]:
    """Name the columns of which one alone makes a row another one: one of each key and unique index."""
    return {min(group, key=_unfit).name for group in keys_of(table)}


def keys_of(table: Table) -> list[list[Column[Any]]]:
    """List the groups of columns that are unique together."""
    groups = [list(index.columns) for index in table.indexes if index.unique]
    kinds = (UniqueConstraint, PrimaryKeyConstraint)
    groups += [list(found.columns) for found in table.constraints if isinstance(found, kinds)]
    return [group for group in groups if group] + [[column] for column in table.c if column.unique]


def _unfit(column: Column[Any]) -> int:
    kind = column.type.python_type
    return 0 if isinstance(column.type, Uuid) else 1 if kind is int else 2


def _plainest(table: Table) -> list[Any]:
    """Put rows first that refer to nothing but what they must: such a reference is often unique and checked."""
    return [column.is_not(None) for column in table.c if column.nullable and column.foreign_keys]


def _copied(column: Column[Any], first: Any, apart: set[str], alone: set[str], number: Any) -> Any:
    """Give a copy's value: another where it must be unique; of a column unique by itself nothing stays nothing."""
    if column.name not in apart:
        return first.c[column.name]
    other = _other(column, number)
    if not column.nullable or column.name not in alone:
        return other
    return case((first.c[column.name].is_(None), null()), else_=other)


def _other(column: Column[Any], number: Any) -> Any:
    kind = column.type.python_type
    if isinstance(column.type, Uuid):
        return func.gen_random_uuid()
    if kind is int:
        return literal(1_000_000) + number
    return func.concat("copy-", number)
