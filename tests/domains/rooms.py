"""What tests of rooms and their times share: a room by its rules, and one that is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session, object_session

from app.domains.bookings.models import BookingStep, Claim
from app.domains.bookings.queries import Calendar, Taken
from app.domains.venues.models import HoursMode, OpeningHours, Room, RoomPrice, Weekday
from app.domains.venues.queries import Line, RoomRules, Tier
from app.kernel.ids import new_id
from app.kernel.values import Period
from tests.factories import BookingFactory
from tests.factories.venues import RoomFactory, VenueFactory

NOW = datetime(2027, 5, 1, 12, tzinfo=UTC)
MONDAY = date(2027, 5, 3)
ROOM, VENUE = UUID(int=1), UUID(int=2)
DAILY = tuple(Line(day, HoursMode.OPEN, time(9), time(21)) for day in Weekday)


def at(clock: str, day: date = MONDAY) -> datetime:
    """Give an instant of a day in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), UTC)


def period(starts: str, ends: str, day: date = MONDAY) -> Period:
    """Give a time of a day in UTC."""
    return Period(at(starts, day), at(ends, day))


def rules(**facts: Any) -> RoomRules:
    """Give a room that is open from nine to nine by UTC, booked in half hours, from one hour to ten."""
    standing: dict[str, Any] = {
        "id": ROOM,
        "name": "Blue hall",
        "slug": "blue-hall",
        "venue_id": VENUE,
        "venue_name": "Mill",
        "address": "Mill lane 1",
        "zone": "UTC",
        "is_active": True,
        "capacity": 60,
        "currency": "EUR",
        "competes": False,
        "buffer_before": 0,
        "buffer_after": 0,
        "notice": 120,
        "advance_days": 365,
        "step": 30,
        "shortest": 60,
        "longest": 600,
        "hours": DAILY,
        "tiers": (Tier(60, 4000),),
    }
    return RoomRules(**standing | facts)


def calendar(*taken: Taken, first: date = MONDAY, last: date = MONDAY, **facts: Any) -> Calendar:
    """Give the calendar of such a room."""
    return Calendar(rules(**facts), taken, first, last)


def taken(shown: Period, before: int = 0, after: int = 0, until: datetime | None = None) -> Taken:
    """Give a time that somebody has, with buffers of so many minutes; a hold's until an instant."""
    key = new_id()
    return Taken(shown.widened(before, after), shown, key, None if until else key, until)


def stored_room(session: Session, zone: str = "UTC", **facts: Any) -> Room:
    """Store a room that is open from nine to nine."""
    venue = VenueFactory(zone=zone)
    venue.hours = [
        OpeningHours(
            weekday=day.value, mode="open", opens_time=time(9), closes_time=time(21), position=number
        )
        for number, day in enumerate(Weekday)
    ]
    room: Room = RoomFactory(venue_id=venue.id, **facts)
    room.prices = [
        RoomPrice(minutes=60, price_minor=4000),
        RoomPrice(minutes=240, price_minor=14000, position=1),
    ]
    session.flush()
    return room


def next_monday(now: datetime) -> date:
    """Give the first Monday that is at least a week ahead."""
    day = now.date() + timedelta(days=7)
    return day + timedelta(days=-day.weekday() % 7)


def stood(room: Room, shown: Period, **facts: Any) -> Any:
    """Store a booking of a room with its claim as it came to be, whatever the rules say of it now."""
    asked_at = facts.pop("asked_at", shown.starts_at - timedelta(days=7))
    ended_at = facts.pop("ended_at", None)
    promise = facts.pop("promise", {"quote": {"total_minor": 8000, "lines": []}, "policy": [], "zone": "UTC"})
    standing = {"status": "confirmed", "total_minor": 8000, "currency": "EUR", "created_at": asked_at}
    booking: Any = BookingFactory(
        **standing | facts,
        room_id=room.id,
        starts_at=shown.starts_at,
        ends_at=shown.ends_at,
        event_on=shown.starts_at.date(),
    )
    if booking.status != "pending":
        booking.steps.append(BookingStep(to_status="confirmed", at=asked_at, position=1))
    if ended_at is not None:
        booking.steps.append(BookingStep(to_status=booking.status, at=ended_at, position=2))
    blocked = shown.widened(room.buffer_before_minutes, room.buffer_after_minutes)
    is_over = booking.status in ("cancelled", "rejected", "moved")
    session = object_session(booking)
    assert session is not None
    session.add(
        Claim(
            room_id=room.id,
            booking_id=booking.id,
            starts_at=shown.starts_at,
            ends_at=shown.ends_at,
            blocked=Range(blocked.starts_at, blocked.ends_at),
            blocks=not is_over,
            ended_at=ended_at if is_over else None,
            ended_as=booking.status if is_over else None,
            promise=promise | {"currency": "EUR"},
            created_at=asked_at,
        )
    )
    session.flush()
    return booking
