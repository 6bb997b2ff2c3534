"""Series are booked day by day through the one guard: foreseen as booked, mended, moved and called off (rule 22)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.errors import RoomTaken, SeriesRefused, TransitionRefused
from app.domains.bookings.models import (
    Booking,
    BookingSeries,
    BookingStatus,
    Claim,
    Occurrence,
    Outcome,
    Rhythm,
)
from app.domains.bookings.queries import (
    Repetition,
    ahead,
    days,
    foresee,
    lack_of,
    read_rooms,
    standing_in,
)
from app.domains.bookings.service import Change, Mode, Reach
from app.domains.venues.models import Closure, Room
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from app.kernel.outbox import OutboxRow
from app.kernel.values import Period
from tests.domains.rooms import next_monday, stored_room

CLIENT = {"client_name": "Amira", "client_email": "amira@example.com", "event_type": "corporate", "guests": 8}
WEEK = timedelta(days=7)


def weekly(times: int = 5, **facts: Any) -> Repetition:
    standing: dict[str, Any] = {"every": 1, "starts": time(12), "minutes": 120, "times": times}
    return Repetition(Rhythm.WEEKLY, first_on=next_monday(clock.now()), **standing | facts)


def at(number: int, starts: str = "12:00", ends: str = "14:00") -> Period:
    """Give a time on the day of a weekly series with this number."""
    day = next_monday(clock.now()) + number * WEEK
    return Period(*(datetime.fromisoformat(f"{day}T{wall}+00:00") for wall in (starts, ends)))


def outcomes(series: BookingSeries) -> list[str]:
    return [one.outcome for one in series.occurrences]


def news(session: Session, topic: str) -> list[dict[str, Any]]:
    found = select(OutboxRow.payload).where(OutboxRow.topic == topic).order_by(OutboxRow.id)
    return list(session.scalars(found))


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather the statements that are run inside."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    event.listen(db.session.connection(), "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.session.connection(), "before_cursor_execute", note)


@pytest.fixture
def room(session: Session) -> Room:
    return stored_room(session, advance_days=1000)


@pytest.fixture
def second(session: Session, room: Room) -> Room:
    """Give another room of the same venue."""
    found = stored_room(session, advance_days=1000)
    found.venue_id = room.venue_id
    session.flush()
    return found


def book(session: Session, room: Room, mode: Mode = Mode.SKIP, **facts: Any) -> BookingSeries:
    return service.book_series(session, CLIENT, room.id, weekly(**facts), mode)


def stand_in_the_way(session: Session, room: Room) -> None:
    """Let the second day be taken by a part, and the fourth be closed."""
    service.book_room(session, CLIENT, room.id, at(1, "13:00", "15:00"))
    closed = at(3, "00:00", "23:00")
    session.add(
        Closure(
            venue_id=room.venue_id, starts_at=closed.starts_at, ends_at=closed.ends_at, reason="Inventory"
        )
    )
    session.flush()


def test_what_cannot_be_booked_is_kept_with_its_reason(session: Session, room: Room) -> None:
    stand_in_the_way(session, room)
    series = book(session, room)
    assert outcomes(series) == ["booked", "taken", "booked", "closed", "booked"]
    taken, closed = series.occurrences[1], series.occurrences[3]
    assert taken.against[0]["rule"] == "free"
    assert taken.against[0]["against"][0]["starts_at"].endswith("13:00:00+00:00")
    assert closed.against[0]["against"][0]["reason"] == "Inventory"
    bookings = session.scalars(select(Booking).where(Booking.series_id == series.id)).all()
    assert [booking.total_minor for booking in bookings] == [8000] * 3
    assert session.scalar(select(func.count()).select_from(Claim).where(Claim.blocks)) == 4
    assert series.until_on == series.first_on + 4 * WEEK


def test_all_or_nothing_books_nothing_and_names_every_conflict(session: Session, room: Room) -> None:
    stand_in_the_way(session, room)
    with pytest.raises(SeriesRefused) as refused:
        book(session, room, Mode.ALL)
    assert [one.outcome for one in refused.value.conflicts] == [Outcome.TAKEN, Outcome.CLOSED]
    assert session.scalar(select(func.count()).select_from(BookingSeries)) == 0
    assert session.scalar(select(func.count()).select_from(Booking)) == 1


def test_a_series_of_which_no_day_can_be_is_refused(session: Session, room: Room) -> None:
    with pytest.raises(SeriesRefused):
        book(session, room, starts=time(3))
    with pytest.raises(Invalid):
        service.book_series(session, CLIENT | {"guests": 900}, room.id, weekly())


# Rule 23
@pytest.mark.parametrize("policy", ["block", "compete"])
def test_what_is_foreseen_is_what_is_booked(session: Session, room: Room, policy: str) -> None:
    """Days that last longer than until the next stand in each other's way."""
    room.pending_policy = policy
    room.maximum_minutes = 3000
    for line in session.get_one(type(room), room.id).prices:
        line.price_minor = 100
    stand_in_the_way(session, room)
    repetition = weekly(times=30, weekdays=(0, 1, 3), starts=time(9), minutes=720)
    dates = days(repetition, "UTC")
    now = clock.now()
    known = read_rooms(session.connection(), [room.id], dates, now)
    foreseen = foresee(known, room.id, dates, now)
    series = service.book_series(session, CLIENT, room.id, repetition)
    assert outcomes(series) == [one.outcome.value for one in foreseen]
    assert "booked" in outcomes(series)
    assert "closed" in outcomes(series)


