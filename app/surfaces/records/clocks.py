"""Instants on the clocks of the place that a record names: typed there and shown there, stored as any instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.kernel import zones
from app.kernel.ids import parse_id
from app.resources import Clock, Field, Resource
from app.resources.kinds import YEARS
from app.surfaces.records.chosen import find_chosen

UTC = "UTC"
"""By which clocks instants are typed where a record names no place."""
JUMPED = _l("The clocks jump over this time that night. Choose another.")

Zones = Mapping[str, str]
"""The zones of a record's instants by the name of their field; empty where it names no place."""


def zone_beside(session: Session, clock: Clock, key: Any) -> str:
    """Name the zone of the place with a key; nothing where there is none."""
    asked = select(clock.zone(bindparam("place", key)))
    return session.scalar(asked) or ""


def zones_of(
    session: Session, fields: Iterable[Field], record: Any, typed: Mapping[str, Any] | None = None
) -> Zones:
    """Name the zones of a record's instants; what is `typed` says which place is meant, else the record does.

    Of a place that the writer may not know of nothing is told, unless the record names it already.
    """
    found: dict[Clock, str] = {}
    on_clocks = [field for field in fields if field.clock is not None]
    for field in on_clocks:
        clock: Any = field.clock
        if clock not in found:
            held = getattr(record, clock.beside, None)
            key = parse_id(str((typed or {}).get(clock.beside, held) or ""))
            is_told = key is not None and (key == held or _is_known(session, field, key))
            found[clock] = zone_beside(session, clock, key) if is_told else ""
    return {field.name: found[field.clock] for field in on_clocks if field.clock is not None}


def _is_known(session: Session, field: Field, key: Any) -> bool:
    """Tell whether the writer may choose the place with a key."""
    clock: Any = field.clock
    (pointing,) = field.column.table.c[clock.beside].foreign_keys
    target = current_app.extensions["catalogue"][pointing.column.table.name]
    return find_chosen(session, target, key, is_held=False) is not None


def zones_of_many(
    session: Session, resource: Resource, fields: Sequence[Field], keys: Sequence[Any]
) -> dict[Any, Zones]:
    """Name the zones of the instants of stored records by their key, in one statement."""
    table: Any = resource.model.__table__
    on_clocks = [field for field in fields if field.clock is not None]
    if not on_clocks or not keys:
        return {}
    told = [f.clock.zone(table.c[f.clock.beside]).label(f.name) for f in on_clocks if f.clock is not None]
    rows = session.execute(select(table.c.id, *told).where(table.c.id.in_(keys)))
    names = [field.name for field in on_clocks]
    return {key: dict(zip(names, (zone or "" for zone in told), strict=True)) for key, *told in rows}


def placed(
    session: Session,
    fields: Sequence[Field],
    typed: Mapping[str, Any],
    record: Any,
    errors: dict[str, list[Any]] | None = None,
) -> dict[str, Any]:
    """Give what was typed with each time that has no offset as the instant that the clocks there mean by it.

    Of a time that comes twice the one that stands is meant, else the first. One that the clocks jump over stays as
    it is, with a sentence in `errors`; so does what is no time at all, for whoever reads it next.
    """
    open_ones = {
        field: at
        for field in fields
        if field.clock is not None and (at := _without_offset(typed.get(field.name))) is not None
    }
    there = zones_of(session, list(open_ones), record, typed)
    read = dict(typed)
    for field, at in open_ones.items():
        meant = zones.instants(at.date(), at.time(), there[field.name] or UTC)
        if meant:
            standing = getattr(record, field.name, None)
            read[field.name] = (standing if standing in meant else meant[0]).isoformat()
        elif errors is not None:
            errors[field.name] = [JUMPED]
    return read


def shown(at: datetime, zone: str) -> str:
    """Write an instant as an input holds it: by the clocks of a zone, by UTC where there is none."""
    return zones.shown(at, zone or UTC)


def as_typed(text: str, zone: str) -> str:
    """Write an instant as it would be typed there; what has no offset is typed already."""
    try:
        at = datetime.fromisoformat(text)
        return shown(at, zone) if at.tzinfo is not None else text
    except (ValueError, OverflowError):  # no time, or one that this zone's calendar does not reach
        return text


def _without_offset(raw: Any) -> datetime | None:
    if not isinstance(raw, str):
        return None
    try:
        at = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    return at if at.tzinfo is None and at.year in YEARS else None
