"""Bookings as they were asked for, read in one statement, and what other rules would make of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, func, select

from app.domains.bookings.models import Booking, BookingStatus, BookingStep, Claim
from app.domains.bookings.queries.simulation.projecting import Ahead, project
from app.domains.bookings.queries.simulation.scenarios import Scenario
from app.domains.bookings.queries.simulation.simulating import STANDING, Past, Request, replay
from app.domains.venues import queries as venues
from app.domains.venues.queries import PolicyStep, RoomRules
from app.kernel.values import Money, Period

MOST_REQUESTS = 4_000
"""So many bookings are judged anew at the most, the latest ones."""
PAST, AHEAD = timedelta(days=30), timedelta(days=90)
"""How far the simulator looks back and ahead."""

_booking: Any = Booking.__table__
_claim: Any = Claim.__table__
_step: Any = BookingStep.__table__
_ENDS = (BookingStatus.CANCELLED, BookingStatus.REJECTED, BookingStatus.MOVED)


@dataclass(frozen=True, slots=True)
class Tried:
    """A room under today's rules and under others: the time that is over and the time to come."""

    today: RoomRules
    tried: RoomRules
    past: Past
    ahead: Ahead


def rules_around(connection: Connection, rooms: Sequence[UUID], now: datetime) -> list[RoomRules]:
    """Read today's rules of rooms with the closures of all the time that the simulator looks at."""
    whole = Period(now - PAST - timedelta(days=2), now + AHEAD + timedelta(days=2))
    return venues.room_rules(connection, rooms, whole)


def try_out(
    connection: Connection,
    rules: Sequence[RoomRules],
    scenario: Scenario,
    now: datetime,
    *visible: ColumnElement[bool],
) -> list[Tried]:
    """Hold a scenario against the last bookings of rooms of a venue and against the next: two statements that read.

    `visible` are conditions on the bookings that the reader may see.
    """
    rooms = [one.id for one in rules]
    over, to_come = windows(now, rules[0].zone if rules else "UTC")
    asked = _by_room(requests_between(connection, rooms, over, *visible))
    standing = _by_room(requests_between(connection, rooms, to_come, *visible, standing=True))
    return [
        Tried(
            today,
            tried := scenario.on(today),
            replay(today, tried, asked[today.id], over),
            project(today, tried, standing[today.id], to_come, now),
        )
        for today in rules
    ]


def windows(now: datetime, zone: str) -> tuple[Period, Period]:
    """Give the time that is looked back on and the time to come, in whole days of a zone but for this instant."""
    there = ZoneInfo(zone)
    midnight = datetime.combine(now.astimezone(there).date(), time(0), there)
    return Period(midnight - PAST, now), Period(now, midnight + AHEAD)


def _by_room(requests: Sequence[Request]) -> dict[UUID, list[Request]]:
    found: dict[UUID, list[Request]] = defaultdict(list)
    for one in requests:
        found[one.room_id].append(one)
    return found


def requests_between(
    connection: Connection,
    rooms: Sequence[UUID],
    window: Period,
    *visible: ColumnElement[bool],
    standing: bool = False,
) -> list[Request]:
    """Read the bookings of rooms that begin within a time, in the order of their beginning.

    `standing` leaves out those that are over or called off.
    """
    b, c = _booking.c, _claim.c
    wanted = [b.room_id.in_(rooms), b.starts_at >= window.starts_at, b.starts_at < window.ends_at, *visible]
    if standing:
        wanted.append(b.status.in_(sorted(STANDING)))
    found = (
        select(
            *(b.id, b.reference, b.client_name, b.room_id, b.starts_at, b.ends_at, b.status, b.follows_id),
            *(b.total_minor, b.currency, b.created_at.label("made_at"), c.created_at.label("held_at")),
            *(func.lower(c.blocked).label("lower"), func.upper(c.blocked).label("upper"), c.promise),
            _first_step(BookingStatus.CONFIRMED).label("confirmed_at"),
            _first_step(*_ENDS).label("ended_at"),
        )
        .select_from(_booking.outerjoin(_claim, c.booking_id == b.id))
        .where(*wanted)
        .order_by(b.starts_at.desc(), b.id)
        .limit(MOST_REQUESTS)
    )
    return [_request(row) for row in reversed(connection.execute(found).all())]


def _first_step(*statuses: BookingStatus) -> Any:
    at = select(func.min(_step.c.at)).where(_step.c.booking_id == _booking.c.id)
    return at.where(_step.c.to_status.in_([status.value for status in statuses])).scalar_subquery()


def _request(row: Any) -> Request:
    period = Period(row.starts_at, row.ends_at)
    promise: dict[str, Any] = row.promise or {}
    quote = promise.get("quote")
    minor = row.total_minor if row.total_minor is not None else quote and quote["total_minor"]
    return Request(
        id=row.id,
        reference=row.reference,
        client_name=row.client_name,
        room_id=row.room_id,
        period=period,
        blocked=Period(row.lower, row.upper) if row.lower is not None else period,
        asked_at=min(row.made_at, row.held_at or row.made_at),
        status=BookingStatus(row.status),
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        total=Money(minor, row.currency) if minor is not None else None,
        time_minor=quote["total_minor"] if quote else None,
        policy=tuple(PolicyStep(step["hours_before"], step["percent"]) for step in promise.get("policy", ())),
        follows_id=row.follows_id,
    )
