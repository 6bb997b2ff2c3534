"""Days of a series are changed as far as they are the asker's, and nobody is rejected of whom was not told (rule 4)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.errors import SeriesRefused, TransitionRefused
from app.domains.bookings.models import Booking, BookingSeries, Occurrence
from app.domains.bookings.queries import competing, standing_in
from app.domains.bookings.service import Change, Mode, Reach
from app.domains.venues.models import Room, RoomPrice
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Conflict, DomainError
from tests.domains.rooms import stored_room
from tests.domains.test_repeating_service import CLIENT, WEEK, at, book, counted, statuses


@pytest.fixture
def room(session: Session) -> Room:
    return stored_room(session, advance_days=1000)


def of_room(room: Room) -> Any:
    """Give the condition of somebody whose bookings are those of one room."""
    key = room.id

    def seen(model: Any) -> ColumnElement[bool]:
        return model.room_id == key  # type: ignore[no-any-return]

    return seen


def booking_of(session: Session, series: BookingSeries, number: int) -> Booking:
    return session.get_one(Booking, series.occurrences[number].booking_id)


def test_a_day_that_went_to_a_room_of_others_is_not_meant(session: Session, room: Room) -> None:
    series, elsewhere = book(session, room), stored_room(session, advance_days=1000)
    service.move(booking_of(session, series, 1), elsewhere.id, at(1))
    seen = of_room(room)
    for how, number, many in ((Reach.ALL, 0, 4), (Reach.LATER, 1, 3), (Reach.ONE, 1, 0), (Reach.ONE, 2, 1)):
        meant = service.within(session, series, how, series.occurrences[number], seen)
        assert len(meant) == many, how
    assert service.confirm_days(session, series, seen=seen)[0] == 4
    assert statuses(session, series) == ["confirmed", "pending", "confirmed", "confirmed", "confirmed"]
    assert len(service.within(session, series, Reach.ALL)) == 5


# Rule 4
def test_nobody_is_rejected_of_whom_was_not_told(session: Session, room: Room) -> None:
    room.pending_policy = "compete"
    session.flush()
    series = book(session, room)
    rival = service.book_room(session, CLIENT, room.id, at(2))
    late = service.book_room(session, CLIENT, room.id, at(3, "13:00", "15:00"))
    waiting = service.waiting_days(session, series)
    assert {one.id for one in service.rivals_of(session, waiting)} == {rival.id, late.id}
    for told in ([], [rival.id]):
        with pytest.raises(Conflict):
            service.confirm_days(session, series, told=told)
    assert statuses(session, series) == ["pending"] * 5
    assert (rival.status, late.status) == ("pending", "pending")
    done, refused = service.confirm_days(session, series, told=[rival.id, late.id])
    assert (done, refused) == (5, [])
    assert (rival.status, late.status) == ("rejected", "rejected")
    assert competing(session, booking_of(session, series, 2)) == []


@pytest.fixture
def dear(session: Session, room: Room) -> Room:
    """Give another room of the same venue, which is priced in another currency."""
    found = stored_room(session, advance_days=1000)
    found.venue_id = room.venue_id
    found.prices.clear()
    session.flush()
    found.currency = "CHF"
    found.prices = [RoomPrice(minutes=60, price_minor=9000)]
    session.flush()
    return found


def test_what_no_rule_of_the_room_says_refuses_that_day_alone(
    session: Session, room: Room, dear: Room
) -> None:
    series = book(session, room)
    free = booking_of(session, series, 1)
    free.currency, free.total_minor = "CHF", 0  # as one that was booked there before
    session.flush()
    meant = service.within(session, series, Reach.ALL)
    change = Change(room_id=dear.id)
    with pytest.raises(SeriesRefused, match="another currency"), session.begin_nested():
        service.move_days(session, series, meant, change, Mode.ALL)
    told = service.move_days(session, series, meant, change)
    assert [one.foreseen.is_free for one in told] == [False, True, False, False, False]
    assert [len(one.words) for one in told] == [1, 0, 1, 1, 1]
    assert "another currency" in str(told[0].words[0])
    rooms = [one.booking.room_id for one in standing_in(session, series) if one.booking]
    assert rooms == [room.id, dear.id, room.id, room.id, room.id]


# Rules 16 and 17
def test_another_currency_is_foreseen_in_words(session: Session, room: Room, dear: Room) -> None:
    series = book(session, room)
    free = booking_of(session, series, 1)
    free.currency, free.total_minor = "CHF", 0
    session.flush()
    meant = service.within(session, series, Reach.ALL)
    foreseen = service.foresee_change(session, series, meant, Change(room_id=dear.id))
    told = sorted(foreseen, key=lambda one: one.standing.occurrence.falls_on)
    assert [one.foreseen.is_free for one in told] == [False, True, False, False, False]
    assert [len(one.words) for one in told] == [1, 0, 1, 1, 1]
    assert "another currency" in str(told[0].words[0])
    assert statuses(session, series) == ["pending"] * 5


# Rule 22
def test_a_day_with_too_many_guests_keeps_its_time_from_the_others(session: Session, room: Room) -> None:
    """What is foreseen is what becomes of each day, also where one stays onto which another was to move."""
    series = book(session, room)
    booking_of(session, series, 1).guests = room.capacity + 1
    session.flush()
    meant, change = service.within(session, series, Reach.ALL), Change(days_on=7)
    foreseen = service.foresee_change(session, series, meant, change)
    told = {one.standing.occurrence.falls_on: one for one in foreseen}
    days = [told[one.falls_on] for one in series.occurrences]
    assert [one.foreseen.outcome.value for one in days] == ["taken", "refused", "booked", "booked", "booked"]
    assert [len(one.words) for one in days] == [0, 1, 0, 0, 0]
    assert "guests at most" in str(days[1].words[0])
    moved = service.move_days(session, series, meant, change)
    assert [one.foreseen.is_free for one in moved] == [False, False, True, True, True]


def test_what_is_foreseen_of_a_move_costs_as_many_statements_however_many_days_it_has(
    session: Session, room: Room, dear: Room
) -> None:
    spent = []
    for number, times in enumerate((2, 2, 30)):
        series = book(session, room, times=times, starts=time(9 + 2 * number), minutes=60)
        meant = service.within(session, series, Reach.ALL)
        with counted() as said:
            service.foresee_change(session, series, meant, Change(room_id=dear.id))
        spent.append(len(said))
    assert spent[1] == spent[2]


def test_a_move_of_which_no_day_can_be_says_why_in_words(session: Session, room: Room, dear: Room) -> None:
    series = book(session, room)
    meant = service.within(session, series, Reach.ALL)
    with pytest.raises(SeriesRefused, match="another currency"):
        service.move_days(session, series, meant, Change(room_id=dear.id, starts=time(14)))
    assert statuses(session, series) == ["pending"] * 5


@pytest.fixture
def stored(whole_app: Flask) -> Iterator[UUID]:
    """Store a series for real, and take all of it away again."""
    with whole_app.app_context():
        with unit_of_work() as session:
            key = book(session, stored_room(session, advance_days=1000), times=2).id
        db.session.remove()
        yield key
        db.session.rollback()
        with unit_of_work() as session:
            tables = "occurrence, booking_series, room_claim, booking, room, venue, company, city, country"
            session.execute(text(f"TRUNCATE {tables}, outbox CASCADE"))
        db.session.remove()


# Rule 22
def test_of_two_who_add_the_same_days_at_once_one_adds_them(whole_app: Flask, stored: UUID) -> None:
    both_have_read = Barrier(2)

    def prolong() -> str:
        with whole_app.app_context():
            try:
                with unit_of_work() as session:
                    series = session.get_one(BookingSeries, stored)
                    until_on = series.occurrences[-1].falls_on + 2 * WEEK
                    both_have_read.wait(timeout=30)
                    return str(len(service.prolong(session, series, until_on)))
            except DomainError as error:
                return error.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(future.result() for future in [pool.submit(prolong) for _each in range(2)])
    assert said == ["2", "invalid"]
    of_it = select(Occurrence.outcome).where(Occurrence.series_id == stored)
    assert list(db.session.scalars(of_it)) == ["booked"] * 4


def test_a_series_that_went_to_another_room_meanwhile_is_not_prolonged(session: Session, room: Room) -> None:
    series, other = book(session, room), stored_room(session, advance_days=1000)
    until_on, of_it = series.until_on + 2 * WEEK, BookingSeries.__table__
    session.execute(update(of_it).where(of_it.c.id == series.id).values(room_id=other.id))
    with pytest.raises(TransitionRefused):
        service.prolong(session, series, until_on)
    assert len(series.occurrences) == 5