def test_days_that_overlap_each_other_are_told(session: Session, room: Room) -> None:
    room.maximum_minutes = 3000
    room.step_minutes = 30
    from app.domains.venues.models import OpeningHours, Venue, Weekday

    venue = session.get_one(Venue, room.venue_id)
    venue.hours = [
        OpeningHours(weekday=day.value, mode="all_day", position=number) for number, day in enumerate(Weekday)
    ]
    session.flush()
    repetition = Repetition(
        Rhythm.DAILY, 1, next_monday(clock.now()), time(12), 1800, times=4
    )  # thirty hours each
    series = service.book_series(session, CLIENT, room.id, repetition)
    assert outcomes(series) == ["booked", "taken", "booked", "taken"]


def test_alternatives_are_another_room_and_the_nearest_time(
    session: Session, room: Room, second: Room
) -> None:
    stand_in_the_way(session, room)
    dates = days(weekly(), "UTC")
    known = read_rooms(session.connection(), [room.id, second.id], dates, clock.now())
    found = foresee(known, room.id, dates, clock.now(), guests=8)
    assert [rules.id for rules in found[1].other_rooms] == [second.id]
    assert found[1].nearest == at(1, "11:00", "13:00")
    assert found[3].other_rooms == ()  # the whole venue is closed
    assert found[3].nearest is None
    many = foresee(known, room.id, dates, clock.now(), guests=900)
    assert many[1].other_rooms == ()


def test_foreseeing_reads_twice_however_many_days_there_are(session: Session, room: Room) -> None:
    for times in (2, 157):
        dates = days(weekly(times=times), "UTC")
        with counted() as said:
            known = read_rooms(session.connection(), [room.id], dates, clock.now())
            foresee(known, room.id, dates, clock.now())
        assert len(said) == 2


# indico#4180
def test_a_day_that_was_left_out_is_added_later(session: Session, room: Room, second: Room) -> None:
    stand_in_the_way(session, room)
    series = book(session, room)
    taken, closed = series.occurrences[1], series.occurrences[3]
    with pytest.raises(RoomTaken), session.begin_nested():
        service.book_occurrence(session, taken)
    booking = service.book_occurrence(session, taken, room_id=second.id)
    assert (taken.outcome, taken.booking_id, taken.against) == ("booked", booking.id, [])
    assert (booking.room_id, booking.series_id, booking.starts_at) == (second.id, series.id, at(1).starts_at)
    with pytest.raises(TransitionRefused):
        service.book_occurrence(session, taken)
    service.leave_out(session, closed)
    assert outcomes(series) == ["booked", "booked", "booked", "left_out", "booked"]
    with pytest.raises(TransitionRefused):
        service.leave_out(session, taken)
    session.execute(Closure.__table__.delete())
    service.book_occurrence(session, closed, wish=at(3, "15:00", "17:00"))
    assert (closed.outcome, closed.starts_at) == ("booked", at(3, "15:00", "17:00").starts_at)


def test_a_day_whose_booking_was_called_off_can_be_booked_again(session: Session, room: Room) -> None:
    series = book(session, room)
    day = series.occurrences[2]
    service.cancel(session.get_one(Booking, day.booking_id))
    again = service.book_occurrence(session, day)
    assert day.booking_id == again.id


def test_a_month_without_the_day_and_a_time_without_an_instant_are_kept(session: Session) -> None:
    room = stored_room(session, zone="Europe/Lisbon", advance_days=1000)
    first = date(clock.now().year + 1, 1, 31)
    series = service.book_series(
        session, CLIENT, room.id, Repetition(Rhythm.MONTHLY, 1, first, time(12), 60, times=3), Mode.ALL
    )
    assert outcomes(series) == ["booked", "refused", "booked", "refused", "booked"]
    lack = lack_of(series.occurrences[1].against)
    assert lack is not None
    assert lack.value == "no_such_day"
    with pytest.raises(TransitionRefused):
        service.book_occurrence(session, series.occurrences[1])


def reach(session: Session, series: BookingSeries, how: Reach, number: int = 0) -> list[Any]:
    return service.within(session, series, how, series.occurrences[number])


def statuses(session: Session, series: BookingSeries) -> list[str]:
    return [one.booking.status if one.booking else "-" for one in standing_in(session, series)]


