"""A booking that is moved, extended or taken up again goes through the guard that every booking goes through."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.errors import RoomTaken, TimeRefused, TransitionRefused
from app.domains.bookings.models import Booking, Claim, ClaimEnd
from app.domains.bookings.queries import Rule
from app.domains.bookings.resources.bookings import bookings
from app.domains.venues.models import Closure, Room, RoomPrice
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.outbox import OutboxRow
from app.kernel.values import Period
from app.surfaces.search.matching import EVERY_LOCALE, matching
from tests.domains.rooms import next_monday, stored_room
from tests.factories import PackageFactory

FACTS: dict[str, Any] = {
    "client_name": "Ada Lovelace",
    "client_email": "ada@example.com",
    "event_type": "birthday",
    "guests": 12,
    "locale": "en",
}


def wish(starts: str = "12:00", ends: str = "14:00") -> Period:
    day = next_monday(clock.now())
    return Period(*(datetime.fromisoformat(f"{day}T{wall}+00:00") for wall in (starts, ends)))


def claim_of(session: Session, booking: Booking) -> Claim:
    return session.scalars(select(Claim).where(Claim.booking_id == booking.id)).one()


def topics(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxRow.topic).order_by(OutboxRow.created_at, OutboxRow.id)))


@pytest.fixture
def room(session: Session) -> Room:
    return stored_room(session, buffer_after_minutes=30)


@pytest.fixture
def booking(session: Session, room: Room) -> Booking:
    return service.book_room(session, FACTS, room.id, wish())


def test_a_room_is_booked_at_its_price_for_the_day_on_which_it_begins_there(session: Session) -> None:
    room = stored_room(session, zone="Pacific/Auckland")
    booking = service.book_room(session, FACTS, room.id, wish("00:00", "02:00"))
    assert booking.event_on == next_monday(clock.now()), "noon in Auckland"
    assert (booking.total_minor, booking.currency, booking.status) == (8000, "EUR", "pending")
    assert room.name in booking.place
    assert topics(session) == ["booking.received"]


def test_more_guests_than_the_room_holds_are_refused_at_their_field(session: Session, room: Room) -> None:
    with pytest.raises(Invalid) as refused:
        service.book_room(session, FACTS | {"guests": room.capacity + 1}, room.id, wish())
    assert list(refused.value.errors) == ["guests"]


# Rules 3 and 24
def test_moving_makes_a_successor_and_frees_the_time_before(
    session: Session, room: Room, booking: Booking
) -> None:
    service.confirm(booking)
    after = service.move(booking, room.id, wish("13:00", "15:00"), "They come later")
    assert (booking.status, after.status, after.follows_id) == ("moved", "confirmed", booking.id)
    assert booking.steps[-1].reason == "They come later"
    assert claim_of(session, booking).ended_as == ClaimEnd.MOVED
    assert claim_of(session, after).blocks
    assert topics(session).count("booking.moved") == 1
    service.hold(session, room.id, wish("11:00", "12:30"))
    with pytest.raises(TransitionRefused):
        service.move(booking, room.id, wish("17:00", "19:00"))


def test_a_move_onto_another_booking_is_refused(session: Session, room: Room, booking: Booking) -> None:
    service.book_room(session, FACTS, room.id, wish("15:00", "17:00"))
    with pytest.raises(RoomTaken), session.begin_nested():
        service.move(booking, room.id, wish("14:30", "15:00").widened(30, 0))
    session.refresh(booking)
    assert booking.status == "pending"
    assert claim_of(session, booking).blocks


# Rule 17
def test_a_booking_that_moves_keeps_its_price_unless_its_length_or_room_changes(
    session: Session, room: Room, booking: Booking
) -> None:
    room.prices[0].price_minor = 9900
    session.flush()
    same = service.move(booking, room.id, wish("15:00", "17:00"))
    assert same.total_minor == 8000
    longer = service.extend(same, same.ends_at + timedelta(hours=1) if same.ends_at else clock.now())
    assert longer.total_minor == 14000, "four hours are the cheapest cover of three by today's prices"


# Rules 10 and 11: what begins is not asked again of what has begun
def test_a_booking_that_is_under_way_can_be_extended_but_not_into_the_next(
    session: Session, room: Room, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.book_room(session, FACTS, room.id, wish("16:00", "18:00"))
    three, four, late = (wish("12:00", end).ends_at for end in ("15:00", "16:00", "22:30"))
    under_way = wish().starts_at + timedelta(minutes=30)
    monkeypatch.setattr(clock, "now", lambda: under_way)
    after = service.extend(booking, three)
    assert after.ends_at == three
    with pytest.raises(RoomTaken), session.begin_nested():
        service.extend(after, four)
    with pytest.raises(TimeRefused) as refused, session.begin_nested():
        service.extend(after, late)
    assert Rule.HOURS in {finding.rule for finding in refused.value.findings}


# Rules 3 and 24
def test_a_cancelled_booking_is_taken_up_again_once_and_only_while_its_time_is_free(
    session: Session, room: Room, booking: Booking
) -> None:
    service.confirm(booking)
    service.cancel(booking, "Ill")
    after = service.revive(booking, "Well again")
    assert (booking.status, after.status, after.follows_id) == ("cancelled", "confirmed", booking.id)
    with pytest.raises(TransitionRefused):
        service.revive(booking)
    service.cancel(after)
    service.hold(session, room.id, wish("13:00", "15:00"))
    with pytest.raises(RoomTaken), session.begin_nested():
        service.revive(after)


def test_staff_set_rules_aside_but_never_what_is_closed_or_taken(session: Session, room: Room) -> None:
    room.notice_minutes = 14 * 1440
    session.flush()
    with pytest.raises(TimeRefused):
        service.book_room(session, FACTS, room.id, wish())
    with pytest.raises(Invalid, match="reason"):
        service.book_room(session, FACTS, room.id, wish(), overruled={Rule.NOTICE})
    told: dict[str, Any] = {"overruled": {Rule.NOTICE}, "reason": "They were ill"}
    booked = service.book_room(session, FACTS, room.id, wish(), **told)
    assert booked.status == "pending"
    assert booked.steps[0].reason == "Set aside: notice. Reason: They were ill"
    with pytest.raises(RoomTaken):
        service.book_room(session, FACTS, room.id, wish(), **told | {"overruled": {Rule.NOTICE, Rule.FREE}})


def test_every_step_has_its_news_and_no_terminal_status_is_left(session: Session, booking: Booking) -> None:
    service.reject(booking, "Too loud")
    before = session.scalar(select(func.count()).select_from(OutboxRow))
    for verb in (service.confirm, service.cancel, service.call_off, service.complete, service.mark_no_show):
        with pytest.raises(TransitionRefused):
            verb(booking)
    assert sorted(topics(session)) == ["booking.received", "booking.rejected", "room.time_freed"]
    assert session.scalar(select(func.count()).select_from(OutboxRow)) == before


# Rule 3: what is asked of a new booking is asked of one that moves
def test_a_room_that_holds_fewer_guests_is_refused(session: Session, booking: Booking) -> None:
    small = stored_room(session, capacity=6)
    with pytest.raises(Invalid) as refused, session.begin_nested():
        service.move(booking, small.id, wish("15:00", "17:00"))
    assert list(refused.value.errors) == ["guests"]


# Rule 16
def test_a_room_priced_in_another_currency_is_refused_though_the_figures_are_the_same(
    session: Session, booking: Booking
) -> None:
    other = stored_room(session)
    for price in other.prices:
        session.delete(price)
    session.flush()
    session.refresh(other)
    other.currency = "JPY"
    session.flush()
    other.prices = [
        RoomPrice(minutes=60, price_minor=4000),
        RoomPrice(minutes=240, price_minor=14000, position=1),
    ]
    session.flush()
    with pytest.raises(Invalid) as refused, session.begin_nested():
        service.move(booking, other.id, wish("15:00", "17:00"))
    assert list(refused.value.errors) == ["room_id"]


def test_a_discount_never_makes_a_shorter_time_cost_less_than_nothing(
    session: Session, room: Room, booking: Booking
) -> None:
    booking.total_minor = 1000
    session.flush()
    shorter = service.extend(booking, wish("12:00", "13:00").ends_at)
    assert shorter.total_minor == 0


def test_nothing_is_asked_of_years(session: Session, room: Room) -> None:
    long = Period(wish().starts_at, wish().starts_at + timedelta(days=40_000))
    with pytest.raises(Invalid) as refused:
        service.hold(session, room.id, long)
    assert list(refused.value.errors) == ["ends_at"]


def test_a_room_without_prices_waits_for_staff_to_price_it_also_with_a_package(
    session: Session, room: Room
) -> None:
    for price in list(room.prices):
        session.delete(price)
    package = PackageFactory(price_minor=0)
    session.flush()
    booked = service.book_room(session, FACTS | {"package_id": package.id}, room.id, wish())
    assert (booked.total_minor, booked.status) == (None, "pending")


# Rule 11: a hold stands under a closure, and what it becomes waits for staff
def test_what_costs_nothing_is_confirmed_at_once_unless_the_venue_was_closed_meanwhile(
    session: Session, room: Room
) -> None:
    for price in room.prices:
        price.price_minor = 0
    session.flush()
    assert service.book_room(session, FACTS, room.id, wish("09:00", "11:00")).status == "confirmed"
    held = service.hold(session, room.id, wish())
    session.add(
        Closure(venue_id=room.venue_id, reason="Painting", starts_at=held.starts_at, ends_at=held.ends_at)
    )
    session.flush()
    booked = service.book_room(session, FACTS, room.id, wish(), claim_id=held.id)
    assert booked.status == "pending"
    assert claim_of(session, booked).blocks


def test_a_successor_is_found_by_every_number_that_the_client_was_given(session: Session, room: Room) -> None:
    first = service.book_room(session, FACTS, room.id, wish())
    second = service.move(first, room.id, wish("15:00", "17:00"))
    third = service.move(second, room.id, wish("10:00", "12:00"))
    assert third.former_references.split() == [first.reference, second.reference]
    found = matching(bookings, Booking, first.reference, EVERY_LOCALE)[0]
    assert set(session.scalars(select(Booking.id).where(found))) == {first.id, second.id, third.id}
