"""Wishes that want the same time in a room: all but one will be rejected (rule 4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, BookingStatus, Claim

_claim: Any = Claim.__table__


def competing(session: Session, booking: Booking) -> list[Booking]:
    """List the pending bookings whose time, buffers included, meets the booking's, in the order in which they came."""
    mine = select(_claim.c.room_id, _claim.c.blocked).where(
        _claim.c.booking_id == booking.id, _claim.c.ended_as.is_(None)
    )
    wanted = mine.subquery("mine")
    others = (
        select(_claim.c.booking_id)
        .join(wanted, wanted.c.room_id == _claim.c.room_id)
        .where(_claim.c.blocked.op("&&")(wanted.c.blocked), _claim.c.ended_as.is_(None))
        .where(_claim.c.booking_id != booking.id)
    )
    found = select(Booking).where(Booking.id.in_(others), Booking.status == BookingStatus.PENDING.value)
    return list(session.scalars(found.order_by(Booking.created_at, Booking.id)))
