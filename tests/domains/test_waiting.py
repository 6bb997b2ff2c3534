"""Rule 21: who waits for a time is offered it in their order, and nobody is skipped in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.bookings import jobs, service
from app.domains.bookings.errors import (
    AlreadyWaiting,
    NoSuchRoom,
    OfferEnded,
    RoomTaken,
    TimeIsFree,
    TimeRefused,
    TransitionRefused,
)
from app.domains.bookings.models import Booking, Claim, Waiting, WaitingStatus
from app.domains.bookings.queries import Rule, waiting_in
from app.domains.venues.models import Closure, Room, Venue
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from app.kernel.outbox import OutboxRow
from app.kernel.values import Period
from tests.domains.rooms import stored_room
from tests.domains.waiting import booked, facts, join, later, reasons, statuses, wish
from tests.outbox import deliver_all

W = WaitingStatus


@pytest.fixture
def room(session: Session) -> Room:
    found = stored_room(session, buffer_after_minutes=30, capacity=50)
    session.commit()
    return found


@pytest.fixture
def taken(session: Session, room: Room) -> Booking:
    return booked(session, room.id, wish())


def freed(session: Session, booking: Booking) -> None:
    """Call a booking off, and let the news go round."""
    service.cancel(booking)
    session.commit()
    deliver_all()


def test_only_a_time_that_is_taken_and_else_bookable_can_be_waited_for(
    session: Session, room: Room, taken: Booking
) -> None:
    with pytest.raises(TimeIsFree):
        join(session, room.id, "Amal", ("16:00", "18:00"))
    with pytest.raises(TimeRefused) as refused:
        join(session, room.id, "Amal", ("13:10", "22:30"))
    assert Rule.HOURS in [finding.rule for finding in refused.value.findings]
    assert Rule.FREE not in [finding.rule for finding in refused.value.findings]
    with pytest.raises(Invalid):
        join(session, room.id, "Amal", guests=51)
    with pytest.raises(NoSuchRoom):
        join(session, new_id(), "Amal")


def test_the_same_client_waits_for_a_time_once(session: Session, room: Room, taken: Booking) -> None:
    first = join(session, room.id, "Amal")
    with pytest.raises(AlreadyWaiting):
        join(session, room.id, "Amal", client_email="AMAL@example.com")
    with pytest.raises(AlreadyWaiting):  # nor for one that meets it
        join(session, room.id, "Amal", ("13:00", "15:00"))
    service.leave(first)
    join(session, room.id, "Amal")


def test_a_cancelled_bookings_time_is_offered_to_the_first_and_held_for_a_day(
    session: Session, room: Room, taken: Booking
) -> None:
    first, second = join(session, room.id, "Amal"), join(session, room.id, "Bo")
    freed(session, taken)
    assert statuses(first, second) == [W.OFFERED, W.WAITING]
    claim = session.get_one(Claim, first.claim_id)
    assert (claim.starts_at, claim.ends_at, claim.blocks) == (first.starts_at, first.ends_at, True)
    assert claim.expires_at is not None
    assert timedelta(hours=23, minutes=59) < claim.expires_at - clock.now() <= timedelta(hours=24)
    with pytest.raises(RoomTaken):  # an offer is a hold: rule 5 and 6 keep it
        service.hold(session, room.id, wish())
    assert service.pass_on(session, claim.id) == [], "the news may come twice"
    booking = service.accept(first, {"event_type": "wedding"})
    session.commit()
    assert (first.status, first.booking_id) == (W.ACCEPTED, booking.id)
    assert (booking.client_name, booking.total_minor, booking.room_id) == ("Amal", 8000, room.id)
    assert service.accept(first).id == booking.id, "twice gives the same booking"
    assert session.get_one(Claim, claim.id).booking_id == booking.id
    deliver_all()
    assert second.status == W.WAITING


# Rule 24
def test_each_change_has_its_actor_time_reason_and_one_piece_of_news(
    session: Session, room: Room, taken: Booking
) -> None:
    first = join(session, room.id, "Amal")
    freed(session, taken)
    service.decline(first, "Too dear")
    service.decline(first, "again")
    session.flush()
    assert [(step.to_status, step.reason) for step in first.steps] == [
        ("waiting", ""),
        ("offered", ""),
        ("declined", "Too dear"),
    ]
    assert all(step.at is not None for step in first.steps)
    news = select(OutboxRow.topic, func.count()).where(OutboxRow.topic.like("waiting.%"))
    told = dict(session.execute(news.group_by(OutboxRow.topic)).all())
    assert told == {"waiting.joined": 1, "waiting.offered": 1, "waiting.ended": 1}


def test_the_end_of_a_wait_is_never_left(session: Session, room: Room, taken: Booking) -> None:
    waiting = join(session, room.id, "Amal")
    service.close(waiting, "The house is full.")
    for verb in (service.leave, service.decline):
        with pytest.raises(TransitionRefused):
            verb(waiting)
    with pytest.raises(OfferEnded):
        service.accept(waiting)
    service.close(waiting)
    assert waiting.status == W.CLOSED
    assert all(
        not after
        for status, after in service.WAITING_TRANSITIONS.items()
        if status not in (W.WAITING, W.OFFERED)
    )


def test_a_declined_offer_goes_to_the_next_and_so_does_one_of_who_leaves(
    session: Session, room: Room, taken: Booking
) -> None:
    first, second, third = (join(session, room.id, name) for name in ("Amal", "Bo", "Cleo"))
    freed(session, taken)
    service.decline(first)
    session.commit()
    deliver_all()
    assert statuses(first, second, third) == [W.DECLINED, W.OFFERED, W.WAITING]
    service.leave(second)
    session.commit()
    deliver_all()
    assert statuses(second, third) == [W.LEFT, W.OFFERED]


def test_an_offer_that_lapses_goes_to_the_next_and_cannot_be_accepted_though_no_job_has_run(
    session: Session, room: Room, taken: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 5 and 7: the clock decides, the sweeper only tidies, and does so once."""
    first, second = join(session, room.id, "Amal"), join(session, room.id, "Bo")
    freed(session, taken)
    later(monkeypatch, hours=24)
    with pytest.raises(OfferEnded):
        service.accept(first)
    with pytest.raises(OfferEnded):
        service.decline(first)
    assert [jobs.free_lapsed() for _ in range(2)] == [1, 0]
    deliver_all()
    session.expire_all()
    assert statuses(first, second) == [W.LAPSED, W.OFFERED]
    assert reasons(first)[-1] == service.Reason.NO_ANSWER
    deliver_all()
    assert len(first.steps) == 3


