"""What a closure lies over: the bookings that it concerns, and where else they could take place (rule 11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.domains.bookings.models import Booking, BookingStatus, BookingStep, Claim, Waiting, WaitingStatus
from app.domains.bookings.queries.availability import Calendar
from app.domains.bookings.queries.calendars import calendars_of_venue
from app.domains.venues import queries as venues
from app.domains.venues.queries import Closed
from app.kernel.values import Money, Period

MOST_AFFECTED = 500
"""So many are listed at the most, the first ones."""

MOST_ALTERNATIVES = 6
DAYS_AFTER = 7
"""So far behind its day another one is looked for."""
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
class Dealt:
    """A booking that was moved or called off for a closure, where it stood, and what took its place."""

    id: UUID
    client_name: str
    status: BookingStatus
    room_name: str
    period: Period
    zone: str
    successor_id: UUID | None = None
    successor_room: str = ""
    successor_period: Period | None = None


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


def dealt_with(
    session: Session, venue_id: UUID, closure_id: UUID, *visible: ColumnElement[bool]
) -> list[Dealt]:
    """List the bookings that were moved or called off for a closure, by where they stood."""
    rooms = _rooms(session, venue_id, None)
    b, after, step = _booking.c, aliased(Booking), BookingStep
    found = (
        select(b.id, b.client_name, b.status, b.room_id, b.starts_at, b.ends_at)
        .add_columns(after.id, after.room_id, after.starts_at, after.ends_at)
        .join(step, step.booking_id == b.id)
        .outerjoin(after, after.follows_id == b.id)
        .where(step.closure_id == closure_id, b.room_id.in_(list(rooms)), *visible)
        .order_by(b.starts_at, b.id)
        .limit(MOST_AFFECTED)
    )
    return [_dealt(row, rooms) for row in session.execute(found)]


def _dealt(row: Any, rooms: Mapping[UUID, venues.SeenRoom]) -> Dealt:
    key, client, status, room_id, starts_at, ends_at, *after = row
    room = rooms[room_id]
    there = Dealt(key, client, BookingStatus(status), room.name, Period(starts_at, ends_at), room.zone)
    successor_id, successor_room, successor_starts, successor_ends = after
    if successor_id is None or successor_room not in rooms:
        return there
    return replace(
        there,
        successor_id=successor_id,
        successor_room=rooms[successor_room].name,
        successor_period=Period(successor_starts, successor_ends),
    )


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


def waiting_under(session: Session, venue_id: UUID, room_id: UUID | None, period: Period) -> int:
    """Count who waits for a time that a closure makes impossible: their places end with it."""
    w: Any = Waiting.__table__.c
    hoping = w.status.in_((WaitingStatus.WAITING.value, WaitingStatus.OFFERED.value))
    counted = select(func.count()).where(hoping, w.starts_at < period.ends_at, w.ends_at > period.starts_at)
    return session.scalar(counted.where(w.room_id.in_(_rooms(session, venue_id, room_id)))) or 0


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
    """Find where else each booking could take place: other rooms at its time, its room near it, or on days after.

    Of each kind two at first, then the rest; a day after is offered at the same hour. By the same calendars as
    search, with the closure as if it stood, `instead_of` an older one.
    """
    if not concerned:
        return {}
    zone = ZoneInfo(concerned[0].zone)
    days = [one.period.starts_at.astimezone(zone).date() for one in concerned]
    found = calendars_of_venue(
        session.connection(), venue_id, min(days), max(days) + timedelta(days=DAYS_AFTER), now
    )
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
    near, later = _in_own_room(own, one, zone, now)
    return [*found[:2], *near[:2], *later[:2], *near[2:], *later[2:], *found[2:]]


def _in_own_room(
    own: Calendar, one: Affected, zone: ZoneInfo, now: datetime
) -> tuple[list[Alternative], list[Alternative]]:
    """List other hours of a booking's day, the nearest first, and the days behind it at its hour."""
    stands = one.period.starts_at.astimezone(zone)
    others = [taken for taken in own.taken if taken.booking_id != one.id]
    last = stands.date() + timedelta(days=DAYS_AFTER)
    slots = Calendar(own.rules, others, stands.date(), last).slots(one.period.minutes, now)
    starts = [slot.period.starts_at.astimezone(zone) for slot in slots]
    near = sorted((at for at in starts if at.date() == stands.date()), key=lambda at: (abs(at - stands), at))
    later = [at for at in starts if at.date() > stands.date() and at.time() == stands.time()]

    def offered(found: list[datetime]) -> list[Alternative]:
        return [Alternative(one.room_id, one.room_name, at.astimezone(UTC)) for at in found]

    return offered(near), offered(later)
