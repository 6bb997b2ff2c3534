"""A day in the rooms of a venue, in order: what is booked, held and closed, and what is free between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, false, select

from app.domains.bookings.models import Booking
from app.domains.bookings.queries.breakdown import Use, pieces
from app.domains.bookings.queries.timeline import KeptTime, kept_times
from app.domains.catalog import queries as catalog
from app.domains.venues import queries as venues
from app.domains.venues.queries import Closed, Opening, RoomRules
from app.kernel.values import Period
from app.translation.chain import bind_chain

_booking: Any = Booking.__table__
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayBooking:
    """What a day sheet tells of a booking beside what a calendar does."""

    id: UUID
    phone: str
    message: str
    package: str


@dataclass(frozen=True, slots=True)
class RoomDay:
    """A room on a day. `lines` are the bookings, the holds, the closures and the free times, by their start."""

    rules: RoomRules
    openings: tuple[Opening, ...]
    lines: tuple[KeptTime | Closed | Period, ...]


def local_day(day: date, zone: str) -> Period:
    """Give a day from midnight to midnight by the clocks of a zone."""
    there = ZoneInfo(zone)
    starts, ends = (datetime.combine(one, time(0), there).astimezone(UTC) for one in (day, day + _DAY))
    return Period(starts, ends)


def room_days(
    connection: Connection,
    rooms: Sequence[UUID],
    day: date,
    zone: str,
    now: datetime,
    seen: ColumnElement[bool],
) -> list[RoomDay]:
    """Read a day of rooms that share a zone, in the rooms' order; `seen` is the condition on bookings that are told.

    Two statements, however many rooms there are. Of a booking that is not seen only its time is told.
    """
    window = local_day(day, zone)
    kept = kept_times(connection, rooms, window, now, seen, false())
    rules = venues.room_rules(connection, rooms, window)
    return [_day(room, [one for one in kept if one.room_id == room.id], day, window) for room in rules]


def day_bookings(
    connection: Connection, keys: Sequence[UUID], locales: tuple[str, ...]
) -> dict[UUID, DayBooking]:
    """Read what else a day sheet tells of bookings; packages by their names along the locales."""
    b, package = _booking.c, catalog.packages(len(locales)).subquery("package_named")
    found = select(b.id, b.client_phone, b.message, package.c.name)
    found = found.select_from(_booking.outerjoin(package, package.c.id == b.package_id))
    rows = connection.execute(found.where(b.id.in_(keys)), bind_chain(locales))
    return {key: DayBooking(key, phone or "", message, name or "") for key, phone, message, name in rows}


def _day(room: RoomRules, kept: Sequence[KeptTime], day: date, window: Period) -> RoomDay:
    openings = tuple(one for one in room.openings(day - _DAY, day) if one.period.meets(window))
    closures = [one for one in room.closures if one.period.meets(window)]
    opened = [_within(one.period, window) for one in openings]
    uses = [(Use.BLOCKED, one.period) for one in closures]
    uses += [(Use.BOOKED, one.blocked) for one in kept if one.blocks]
    free = [piece.period for piece in pieces(opened, uses) if piece.use is Use.FREE]
    lines = [*closures, *(one for one in kept if one.shown.meets(window)), *(free if room.is_active else ())]
    return RoomDay(room, openings, tuple(sorted(lines, key=_start)))


def booked_of(days: Sequence[RoomDay]) -> Iterator[UUID]:
    """Give the bookings on the lines whose facts may be told."""
    for day in days:
        for line in day.lines:
            if isinstance(line, KeptTime) and line.booking is not None:
                yield line.booking.id


def _within(period: Period, window: Period) -> Period:
    return Period(max(period.starts_at, window.starts_at), min(period.ends_at, window.ends_at))


def _start(line: KeptTime | Closed | Period) -> datetime:
    if isinstance(line, Period):
        return line.starts_at
    return line.period.starts_at if isinstance(line, Closed) else line.shown.starts_at
