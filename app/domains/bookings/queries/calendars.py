"""Calendars of rooms as they are stored: two statements, however many rooms there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import Range

from app.domains.bookings.models import Claim
from app.domains.bookings.queries.availability import Calendar, Taken
from app.domains.venues import queries as venues
from app.kernel.values import Period

_claim: Any = Claim.__table__
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=33)  # a month, the longest booking, with its buffers


def calendars(
    connection: Connection,
    rooms: Sequence[UUID],
    first: date,
    last: date,
    now: datetime,
    *,
    lock: venues.Lock | None = None,
) -> list[Calendar]:
    """Read the calendars of rooms over local days; a lock keeps them as they are until the transaction ends.

    Where they are locked, holds that have lapsed are among what is taken: whoever books ends them first.
    """
    window = _window(first, last)
    rules = venues.room_rules(connection, rooms, window, lock=lock)
    return _filled(connection, rules, first, last, window, None if lock else now)


def calendars_of_venue(
    connection: Connection, venue: UUID, first: date, last: date, now: datetime
) -> list[Calendar]:
    """Read the calendars of all rooms of a venue."""
    window = _window(first, last)
    return _filled(connection, venues.rooms_of_venue(connection, venue, window), first, last, window, now)


def calendar_of(
    connection: Connection,
    room: UUID,
    first: date,
    last: date,
    now: datetime,
    *,
    lock: venues.Lock | None = None,
) -> Calendar | None:
    """Read the calendar of one room; None where there is no such room."""
    found = calendars(connection, [room], first, last, now, lock=lock)
    return found[0] if found else None


def _window(first: date, last: date) -> Period:
    """Give the instants that may touch the local days in any zone, and all that begins on them."""
    midnight = datetime.combine(first, time(0), UTC)
    return Period(midnight - 2 * _DAY, datetime.combine(last, time(0), UTC) + 2 * _DAY + _LONGEST)


def _filled(
    connection: Connection,
    rules: Iterable[venues.RoomRules],
    first: date,
    last: date,
    window: Period,
    now: datetime | None,
) -> list[Calendar]:
    rooms = list(rules)
    taken = _taken(connection, [room.id for room in rooms], window, now)
    return [Calendar(room, taken[room.id], first, last) for room in rooms]


def _taken(
    connection: Connection, rooms: Sequence[UUID], window: Period, now: datetime | None
) -> dict[UUID, list[Taken]]:
    """Read what keeps others out; a hold whose time has passed does not, whether a job has swept it or not.

    Without `now` holds that have lapsed are read too.
    """
    facts = {"rooms": rooms, "within": Range(window.starts_at, window.ends_at)}
    found = (
        connection.execute(_BLOCKING, facts)
        if now is None
        else connection.execute(_LIVE, facts | {"now": now})
    )
    taken: dict[UUID, list[Taken]] = defaultdict(list)
    for room, lower, upper, starts_at, ends_at, key, booking, until in found:
        taken[room].append(Taken(Period(lower, upper), Period(starts_at, ends_at), key, booking, until))
    return taken


def _blocking() -> Select[Any]:
    """Write the statement; it is written once, for writing it costs more than running it."""
    c = _claim.c
    columns = (
        c.room_id,
        func.lower(c.blocked),
        func.upper(c.blocked),
        c.starts_at,
        c.ends_at,
        c.id,
        c.booking_id,
        c.expires_at,
    )
    within = bindparam("within", type_=c.blocked.type)
    of_rooms = c.room_id.in_(bindparam("rooms", expanding=True))
    return select(*columns).where(of_rooms, c.blocks, c.blocked.op("&&")(within))


_BLOCKING = _blocking()
_LIVE = _BLOCKING.where(
    or_(_claim.c.expires_at.is_(None), _claim.c.expires_at > bindparam("now", type_=_claim.c.expires_at.type))
)
