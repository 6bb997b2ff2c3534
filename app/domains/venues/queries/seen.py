"""Which rooms somebody sees, with the venues that they lie in: one statement, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select

from app.domains.venues.models import Room, Venue

_room: Any = Room.__table__
_venue: Any = Venue.__table__


@dataclass(frozen=True, slots=True)
class SeenRoom:
    """A room and where it lies; minutes are those of a booking's start, its shortest and its longest."""

    id: UUID
    name: str
    is_active: bool
    step: int
    shortest: int
    longest: int
    capacity: int
    venue_id: UUID
    venue_name: str
    venue_slug: str
    zone: str


def seen_rooms(connection: Connection, *conditions: ColumnElement[bool]) -> list[SeenRoom]:
    """List the rooms that keep to the conditions, by venue and in the order of both."""
    columns = (
        *(_room.c.id, _room.c.name, _room.c.is_active & _venue.c.is_active),
        *(_room.c.step_minutes, _room.c.minimum_minutes, _room.c.maximum_minutes, _room.c.capacity),
        *(_venue.c.id, _venue.c.name, _venue.c.slug, _venue.c.zone),
    )
    found = select(*columns).select_from(_room.join(_venue, _venue.c.id == _room.c.venue_id))
    ordered = found.where(*conditions).order_by(_venue.c.position, _venue.c.id, _room.c.position, _room.c.id)
    rows: Iterable[Any] = connection.execute(ordered)
    return [SeenRoom(*row) for row in rows]


def rooms_of(connection: Connection, venue: UUID) -> list[SeenRoom]:
    """List all rooms of a venue, whoever sees them."""
    return seen_rooms(connection, _room.c.venue_id == venue)
