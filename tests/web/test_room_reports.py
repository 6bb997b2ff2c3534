"""The charts of rooms: their numbers against a recount by hand, whose rows they are of, and their table of hours."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import true
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.bookings.models import Claim, Waiting
from app.domains.bookings.queries.breakdown import Breakdown
from app.domains.venues.models import Closure
from app.insights.occupancy import Occupancy, by_hours, read_occupancy
from app.insights.periods import Period
from app.kernel import clock
from app.kernel.values import Period as Span
from tests.domains.rooms import stored_room
from tests.factories import BookingFactory

MONDAY = date(2026, 9, 7)
PERIOD = Period(MONDAY, 2)
NOW = datetime(2026, 10, 1, tzinfo=UTC)
HOURS = 12 * 60
"""Minutes that the rooms of these tests are open on a day."""
NAMES = {"occupancy", "rooms", "venues", "availability", "room-hours", "room-lead-times", "busy"}


def keep(
    session: Session, room: Any, starts_at: datetime, hours: int, buffer: int = 0, **facts: Any
) -> Claim:
    """Keep a time for a booking with these facts, or for a hold where `until` says how long."""
    ends_at, until = starts_at + timedelta(hours=hours), facts.pop("until", None)
    booking = None
    if until is None:
        standing = {"status": "confirmed", "event_on": starts_at.date(), "currency": "EUR"} | facts
        booking = BookingFactory(room_id=room.id, starts_at=starts_at, ends_at=ends_at, **standing)
    around = timedelta(minutes=buffer)
    claim = Claim(
        room_id=room.id,
        booking_id=booking.id if booking else None,
        starts_at=starts_at,
        ends_at=ends_at,
        blocked=Range(starts_at - around, ends_at + around),
        expires_at=until,
        promise={},
    )
    session.add(claim)
    session.flush()
    return claim


def at(day: int, hour: int, zone: str = "UTC") -> datetime:
    """Give an hour of a day of the period, counted from 0, on the wall of a zone."""
    wall = datetime(MONDAY.year, MONDAY.month, MONDAY.day, hour, tzinfo=ZoneInfo(zone))
    return (wall + timedelta(days=day)).astimezone(UTC)


def found(session: Session) -> Occupancy:
    return read_occupancy(session, true(), true(), PERIOD, NOW)


def test_open_hours_are_booked_held_blocked_or_free_and_who_waits_is_told_apart(session: Session) -> None:
    """Rule 20."""
    room = stored_room(session)
    keep(session, room, at(0, 10), 2, buffer=30)
    keep(session, room, at(1, 9), 3, status="pending")
    keep(session, room, at(1, 15), 1, until=NOW + timedelta(hours=1))
    keep(session, room, at(2, 15), 1, until=NOW - timedelta(hours=1))
    session.add(Closure(venue_id=room.venue_id, reason="Paint", starts_at=at(3, 0), ends_at=at(4, 0)))
    facts = {"client_name": "Ben", "client_email": "ben@example.com"}
    session.add(Waiting(room_id=room.id, starts_at=at(0, 10), ends_at=at(0, 12), **facts))
    session.flush()
    (use,) = found(session).rooms

    first = Breakdown(7 * HOURS, 120, 240, 60 + HOURS, 7 * HOURS - 420 - HOURS, 120)
    assert use.weeks[2] == first
    assert use.weeks[3] == Breakdown(7 * HOURS, free=7 * HOURS)
    now, before = use.both
    assert (now, before) == (use.weeks[2] + use.weeks[3], Breakdown(14 * HOURS, free=14 * HOURS))
    assert now.total == now.booked + now.held + now.blocked + now.free


def test_a_week_ends_at_midnight_by_the_clocks_of_the_venue(session: Session) -> None:
    room = stored_room(session, "Pacific/Auckland")
    keep(session, room, at(6, 20, "Pacific/Auckland"), 1)
    keep(session, room, at(7, 9, "Pacific/Auckland"), 2)
    use = found(session)

    assert [week.booked for week in use.rooms[0].weeks] == [0, 0, 60, 120]
    assert use.busy == Counter({(6, 20): 60, (0, 9): 60, (0, 10): 60})
    assert room.id == use.rooms[0].id


def test_hours_of_the_clock_are_cut_where_the_zone_is_half_an_hour_off() -> None:
    span = Span(datetime(2026, 9, 7, 3, 45, tzinfo=UTC), datetime(2026, 9, 7, 5, 0, tzinfo=UTC))

    assert list(by_hours(span, ZoneInfo("Asia/Kolkata"))) == [((0, 9), 45), ((0, 10), 30)]


def test_an_hour_that_comes_twice_counts_twice() -> None:
    span = Span(datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC))

    assert list(by_hours(span, ZoneInfo("Europe/Berlin"))) == [((6, 2), 60), ((6, 2), 60)]


def test_what_is_earned_counts_in_the_week_of_its_start_by_currency(session: Session) -> None:
    room = stored_room(session)
    keep(session, room, at(1, 10), 2, total_minor=10_000)
    keep(session, room, at(8, 10), 2, total_minor=500, status="completed")
    keep(session, room, at(9, 10), 2, total_minor=700, currency="USD")
    for status in ("pending", "no_show"):
        keep(session, room, at(2 if status == "pending" else 3, 10), 2, total_minor=9, status=status)

    assert found(session).earned == {"EUR": Counter({2: 10_000, 3: 500}), "USD": Counter({3: 700})}


def test_the_number_of_statements_does_not_grow_with_rooms_and_bookings(
    session: Session, count_statements: Any
) -> None:
    def asked() -> int:
        with count_statements() as seen:
            found(session)
        return len(seen)

    keep(session, stored_room(session), at(0, 10), 2)
    few = asked()
    for number in range(4):
        room = stored_room(session)
        for day in range(number + 2):
            keep(session, room, at(day, 10), 2)
    assert asked() == few


@pytest.fixture
def limited() -> Iterator[None]:
    """Let a booking operator see one room alone, and its bookings."""

    def mine(model: Any, _user: Any) -> Any:
        return model.name == "Seen"

    rows.limit("room", "Booking operator", mine)
    rows.limit("booking", "Booking operator", lambda model, _user: model.client_name == "Seen")
    yield
    for name in ("room", "booking"):
        rows.lift(name, "Booking operator")


def test_row_rules_hold_in_the_charts_of_rooms(
    sign_in: Callable[[str], FlaskClient], session: Session, limited: None
) -> None:
    seen, other = stored_room(session, name="Seen"), stored_room(session, name="Other")
    today = clock.today()
    start = datetime.combine(today - timedelta(days=today.weekday()), datetime.min.time(), UTC)
    keep(session, seen, start + timedelta(hours=10), 6, client_name="Seen")
    keep(session, seen, start + timedelta(hours=17), 4, client_name="Somebody")
    keep(session, other, start + timedelta(hours=10), 10)
    session.commit()
    browser = sign_in("Booking operator")

    rooms = browser.get("/reports/rooms?weeks=4").get_data(as_text=True)
    assert "Seen, " in rooms
    assert "Other, " not in rooms
    written = browser.get("/reports/availability/csv?weeks=4").get_data(as_text=True).lstrip("\ufeff")
    told = {row[0]: row[1] for row in csv.reader(io.StringIO(written))}
    assert (told["Open"], told["Booked"], told["Blocked"], told["Free"]) == ("336", "6", "4", "326")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_chart_of_rooms_is_shown_with_its_file(
    sign_in: Callable[[str], FlaskClient], session: Session, name: str
) -> None:
    room = stored_room(session)
    today = clock.today()
    start = datetime.combine(today - timedelta(days=today.weekday()), datetime.min.time(), UTC)
    keep(session, room, start + timedelta(hours=10), 6, total_minor=50_000)
    session.commit()
    browser = sign_in("Admin")

    page = browser.get(f"/reports/{name}").get_data(as_text=True)
    if name == "room-lead-times":
        BookingFactory(event_on=today + timedelta(days=9))
        session.commit()
        assert browser.get(f"/reports/{name}").get_data(as_text=True) == page, "it has no room"
    assert "Nothing in this period." not in page
    assert browser.get(f"/reports/{name}/csv").status_code == 200
    if name == "busy":
        tones = re.findall(r'data-tone="(\d)"', page)
        assert len(tones) == 7 * 6
        assert Counter(tones) == Counter({"4": 6, "0": 36})
