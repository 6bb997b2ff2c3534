"""A time in a room is kept for one, whoever asks and how many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domains.bookings import jobs, service
from app.domains.bookings.errors import HoldEnded, NoSuchRoom, RoomTaken, TimeRefused, TransitionRefused
from app.domains.bookings.models import BookingStatus, Claim, ClaimEnd
from app.domains.bookings.queries import Rule, calendar_of, competing
from app.domains.venues.models import Closure, Room
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.kernel.ids import new_id
from app.kernel.outbox import OutboxRow
from app.kernel.values import Period
from tests.domains.rooms import next_monday, stored_room
from tests.factories import BookingFactory

THREADS = 10


def wish(starts: str = "12:00", ends: str = "14:00") -> Period:
    day = next_monday(clock.now())
    return Period(*(datetime.fromisoformat(f"{day}T{wall}+00:00") for wall in (starts, ends)))


def later(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    now = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: now)


def news(session: Session, topic: str) -> int:
    return session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.topic == topic)) or 0


@pytest.fixture
def room(session: Session) -> Room:
    found = stored_room(session, buffer_after_minutes=30)
    session.commit()
    return found


def test_a_held_time_is_nobody_elses(session: Session, room: Room) -> None:
    claim = service.hold(session, room.id, wish())
    assert claim.expires_at is not None
    assert claim.expires_at - clock.now() <= timedelta(minutes=30)
    assert news(session, "room.time_held") == 1
    for starts, ends in (("12:00", "14:00"), ("13:30", "15:00"), ("11:00", "12:30"), ("14:00", "15:00")):
        with pytest.raises(RoomTaken):
            service.hold(session, room.id, wish(starts, ends))
    service.hold(session, room.id, wish("14:30", "16:00"))  # rule 8: half an hour to clean up lies between


def test_a_time_that_breaks_rules_is_refused_by_name(session: Session, room: Room) -> None:
    with pytest.raises(TimeRefused) as refused:
        service.hold(session, room.id, wish("20:00", "22:10"))
    assert [finding.rule for finding in refused.value.findings] == [Rule.LENGTH, Rule.HOURS]
    with pytest.raises(NoSuchRoom):
        service.hold(session, new_id(), wish())
    assert session.scalar(select(func.count()).select_from(Claim)) == 0


# Rule 17: what was promised stays
def test_a_hold_keeps_the_price_it_was_made_at(session: Session, room: Room) -> None:
    claim = service.hold(session, room.id, wish("12:00", "17:00"))
    room.prices[0].price_minor = 9900
    session.flush()
    assert claim.promise["quote"] == {
        "total_minor": 18000,
        "lines": [
            {"minutes": 240, "times": 1, "price_minor": 14000},
            {"minutes": 60, "times": 1, "price_minor": 4000},
        ],
    }


# Rule 5
def test_one_second_after_its_time_a_hold_is_free_though_nothing_has_swept_it(
    session: Session, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = service.hold(session, room.id, wish())
    later(monkeypatch, minutes=30, seconds=-1)
    with pytest.raises(RoomTaken):
        service.hold(session, room.id, wish())
    later(monkeypatch, seconds=1)
    assert service.hold(session, room.id, wish()).id != first.id
    session.refresh(first)
    assert (first.ended_as, first.blocks) == (ClaimEnd.EXPIRED, False)
    assert news(session, "room.time_freed") == 1


# Rule 7
@pytest.mark.proves("S1.103")
def test_the_sweeper_frees_once_however_often_it_runs(
    session: Session, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.hold(session, room.id, wish())
    kept = service.hold(session, room.id, wish("16:00", "18:00"))
    kept.expires_at = clock.now() + timedelta(hours=2)
    session.flush()
    later(monkeypatch, minutes=31)
    assert [jobs.free_lapsed() for _ in range(3)] == [1, 0, 0]
    assert news(session, "room.time_freed") == 1
    session.refresh(kept)
    assert kept.ended_as is None


# Rule 6
def test_a_hold_becomes_a_booking_once_and_in_time(
    session: Session, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, late = (
        service.hold(session, room.id, wish(*when)) for when in (("12:00", "14:00"), ("16:00", "18:00"))
    )
    booking, other = BookingFactory(), BookingFactory()
    taken = service.take_up(session, claim.id, booking)
    assert (taken.booking_id, taken.expires_at, taken.blocks) == (booking.id, None, True)
    with pytest.raises(HoldEnded):
        service.take_up(session, claim.id, other)
    with pytest.raises(HoldEnded):
        service.release(session, claim.id)
    later(monkeypatch, minutes=30)
    with pytest.raises(HoldEnded):
        service.take_up(session, late.id, other)


def test_a_members_hold_is_taken_up_by_no_other(session: Session, room: Room) -> None:
    from tests.domains.members.steps import make_member

    claim = service.hold(session, room.id, wish(), member_id=make_member().id)
    with pytest.raises(HoldEnded):
        service.take_up(session, claim.id, BookingFactory())


def test_a_released_hold_is_free_at_once_and_only_once(session: Session, room: Room) -> None:
    claim = service.hold(session, room.id, wish())
    service.release(session, claim.id)
    with pytest.raises(HoldEnded):
        service.release(session, claim.id)
    service.hold(session, room.id, wish())


# Rules 3 and 4
def test_of_competing_requests_one_is_confirmed_and_the_others_are_listed_and_then_rejected(
    session: Session,
) -> None:
    room = stored_room(session, pending_policy="compete")
    first, second, third = BookingFactory(), BookingFactory(), BookingFactory()
    for booking, when in ((first, wish()), (second, wish("13:00", "15:00")), (third, wish("15:00", "16:00"))):
        assert not service.claim_for(session, booking, room.id, when).blocks
    assert competing(session, first) == [second]
    assert competing(session, second) == [first]
    service.confirm(first)
    assert (first.status, second.status, third.status) == ("confirmed", "rejected", "pending")
    assert second.steps[-1].reason == "Another booking was confirmed for this time."
    assert news(session, "booking.rejected") == 1
    with pytest.raises(TransitionRefused):
        service.confirm(second)


# Rule 3
def test_who_lost_a_time_between_asking_and_confirming_is_told_so(session: Session) -> None:
    room = stored_room(session, pending_policy="compete")
    booking = BookingFactory()
    service.claim_for(session, booking, room.id, wish())
    service.hold(session, room.id, wish("13:00", "15:00"))
    with pytest.raises(RoomTaken):
        service.confirm(booking)
    assert booking.status == BookingStatus.PENDING


# Rule 4: a room may keep the time of a request
def test_where_a_request_keeps_the_time_a_second_is_refused(session: Session, room: Room) -> None:
    booking = BookingFactory()
    assert service.claim_for(session, booking, room.id, wish()).blocks
    with pytest.raises(RoomTaken):
        service.claim_for(session, BookingFactory(), room.id, wish())
    service.cancel(booking)
    service.claim_for(session, BookingFactory(), room.id, wish())


# Rule 11
def test_a_closure_lies_over_bookings_and_lets_no_new_one_be_confirmed(session: Session) -> None:
    room = stored_room(session, pending_policy="compete")
    booking = BookingFactory()
    claim = service.claim_for(session, booking, room.id, wish())
    session.add(
        Closure(venue_id=room.venue_id, reason="Painting", starts_at=claim.starts_at, ends_at=claim.ends_at)
    )
    session.flush()
    assert claim.ended_as is None, "nothing is cancelled silently"
    with pytest.raises(TimeRefused) as refused:
        service.confirm(booking)
    assert [finding.rule for finding in refused.value.findings] == [Rule.CLOSURE]


# Rules 3 and 11
def test_what_was_closed_meanwhile_is_not_confirmed_though_its_time_was_kept(
    session: Session, room: Room
) -> None:
    booking = BookingFactory()
    claim = service.claim_for(session, booking, room.id, wish())
    session.add(
        Closure(venue_id=room.venue_id, reason="Painting", starts_at=claim.starts_at, ends_at=claim.ends_at)
    )
    session.flush()
    with pytest.raises(TimeRefused):
        service.confirm(booking)


# Rule 8
def test_new_buffers_leave_what_is_booked_as_it_is(session: Session, room: Room) -> None:
    service.claim_for(session, BookingFactory(), room.id, wish("12:00", "13:00"))
    service.claim_for(session, BookingFactory(), room.id, wish("13:30", "14:30"))
    room.buffer_after_minutes = room.buffer_before_minutes = 240
    session.flush()
    assert session.scalar(select(func.count()).select_from(Claim).where(Claim.blocks)) == 2


# Rule 23
def test_what_search_offers_can_be_held(session: Session, room: Room) -> None:
    service.hold(session, room.id, wish("12:00", "14:00"))
    day = next_monday(clock.now())
    found = calendar_of(session.connection(), room.id, day, day, clock.now())
    assert found is not None
    slots = found.slots(120, clock.now())
    assert len(slots) == 12, "from nine and half past nine, and ten from half past two on"
    for slot in slots:
        service.release(session, service.hold(session, room.id, slot.period).id)


def test_the_database_itself_refuses_two_that_overlap(session: Session, room: Room) -> None:
    claim = service.hold(session, room.id, wish())
    facts = {
        "room_id": room.id,
        "starts_at": claim.starts_at,
        "ends_at": claim.ends_at,
        "promise": {},
        "blocked": Range(claim.starts_at, claim.ends_at),
        "expires_at": claim.expires_at,
    }
    with pytest.raises(IntegrityError, match="room_claim_no_overlap"), session.begin_nested():
        session.execute(insert(Claim).values(facts))
    with session.begin_nested():
        session.execute(insert(Claim).values(facts | {"blocks": False}))
    with pytest.raises(IntegrityError, match="room_claim_no_overlap"), session.begin_nested():
        session.execute(update(Claim).values(blocks=True))


@pytest.fixture
def committed(whole_app: Flask) -> Iterator[UUID]:
    """Store a room for real, so that many connections see it, and take all of it away again."""
    with whole_app.app_context():
        with unit_of_work() as session:
            key = stored_room(session).id
        yield key
        db.session.rollback()
        with unit_of_work() as session:
            tables = "room_claim, room, venue, company, city, country, outbox"
            session.execute(text(f"TRUNCATE {tables} CASCADE"))
        db.session.remove()


# Rule 2
def test_of_fifty_who_want_one_time_exactly_one_gets_it(whole_app: Flask, committed: UUID) -> None:
    start, asked = Barrier(THREADS), wish()

    def one(number: int) -> str:
        with whole_app.app_context():
            start.wait(timeout=30)
            try:
                with unit_of_work() as session:
                    shifted = timedelta(minutes=30 * (number % 3 - 1))
                    service.hold(
                        session, committed, Period(asked.starts_at + shifted, asked.ends_at + shifted)
                    )
            except RoomTaken:
                return "taken"
            finally:
                db.session.remove()
            return "won"

    with ThreadPoolExecutor(THREADS) as pool:
        assert Counter(pool.map(one, range(50))) == {"won": 1, "taken": 49}
    assert db.session.scalar(select(func.count()).select_from(Claim).where(Claim.blocks)) == 1
