"""A closure over bookings: they are listed before it is saved, and nothing becomes of them silently (rule 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Event, Timer
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.errors import TimeRefused
from app.domains.bookings.models import Booking, BookingStatus, Claim
from app.domains.bookings.queries.closures import affected, alternatives, dealt_with, held
from app.domains.bookings.service.closing import Choice, Decision, lock_closed, settle
from app.domains.venues.models import Closure, Room
from app.domains.venues.queries import Closed
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Invalid
from app.kernel.values import Period
from tests.domains.rooms import next_monday, period, stood, stored_room
from tests.factories.venues import RoomFactory

FACTS = {
    "client_name": "Amal Haddad",
    "client_email": "amal@example.com",
    "client_phone": None,
    "event_type": "wedding",
    "guests": 20,
    "message": "",
    "locale": "en",
    "time_zone": "UTC",
    "member_id": None,
    "package_id": None,
    "series_id": None,
}


@pytest.fixture
def room(session: Session) -> Room:
    return stored_room(session, name="Blue hall")


def monday() -> date:
    return next_monday(clock.now())


def times(starts: str = "12:00", ends: str = "14:00") -> Period:
    return period(starts, ends, monday())


def closed(session: Session, room: Room, shut: Period, *, whole: bool = True) -> Closure:
    closure = Closure(
        venue_id=room.venue_id,
        room_id=None if whole else room.id,
        reason="Painting",
        starts_at=shut.starts_at,
        ends_at=shut.ends_at,
    )
    session.add(closure)
    session.flush()
    return closure


# Rule 11
@pytest.mark.proves("S1.15")
def test_the_bookings_under_a_closure_are_listed_by_what_is_shown_of_them(
    session: Session, room: Room
) -> None:
    other = stored_room(session)
    other.venue_id = room.venue_id
    room.buffer_after_minutes = 60
    stood(room, times(), client_name="Under it")
    stood(room, times("16:00", "17:00"), client_name="Waits", status="pending")
    stood(room, times("09:00", "11:00"), client_name="Ends as it begins")
    stood(room, times("18:00", "19:00"), client_name="Called off", status="cancelled", ended_at=clock.now())
    stood(other, times("13:00", "15:00"), client_name="Next door")
    shut = times("11:00", "17:30")

    def names(key: UUID | None) -> list[str]:
        return [one.client_name for one in affected(session, room.venue_id, key, shut)]

    assert names(None) == ["Under it", "Next door", "Waits"]
    assert names(room.id) == ["Under it", "Waits"]
    assert names(RoomFactory().id) == [], "a room of another house is none of this one's"


def test_times_that_are_held_are_counted_while_they_are(session: Session, room: Room) -> None:
    service.hold(session, room.id, times())
    assert held(session, room.venue_id, None, times("11:00", "13:00"), clock.now()) == 1
    assert held(session, room.venue_id, None, times("15:00", "16:00"), clock.now()) == 0
    later = clock.now() + timedelta(minutes=31)
    assert held(session, room.venue_id, None, times("11:00", "13:00"), later) == 0


# Rule 23
def test_what_is_offered_instead_can_be_had(session: Session, room: Room) -> None:
    other, small = stored_room(session, name="Red hall"), stored_room(session, capacity=5)
    other.venue_id = small.venue_id = room.venue_id
    session.flush()
    booking = service.book_room(session, FACTS, room.id, times())
    shut = times("09:00", "15:00")
    concerned = affected(session, room.venue_id, room.id, shut)
    closing = Closed(shut, "", False)
    places = alternatives(session, room.venue_id, room.id, closing, concerned, clock.now())[booking.id]
    assert [place.room_name for place in places] == ["Red hall", *["Blue hall"] * 5]
    assert [(place.starts_at - times().starts_at).days for place in places] == [0, 0, 0, 1, 2, 0]
    assert [place.starts_at for place in places][:2] == [times().starts_at, times("15:00", "17:00").starts_at]
    closed(session, room, shut, whole=False)
    for place in places:
        with session.begin_nested() as savepoint:
            there = Period(place.starts_at, place.starts_at + timedelta(hours=2))
            assert service.move(booking, place.room_id, there).status == BookingStatus.PENDING
            savepoint.rollback()


def test_an_older_closure_in_whose_place_it_comes_does_not_count(session: Session, room: Room) -> None:
    old = times("09:00", "21:00")
    closed(session, room, old)
    stood(room, times(), guests=10)
    shut = times("12:00", "13:00")
    concerned = affected(session, room.venue_id, None, shut)
    standing = Closed(old, "Painting", True)
    now, closing = clock.now(), Closed(shut, "", True)
    key = concerned[0].id
    day = times().starts_at.date()

    def hours(instead_of: Closed | None = None) -> list[datetime]:
        found = alternatives(session, room.venue_id, None, closing, concerned, now, instead_of=instead_of)[
            key
        ]
        return [place.starts_at for place in found if place.starts_at.date() == day]

    assert not hours()
    assert hours(standing)


def test_what_is_decided_is_done_and_each_step_names_the_closure(session: Session, room: Room) -> None:
    moved, off, left = (
        service.book_room(session, FACTS, room.id, times(*when))
        for when in (("09:00", "10:00"), ("11:00", "12:00"), ("12:30", "14:00"))
    )
    closure = closed(session, room, times("09:00", "14:00"))
    done = settle(
        session,
        closure,
        [
            Decision(moved.id, Choice.MOVE, room.id, times("15:00", "16:00").starts_at),
            Decision(off.id, Choice.CALL_OFF),
            Decision(left.id, Choice.LEAVE),
        ],
    )
    assert [one.choice for one in done] == [Choice.MOVE, Choice.CALL_OFF]
    assert [moved.status, off.status, left.status] == ["moved", "cancelled", "pending"]
    assert done[0].successor is not None
    assert done[0].successor.starts_at == times("15:00", "16:00").starts_at
    assert all("Painting" in booking.steps[-1].reason for booking in (moved, off))
    dealt = dealt_with(session, room.venue_id, closure.id)
    assert [(one.id, one.status, one.successor_id) for one in dealt] == [
        (moved.id, "moved", done[0].successor.id),
        (off.id, "cancelled", None),
    ]
    session.delete(closure)
    session.flush()
    session.refresh(off.steps[-1])
    assert off.steps[-1].closure_id is None, "a closure that is taken away leaves the steps"


def test_one_that_cannot_be_done_undoes_all(session: Session, room: Room) -> None:
    first, second = (
        service.book_room(session, FACTS, room.id, times(*when))
        for when in (("09:00", "10:00"), ("11:00", "12:00"))
    )
    there = times("15:00", "16:00").starts_at
    decisions = [Decision(one.id, Choice.MOVE, room.id, there) for one in (first, second)]

    def close_and_move() -> None:
        with session.begin_nested():
            settle(session, closed(session, room, times("09:00", "14:00")), decisions)

    with pytest.raises(Invalid) as refused:
        close_and_move()
    assert "Amal Haddad" in str(refused.value.errors[""][0])
    session.expire_all()
    assert (first.status, second.status) == ("pending", "pending")
    assert session.scalar(select(func.count()).select_from(Closure)) == 0


def test_nobody_is_moved_into_the_closure(session: Session, room: Room) -> None:
    booking = service.book_room(session, FACTS, room.id, times())
    closure = closed(session, room, times("09:00", "18:00"))
    into = Decision(booking.id, Choice.MOVE, room.id, times("16:00", "18:00").starts_at)
    with pytest.raises(Invalid):
        settle(session, closure, [into])


def test_nobody_is_moved_out_of_the_venue_whose_rooms_are_locked(session: Session, room: Room) -> None:
    """Another venue's rooms may be another company's, and their locks would come out of order."""
    booking, elsewhere = service.book_room(session, FACTS, room.id, times()), stored_room(session)
    away = Decision(booking.id, Choice.MOVE, elsewhere.id, times().starts_at)
    with pytest.raises(Invalid) as refused:
        settle(session, closed(session, room, times("09:00", "18:00")), [away])
    assert "a room of this venue only" in str(refused.value.errors[""][0])
    assert booking.status == "pending"


# Rule 8
def test_other_buffers_leave_what_stands_and_bind_what_comes(session: Session, room: Room) -> None:
    booking = service.book_room(session, FACTS, room.id, times())
    before = session.scalars(select(Claim).where(Claim.booking_id == booking.id)).one().blocked
    room.buffer_after_minutes = room.buffer_before_minutes = 120
    session.flush()
    service.confirm(booking)
    session.expire_all()
    claim = session.scalars(select(Claim).where(Claim.booking_id == booking.id)).one()
    assert (claim.blocked, claim.blocks, booking.status) == (before, True, "confirmed")


@pytest.fixture
def committed(whole_app: Flask) -> Iterator[tuple[UUID, UUID]]:
    """Store a room for real, so that several connections see it, and take all of it away again."""
    with whole_app.app_context():
        with unit_of_work() as session:
            made = stored_room(session)
            keys = made.id, made.venue_id
        yield keys
        db.session.rollback()
        with unit_of_work() as session:
            tables = "booking, room_claim, closure, room, venue, company, city, country, outbox"
            session.execute(text(f"TRUNCATE {tables} CASCADE"))
        db.session.remove()


@pytest.mark.parametrize("booked_first", [True, False])
def test_a_booking_made_while_a_closure_is_saved_is_listed_or_refused(
    whole_app: Flask, committed: tuple[UUID, UUID], booked_first: bool
) -> None:
    """Each waits for the other under the room's lock: none is there unseen."""
    room_id, venue_id = committed
    is_in, may_end = Event(), Event()
    wish = times()

    def alone(work: Callable[[Session], Any], *, is_first: bool) -> Any:
        with whole_app.app_context():
            try:
                if not is_first:
                    is_in.wait(timeout=20)
                    Timer(0.3, may_end.set).start()  # the first ends while this one waits for it
                with unit_of_work() as session:
                    found = work(session)
                    if is_first:
                        is_in.set()
                        may_end.wait(timeout=20)
            except TimeRefused:
                return "refused"
            else:
                return found
            finally:
                db.session.remove()

    def close(session: Session) -> list[str]:
        closure = Closure(
            venue_id=venue_id, reason="Painting", starts_at=wish.starts_at, ends_at=wish.ends_at
        )
        session.add(closure)
        session.flush()
        lock_closed(session, closure)
        return [one.client_name for one in affected(session, venue_id, None, wish)]

    def book(session: Session) -> str:
        return service.book_room(session, FACTS, room_id, wish).client_name

    with ThreadPoolExecutor(2) as pool:
        booking = pool.submit(alone, book, is_first=booked_first)
        closing = pool.submit(alone, close, is_first=not booked_first)
        outcome = booking.result(30), closing.result(30)
    assert outcome == (("Amal Haddad", ["Amal Haddad"]) if booked_first else ("refused", []))
    assert db.session.scalar(select(func.count()).select_from(Booking)) == int(booked_first)