def test_an_offer_ends_with_the_notice_but_lasts_half_an_hour_at_least(
    session: Session, room: Room, taken: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = join(session, room.id, "Amal")
    hours = int((waiting.starts_at - clock.now()).total_seconds() // 3600)
    later(monkeypatch, hours=hours - room.notice_minutes // 60 - 6)
    freed(session, taken)
    claim = session.get_one(Claim, waiting.claim_id)
    assert claim.expires_at == waiting.starts_at - timedelta(minutes=room.notice_minutes)
    other = booked(session, room.id, wish("16:00", "18:00"))
    last = join(session, room.id, "Bo", ("16:00", "18:00"))
    until = last.starts_at - timedelta(minutes=room.notice_minutes) - clock.now()
    later(monkeypatch, seconds=int(until.total_seconds()) - 60)
    freed(session, other)
    claim = session.get_one(Claim, last.claim_id)
    assert claim.expires_at == clock.now() + service.SHORTEST_OFFER


def test_who_has_too_many_guests_is_passed_over_with_a_reason_and_keeps_waiting(
    session: Session, room: Room, taken: Booking
) -> None:
    large, small = join(session, room.id, "Amal", guests=50), join(session, room.id, "Bo", guests=8)
    room.capacity = 20
    freed(session, taken)
    assert statuses(large, small) == [W.WAITING, W.OFFERED]
    assert reasons(large) == ["", service.Reason.TOO_MANY_GUESTS]
    service.offer_next(session, room.id, wish())
    assert reasons(large) == ["", service.Reason.TOO_MANY_GUESTS], "a reason that stands is told once"
    service.decline(small)
    room.capacity = 50
    session.commit()
    assert [jobs.tend_waiting() for _ in range(2)] == [1, 0], "no news tell of a larger room, the job looks"
    session.expire_all()
    assert large.status == W.OFFERED


def test_who_still_waits_for_others_is_passed_over_with_a_reason(session: Session, room: Room) -> None:
    morning, evening = (
        booked(session, room.id, wish(*when)) for when in (("10:00", "12:00"), ("13:00", "15:00"))
    )
    both = join(session, room.id, "Amal", ("10:00", "15:00"))
    late = join(session, room.id, "Bo", ("13:00", "15:00"))
    behind = join(session, room.id, "Cleo", ("13:00", "14:30"))
    freed(session, evening)
    assert statuses(both, late, behind) == [W.WAITING, W.OFFERED, W.WAITING]
    assert reasons(both)[-1] == service.Reason.STILL_TAKEN
    assert reasons(behind) == [""], "who stands behind is not passed over"
    service.decline(late)
    freed(session, morning)
    assert statuses(both) == [W.OFFERED], "now all of it is free"


def test_after_one_offer_others_are_offered_what_is_left(session: Session, room: Room) -> None:
    long = booked(session, room.id, wish("10:00", "18:00"))
    first = join(session, room.id, "Amal", ("10:00", "12:00"))
    same = join(session, room.id, "Bo", ("11:00", "13:00"))
    other = join(session, room.id, "Cleo", ("15:00", "17:00"))
    freed(session, long)
    assert statuses(first, same, other) == [W.OFFERED, W.WAITING, W.OFFERED]
    assert reasons(same)[-1] == service.Reason.STILL_TAKEN


def test_staff_may_offer_out_of_turn_with_a_reason_that_those_passed_over_see(
    session: Session, room: Room, taken: Booking
) -> None:
    first, second = join(session, room.id, "Amal"), join(session, room.id, "Bo")
    with pytest.raises(RoomTaken):
        service.offer_now(second, "A regular guest")
    service.cancel(taken)
    with pytest.raises(Invalid):
        service.offer_now(second, " ")
    service.offer_now(second, "A regular guest")
    assert statuses(first, second) == [W.WAITING, W.OFFERED]
    assert (reasons(first)[-1], reasons(second)[-1]) == (service.Reason.OUT_OF_TURN, "A regular guest")


# pretix#2119
def test_a_room_that_is_not_offered_any_more_closes_its_waits_and_says_why(
    session: Session, room: Room, taken: Booking
) -> None:
    waiting, offered = join(session, room.id, "Amal"), join(session, room.id, "Bo", ("13:00", "15:00"))
    service.cancel(taken)
    service.offer_now(offered, "A regular guest")
    room.is_active = False
    session.flush()
    service.close_unoffered(session, room)
    assert statuses(waiting, offered) == [W.CLOSED, W.OFFERED], "what was offered stays promised"
    assert reasons(waiting)[-1] == service.Reason.NOT_OFFERED
    assert service.accept(offered).room_id == room.id


def test_what_plain_sql_closed_is_found_by_the_job(
    session: Session, room: Room, taken: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, late = join(session, room.id, "Amal"), join(session, room.id, "Bo", ("13:00", "15:00"))
    session.get_one(Venue, room.venue_id).is_active = False
    session.commit()
    assert [jobs.tend_waiting() for _ in range(2)] == [2, 0]
    session.expire_all()
    assert reasons(waiting)[-1] == service.Reason.NOT_OFFERED
    session.get_one(Venue, room.venue_id).is_active = True
    again = join(session, room.id, "Amal")
    session.commit()
    later(monkeypatch, days=30)
    assert jobs.tend_waiting() == 1
    session.expire_all()
    assert (again.status, reasons(again)[-1]) == (W.CLOSED, service.Reason.TOO_LATE)
    assert late.status == W.CLOSED


def test_a_closure_closes_the_waits_it_makes_impossible(session: Session, room: Room, taken: Booking) -> None:
    under, beside = join(session, room.id, "Amal"), join(session, room.id, "Bo", ("13:30", "15:00"))
    closure = Closure(venue_id=room.venue_id, reason="Painting", starts_at=wish("11:00", "13:00").starts_at)
    closure.ends_at = wish("11:00", "13:00").ends_at
    session.add(closure)
    session.flush()
    service.close_under(session, closure)
    assert statuses(under, beside) == [W.CLOSED, W.WAITING]
    assert reasons(under)[-1] == service.Reason.CLOSED_THEN


# Rule 3: the promotion goes through the guard that books
def test_a_time_that_a_closure_took_is_not_offered(session: Session, room: Room, taken: Booking) -> None:
    waiting = join(session, room.id, "Amal")
    when = wish()
    session.add(
        Closure(venue_id=room.venue_id, reason="Painting", starts_at=when.starts_at, ends_at=when.ends_at)
    )
    freed(session, taken)
    assert (waiting.status, reasons(waiting)[-1]) == (W.CLOSED, service.Reason.CLOSED_THEN)
    assert session.scalar(select(func.count()).select_from(Claim).where(Claim.blocks)) == 0


# Rule 20
def test_who_waits_is_counted_apart(session: Session, room: Room, taken: Booking) -> None:
    join(session, room.id, "Amal", guests=12)
    found = waiting_in(session.connection(), [room.id], wish("13:00", "20:00"))
    assert [(one.room_id, one.guests, one.is_offered) for one in found] == [(room.id, 12, False)]
    assert waiting_in(session.connection(), [room.id], wish("14:00", "20:00")) == []


def test_a_place_that_is_edited_is_not_admitted_anew(app: Flask, session: Session, room: Room) -> None:
    waiting = Waiting(**facts("Amal"), room_id=room.id, starts_at=wish().starts_at, ends_at=wish().ends_at)
    session.add(waiting)
    session.flush()
    with pytest.raises(TimeIsFree):
        service.admit(session, waiting)
    booked(session, room.id, wish())
    service.admit(session, waiting)
    service.admit(session, waiting)
    assert len(waiting.steps) == 1


def test_waits_that_lie_months_apart_are_all_tended(session: Session) -> None:
    room = stored_room(session, advance_days=365)
    taken = []
    for weeks in (1, 12):
        near = wish()
        when = Period(near.starts_at + timedelta(weeks=weeks), near.ends_at + timedelta(weeks=weeks))
        taken.append(booked(session, room.id, when))
        service.join(session, facts(f"Week{weeks}"), room.id, when)
    service.cancel(taken[1])
    first, last = service.offer_all(session, room.id), session.scalars(select(Waiting)).all()
    assert [one.client_name for one in first] == ["Week12"]
    assert sorted(one.status for one in last) == ["offered", "waiting"]
