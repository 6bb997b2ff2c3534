"""What a closure lies over: the bookings that it concerns, and where else they could take place (rule 11)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, BookingStatus, Claim
from app.domains.bookings.queries.availability import Calendar
from app.domains.bookings.queries.calendars import calendars_of_venue
from app.domains.venues import queries as venues
from app.domains.venues.queries import Closed
from app.kernel.values import Money, Period

MOST_AFFECTED = 500
"""So many are listed at the most, the first ones."""

MOST_ALTERNATIVES = 4
_booking: Any = Booking.__table__
_claim: Any = Claim.__table__
_LIVE = (BookingStatus.PENDING.value, BookingStatus.CONFIRMED.value)


@dataclass(frozen=True, slots=True)
class Affected:
    """A booking that a closure lies over; its period is what is shown of it, without buffers."""

    id: UUID
    reference: str
    client_name: str
    status: BookingStatus
    guests: int | None
    room_id: UUID
    room_name: str
    period: Period
    zone: str
    total: Money | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Where and when a booking could take place instead."""

    room_id: UUID
    room_name: str
    starts_at: datetime

    @property
    def value(self) -> str:
        """Write it as a form sends it."""
        return f"{self.room_id}|{self.starts_at.isoformat()}"


def affected(
    session: Session, venue_id: UUID, room_id: UUID | None, period: Period, *visible: ColumnElement[bool]
) -> list[Affected]:
    """List the bookings that stand in a venue, or in one room of it, within a time, by their beginning.

    A request that waits is one of them, whether it keeps others out or not. `visible` are further conditions.
    """
    rooms = _rooms(session, venue_id, room_id)
    b = _booking.c
    found = (
        select(
            *(b.id, b.reference, b.client_name, b.status, b.guests, b.room_id, b.starts_at, b.ends_at),
            *(b.total_minor, b.currency),
        )
        .where(*_under(rooms, period), *visible)
        .order_by(b.starts_at, b.id)
        .limit(MOST_AFFECTED)
    )
    return [_affected(row, rooms[row.room_id]) for row in session.execute(found)]


def affected_keys(
    session: Session, venue_id: UUID, room_id: UUID | None, period: Period, *visible: ColumnElement[bool]
) -> list[UUID]:
    """List the keys of all of them, however many, in the same order."""
    b = _booking.c
    found = select(b.id).where(*_under(_rooms(session, venue_id, room_id), period), *visible)
    return list(session.scalars(found.order_by(b.starts_at, b.id)))


def _under(rooms: Collection[UUID], period: Period) -> tuple[ColumnElement[bool], ...]:
    b = _booking.c
    is_there = b.room_id.in_(list(rooms)), b.status.in_(_LIVE)
    return *is_there, b.starts_at < period.ends_at, b.ends_at > period.starts_at


def _affected(row: Any, room: venues.SeenRoom) -> Affected:
    total = Money(row.total_minor, row.currency) if row.total_minor is not None else None
    return Affected(
        row.id,
        row.reference,
        row.client_name,
        BookingStatus(row.status),
        row.guests,
        row.room_id,
        room.name,
        Period(row.starts_at, row.ends_at),
        room.zone,
        total,
    )


def held(session: Session, venue_id: UUID, room_id: UUID | None, period: Period, now: datetime) -> int:
    """Count the times within a closure that somebody holds who is booking at this moment."""
    c = _claim.c
    counted = select(func.count()).select_from(_claim).where(c.booking_id.is_(None), c.blocks)
    counted = counted.where(c.expires_at > now, c.starts_at < period.ends_at, c.ends_at > period.starts_at)
    return session.scalar(counted.where(c.room_id.in_(_rooms(session, venue_id, room_id)))) or 0


def _rooms(session: Session, venue_id: UUID, room_id: UUID | None) -> dict[UUID, venues.SeenRoom]:
    seen = venues.rooms_of(session.connection(), venue_id)
    return {room.id: room for room in seen if room_id in (None, room.id)}


def alternatives(
    session: Session,
    venue_id: UUID,
    room_id: UUID | None,
    closing: Closed,
    concerned: Sequence[Affected],
    now: datetime,
    *,
    instead_of: Closed | None = None,
) -> dict[UUID, list[Alternative]]:
    """Find where else each booking could take place: other rooms at its time, then its room at others of that day.

    By the same calendars as search, with the closure as if it stood, `instead_of` an older one.
    """
    if not concerned:
        return {}
    zone = ZoneInfo(concerned[0].zone)
    days = [one.period.starts_at.astimezone(zone).date() for one in concerned]
    found = calendars_of_venue(session.connection(), venue_id, min(days), max(days), now)
    for calendar in found:
        calendar.rules = replace(
            calendar.rules,
            closures=(
                *(one for one in calendar.rules.closures if one != instead_of),
                *((closing,) if room_id in (None, calendar.rules.id) else ()),
            ),
        )
    return {one.id: _alternatives(found, one, zone, now)[:MOST_ALTERNATIVES] for one in concerned}


def _alternatives(
    calendars: Collection[Calendar], one: Affected, zone: ZoneInfo, now: datetime
) -> list[Alternative]:
    found = [
        Alternative(calendar.rules.id, calendar.rules.name, one.period.starts_at)
        for calendar in calendars
        if calendar.rules.id != one.room_id
        and calendar.rules.capacity >= (one.guests or 0)
        and calendar.is_free(one.period, now)
    ]
    own = next((calendar for calendar in calendars if calendar.rules.id == one.room_id), None)
    if own is None:
        return found
    day = one.period.starts_at.astimezone(zone).date()
    around = one.period.widened(2880, 2880 + own.rules.longest)
    others = [taken for taken in own.taken if taken.booking_id != one.id and taken.blocked.meets(around)]
    slots = Calendar(own.rules, others, day, day).slots(one.period.minutes, now)

    def distance(at: datetime) -> tuple[timedelta, datetime]:
        return abs(at - one.period.starts_at), at

    nearest = sorted((slot.period.starts_at for slot in slots), key=distance)
    return [*found[:2], *(Alternative(one.room_id, one.room_name, at) for at in nearest), *found[2:]]
