"""What is locked before many records are: the rooms of bookings, of waits and of series, as each of their verbs does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, BookingSeries, Waiting
from app.domains.venues import queries as venues

Named = Mapping[str, Collection[UUID]]
"""What is written into records points at these, by the name of the relation; only rooms are of interest here."""


def lock_rooms_of_bookings(session: Session, keys: Collection[UUID], named: Named) -> None:
    """Lock the rooms of bookings and those that they are to have, in one order."""
    _lock(session, select(Booking.room_id).where(Booking.id.in_(keys)), named)


def lock_rooms_of_waits(session: Session, keys: Collection[UUID], named: Named) -> None:
    """Lock the rooms that places on the waiting list are for, and shall be for, in one order."""
    _lock(session, select(Waiting.room_id).where(Waiting.id.in_(keys)), named)


def lock_rooms_of_series(session: Session, keys: Collection[UUID], named: Named) -> None:
    """Lock the rooms of series and of their bookings, in one order."""
    of_bookings = select(Booking.room_id).where(Booking.series_id.in_(keys))
    _lock(session, of_bookings.union(select(BookingSeries.room_id).where(BookingSeries.id.in_(keys))), named)


def _lock(session: Session, rooms: Any, named: Named) -> None:
    found = {room for room in session.scalars(rooms) if room is not None}
    venues.lock_rooms(session.connection(), list(found.union(named.get("room_id", ()))))
