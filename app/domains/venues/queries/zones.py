"""On whose clocks the time of a place is told, as an expression that a larger statement holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, select

from app.domains.venues.models import Room, Venue

_room: Any = Room.__table__
_venue: Any = Venue.__table__


def zone_of_venue(key: Any) -> ScalarSelect[str]:
    """Name the zone of the venue with a key."""
    venue = _venue.alias()
    return select(venue.c.zone).where(venue.c.id == key).scalar_subquery()


def zone_of_room(key: Any) -> ScalarSelect[str]:
    """Name the zone of the venue in which a room lies."""
    room, venue = _room.alias(), _venue.alias()
    joined = select(venue.c.zone).join_from(venue, room, room.c.venue_id == venue.c.id)
    return joined.where(room.c.id == key).scalar_subquery()
