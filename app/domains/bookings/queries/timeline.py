"""What is kept in rooms over a time, as far as its reader may know of it: one statement, however much it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, func, null, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, Claim
from app.kernel.values import Money, Period

_claim: Any = Claim.__table__
_booking: Any = Booking.__table__


@dataclass(frozen=True, slots=True)
class BookedFacts:
    """A booking as a calendar shows it; `is_movable` tells whether row rules let the reader move it."""

    id: UUID
    reference: str
    status: str
    client_name: str
    event_type: str
    guests: int | None
    total: Money | None
    is_movable: bool


@dataclass(frozen=True, slots=True)
class KeptTime:
    """A time that a claim keeps: a hold's `until` an instant, or a booking's.

    `booking` is None for a hold, and for a booking that the reader may not see: then `is_hidden`.
    """

    claim_id: UUID
    room_id: UUID
    shown: Period
    blocked: Period
    blocks: bool
    until: datetime | None
    booking: BookedFacts | None
    is_hidden: bool


def kept_times(
    connection: Connection,
    rooms: Sequence[UUID],
    window: Period,
    now: datetime,
    seen: ColumnElement[bool],
    movable: ColumnElement[bool],
) -> list[KeptTime]:
    """List what is kept in rooms over a window, in the order of time; a hold whose time has passed is not.

    `seen` and `movable` are the conditions on the bookings that the reader may see, and may move.
    """
    c, b = _claim.c, _booking.c
    facts = ("id", "reference", "status", "client_name", "event_type", "guests", "total_minor", "currency")
    is_seen = and_(b.id.is_not(None), seen)
    found = (
        select(
            *(c.id, c.room_id, c.starts_at, c.ends_at, func.lower(c.blocked), func.upper(c.blocked)),
            *(c.blocks, c.expires_at, c.booking_id.is_not(None), is_seen, and_(is_seen, movable)),
            *(case((is_seen, b[name]), else_=null()) for name in facts),
        )
        .select_from(_claim.outerjoin(_booking, b.id == c.booking_id))
        .where(
            c.room_id.in_(rooms),
            c.ended_as.is_(None),
            c.blocked.op("&&")(Range(window.starts_at, window.ends_at)),
            or_(c.expires_at.is_(None), c.expires_at > now),
        )
        .order_by(c.starts_at, c.id)
    )
    return [_kept(*row) for row in connection.execute(found)]


def claim_of(session: Session, booking_id: UUID) -> Claim | None:
    """Find the time that a booking keeps, with what was promised with it."""
    return session.scalar(select(Claim).where(Claim.booking_id == booking_id))


def _kept(
    key: UUID,
    room: UUID,
    starts_at: datetime,
    ends_at: datetime,
    lower: datetime,
    upper: datetime,
    blocks: bool,
    until: datetime | None,
    is_booked: bool,
    is_seen: bool | None,
    is_movable: bool | None,
    *facts: Any,
) -> KeptTime:
    booking = None
    if is_seen:
        of, reference, status, name, occasion, guests, minor, currency = facts
        total = None if minor is None else Money(minor, currency)
        booking = BookedFacts(of, reference, status, name, occasion, guests, total, bool(is_movable))
    times = Period(starts_at, ends_at), Period(lower, upper)
    return KeptTime(key, room, *times, blocks, until, booking, is_booked and not is_seen)
