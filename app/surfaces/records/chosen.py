"""What a record is made to point at: it must be there, and be seen by whoever writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from app.access import rows as row_rules
from app.resources import Catalogue, Field, Kind, Resource
from app.surfaces.records.limits import writer

_POINTING = (Kind.RELATION, Kind.RELATIONS, Kind.PICTURE)


def check_chosen(
    session: Session,
    catalogue: Catalogue,
    values: dict[str, Any],
    allowed: Mapping[str, Field],
    held: Any | None,
    errors: dict[str, list[Any]],
) -> None:
    """Say at each field whose record is not there for the writer; a list of keys becomes its records.

    What `held`, the record before the change, points at already may stay though a row rule hides it.
    """
    for name, value in list(values.items()):
        field = allowed[name]
        if value is None or field.kind not in _POINTING:
            continue
        target = catalogue[field.target]
        before = getattr(held, name) if held is not None else None
        if field.kind is Kind.RELATIONS:
            kept = joined(held, name) if held is not None else set()
            found = (find_chosen(session, target, key, key in kept) for key in value)
            values[name] = [one for one in found if one is not None]
            if len(values[name]) != len(value):
                errors[name] = [_l("Choose a record from the list.")]
        elif find_chosen(session, target, value, value == before) is None:
            errors[name] = [_l("The chosen record is not there any more; choose another.")]


def joined(record: Any, name: str) -> set[Any]:
    """Give the keys of the many records that one is joined to."""
    return {one.id for one in getattr(record, name) or ()}


def seen_by_writer(target: Resource) -> ColumnElement[bool] | None:
    """Give the condition on the records that the writer may choose; None where no rule limits them.

    A command or a job writes for nobody: nothing is hidden from it.
    """
    user = writer()
    if user is None or not row_rules.is_limited(target.name, user):
        return None
    return row_rules.condition(target.name, user, target.model)


def find_chosen(session: Session, target: Resource, key: Any, is_held: bool) -> Any:
    """Find the record that a key names, as far as the reader may know of it; what `is_held` is no secret to them."""
    column = inspect(target.model).primary_key[0]
    if not isinstance(key, column.type.python_type):
        return None
    rule = None if is_held else seen_by_writer(target)
    if rule is None:
        return session.get(target.model, key)
    return session.scalar(select(target.model).where(column == key, rule))