def test_one_this_and_later_or_all_are_called_off(session: Session, room: Room) -> None:
    series = book(session, room)
    assert service.cancel_days(session, series, reach(session, series, Reach.ONE, 1), "Ill") == 1
    assert statuses(session, series) == ["pending", "cancelled", "pending", "pending", "pending"]
    assert service.cancel_days(session, series, reach(session, series, Reach.LATER, 3)) == 2
    assert service.cancel_days(session, series, reach(session, series, Reach.ALL, 3)) == 2
    assert statuses(session, series) == ["cancelled"] * 5
    assert session.scalar(select(func.count()).select_from(Claim).where(Claim.blocks)) == 0
    assert [len(told["booking_ids"]) for told in news(session, "series.cancelled")] == [1, 2, 2]


def test_this_and_later_are_moved_and_the_guard_is_asked_for_each(session: Session, room: Room) -> None:
    series = book(session, room)
    service.book_room(session, CLIENT, room.id, at(3, "15:00", "16:00"))
    later = reach(session, series, Reach.LATER, 2)
    change = Change(starts=time(14), minutes=120)
    foreseen = service.foresee_change(session, series, later, change)
    told = {one.standing.occurrence.falls_on: one.foreseen.outcome.value for one in foreseen}
    with pytest.raises(SeriesRefused), session.begin_nested():
        service.move_days(session, series, later, change, Mode.ALL)
    moved = service.move_days(session, series, later, change)
    assert [one.foreseen.outcome.value for one in moved] == ["booked", "taken", "booked"]
    assert told == {one.standing.occurrence.falls_on: one.foreseen.outcome.value for one in moved}
    starts = [one.booking.starts_at.hour for one in standing_in(session, series) if one.booking]
    assert starts == [12, 12, 14, 12, 14]
    assert len(news(session, "series.moved")[0]["booking_ids"]) == 2
    assert all(told["in_series"] for told in news(session, "booking.moved"))


@pytest.mark.parametrize("days_on", [1, -1])
def test_days_that_lie_close_move_out_of_each_others_way(session: Session, room: Room, days_on: int) -> None:
    first = next_monday(clock.now())
    repetition = Repetition(Rhythm.DAILY, 1, first, time(9), 600, times=5)
    series = service.book_series(session, CLIENT, room.id, repetition, Mode.ALL)
    service.move_days(session, series, reach(session, series, Reach.ALL), Change(days_on=days_on), Mode.ALL)
    starts = [one.booking.starts_at.date() for one in standing_in(session, series) if one.booking]
    assert starts == [first + timedelta(days=number + days_on) for number in range(5)]


def test_days_move_to_another_room_and_further_ones_follow(
    session: Session, room: Room, second: Room
) -> None:
    series = book(session, room, times=3)
    change = Change(room_id=second.id, minutes=180)
    service.move_days(session, series, reach(session, series, Reach.ALL), change, Mode.ALL)
    service.keep_change(series, change)
    service.prolong(session, series, series.until_on + 2 * WEEK)
    bookings = [one.booking for one in standing_in(session, series) if one.booking]
    assert [booking.room_id for booking in bookings] == [second.id] * 5
    assert [booking.total_minor for booking in bookings] == [12000] * 5
    with pytest.raises(Invalid):
        service.prolong(session, series, series.until_on)


def test_a_booking_that_was_moved_alone_stays_the_days(session: Session, room: Room) -> None:
    series = book(session, room)
    booking = session.get_one(Booking, series.occurrences[1].booking_id)
    after = service.move(booking, room.id, at(1, "16:00", "18:00"))
    assert standing_in(session, series)[1].booking is after
    service.cancel_days(session, series, reach(session, series, Reach.ONE, 1))
    assert after.status == BookingStatus.CANCELLED


def test_all_are_confirmed_at_once_and_what_cannot_be_stays(session: Session, room: Room) -> None:
    room.pending_policy = "compete"
    session.flush()
    series = book(session, room)
    rival = service.book_room(session, CLIENT, room.id, at(2))
    service.confirm(rival)
    done, refused = service.confirm_days(session, series)
    assert (done, len(refused)) == (4, 0)
    assert statuses(session, series)[2] == "rejected"  # the rival's confirmation did that (rule 4)
    assert len(news(session, "series.confirmed")[0]["booking_ids"]) == 4


def test_only_days_that_have_not_begun_are_meant(session: Session, room: Room) -> None:
    series = book(session, room)
    standing = standing_in(session, series)
    assert len(ahead(standing, at(2, "12:00", "13:00").starts_at)) == 2


def test_one_series_is_one_piece_of_news(session: Session, room: Room) -> None:
    series = book(session, room)
    (told,) = news(session, "series.booked")
    assert told["series_id"] == str(series.id)
    assert len(told["booking_ids"]) == 5
    assert [one["in_series"] for one in news(session, "booking.received")] == [True] * 5
    service.book_room(session, CLIENT, room.id, at(9))
    assert news(session, "booking.received")[-1]["in_series"] is False


def test_a_day_of_another_series_is_not_found(session: Session, room: Room) -> None:
    from app.domains.bookings.errors import NoSuchBooking

    series = book(session, room)
    day = session.scalars(select(Occurrence)).first()
    assert day is not None
    assert service.occurrence_of(session, series, day.id) is day
    with pytest.raises(NoSuchBooking):
        service.occurrence_of(session, series, new_id())
    assert isinstance(day.id, UUID)
