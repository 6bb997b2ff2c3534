"""Money that comes for a booking: it confirms what waited for it, and is never kept unexplained."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.domains.bookings import service as bookings
from app.domains.payments import queries, service
from app.domains.payments.errors import NothingToPay, OtherCurrency, Overpaid
from app.domains.venues.models import Closure, OpeningHours, Room, Venue
from app.kernel import clock
from app.kernel.errors import Invalid
from tests.domains.payments.steps import PRICE, book, captured, deferred, news, pay, refunds, waivers, wish
from tests.domains.rooms import stored_room
from tests.factories import BookingFactory


@pytest.mark.proves("S1.88")
def test_a_booking_that_is_paid_in_full_is_confirmed(session: Session, room: Room) -> None:
    """Invariant 2: hold, pay, confirm."""
    claim = bookings.hold(session, room.id, wish())
    client = {"client_name": "Bob", "client_email": "bob@example.com", "event_type": "birthday"}
    booking = bookings.book_room(session, client, room.id, wish(), claim_id=claim.id)
    assert (booking.status, booking.total_minor) == ("pending", PRICE)
    receipt = pay(booking, PRICE, reference="Statement 12", note="From Bob's mother")
    assert (booking.status, receipt.refusal, receipt.is_returned) == ("confirmed", "", False)
    assert captured(session, booking) == PRICE
    assert waivers(session, booking) == []
    assert (news(session, "payment.received"), news(session, "booking.confirmed")) == (1, 1)
    assert booking.steps[-1].reason == "Paid in full"


def test_a_part_leaves_it_pending_and_the_rest_confirms_it(session: Session, room: Room) -> None:
    booking = book(session, room)
    pay(booking, 3000)
    assert booking.status == "pending"
    account = queries.account_of(session, booking)
    assert (account.captured.minor, account.open.minor) == (3000, 5000)
    pay(booking, 5000)
    assert booking.status == "confirmed"


def test_more_than_is_open_is_refused_by_its_amount(session: Session, room: Room) -> None:
    booking = book(session, room)
    pay(booking, 3000)
    with pytest.raises(Overpaid, match=r"more than is still to be paid: .*50\.00 at most"):
        pay(booking, 5001)
    pay(booking, 5000)
    with pytest.raises(NothingToPay, match="paid in full"):
        pay(booking, 1)
    assert captured(session, booking) == PRICE


def test_another_currency_is_refused(session: Session, room: Room) -> None:
    """Rule 16: no sum mixes currencies."""
    with pytest.raises(OtherCurrency, match="EUR"):
        pay(book(session, room), PRICE, "USD")


def test_what_is_no_payment_is_refused_by_its_field(session: Session, room: Room) -> None:
    booking = book(session, room)
    for refused in (
        lambda: pay(booking, 0),
        lambda: pay(booking, -1),
        lambda: pay(booking, 1, received_at=clock.now() + timedelta(hours=1)),
        lambda: pay(booking, 1, reference="x" * 121),
        lambda: service.receive_payment(booking, "waiver", queries.account_of(session, booking).open),
        lambda: service.waive(booking, " \u200b\u2060\u3164\u2800\ufe0f"),
    ):
        with pytest.raises(Invalid):
            refused()
    with pytest.raises(NothingToPay, match="no price"):
        pay(BookingFactory(), 100)


def test_a_time_that_is_asked_for_waits_for_staff_though_it_is_paid(session: Session, room: Room) -> None:
    venue = session.get_one(Venue, room.venue_id)
    for line in list(venue.hours):
        assert isinstance(line, OpeningHours)
        line.mode = "by_request"
    session.flush()
    booking = book(session, room)
    pay(booking, PRICE)
    assert booking.status == "pending"
    bookings.confirm(booking)
    assert waivers(session, booking) == []


def test_money_stays_noted_where_the_time_cannot_be_confirmed_any_more(session: Session, room: Room) -> None:
    """Rule 11: the venue was closed meanwhile; staff are told and decide."""
    booking, when = book(session, room), wish()
    session.add(
        Closure(venue_id=room.venue_id, reason="Paint", starts_at=when.starts_at, ends_at=when.ends_at)
    )
    receipt = pay(booking, PRICE)
    assert "cannot be booked" in receipt.refusal
    assert (booking.status, captured(session, booking)) == ("pending", PRICE)
    bookings.reject(booking, "Closed")
    assert (captured(session, booking), refunds(session, booking)) == (0, [(PRICE, "wanted")])


def test_who_pays_first_has_the_time_and_the_other_gets_all_back(session: Session) -> None:
    """Rule 4."""
    competing = stored_room(session, pending_policy="compete")
    first, second = book(session, competing), book(session, competing)
    pay(first, 3000)
    pay(second, PRICE)
    assert (first.status, second.status) == ("rejected", "confirmed")
    assert (captured(session, first), refunds(session, first)) == (0, [(3000, "wanted")])


def test_what_is_confirmed_unpaid_is_noted_as_to_be_paid_later(session: Session, room: Room) -> None:
    """Invariant 2: net captured equals the price, or there is a row by name."""
    booking = book(session, room)
    pay(booking, 3000)
    bookings.confirm(booking)
    assert (deferred(session, booking), waivers(session, booking)) == ([5000], [])
    account = queries.account_of(session, booking)
    assert (account.owed.minor, account.later.minor, account.open.minor) == (5000, 5000, 0)
    assert queries.owed_by(session, [booking.id])[booking.id].minor == 5000
    assert news(session, "payment.deferred") == 1
    pay(booking, 5000)
    account = queries.account_of(session, booking)
    assert (account.captured.minor, account.owed.minor, account.open.minor) == (PRICE, 0, 0)


def test_what_may_come_later_is_waived_in_the_end(session: Session, room: Room) -> None:
    booking = book(session, room)
    bookings.confirm(booking)
    waiver = service.waive(booking, "They moved away")
    account = queries.account_of(session, booking)
    assert (waiver.amount_minor, account.owed.minor, account.later.minor) == (PRICE, 0, 0)
    assert queries.owed_by(session, [booking.id]) == {}


def test_staff_let_the_rest_pass_and_the_booking_is_confirmed(session: Session, room: Room) -> None:
    booking = book(session, room)
    pay(booking, 3000)
    waiver = service.waive(booking, "For the neighbours")
    assert (waiver.amount_minor, waiver.note, booking.status) == (5000, "For the neighbours", "confirmed")
    assert news(session, "payment.waived") == 1
    with pytest.raises(NothingToPay):
        service.waive(booking, "Again")


@pytest.mark.proves("S1.24")
def test_money_that_comes_late_takes_a_free_time_up_again(session: Session, room: Room) -> None:
    """Rule 12."""
    booking = book(session, room)
    bookings.cancel(booking)
    receipt = pay(booking, PRICE)
    assert receipt.was_taken_up
    assert receipt.booking.follows_id == booking.id
    assert (booking.status, receipt.booking.status) == ("cancelled", "confirmed")
    assert (captured(session, receipt.booking), refunds(session, receipt.booking)) == (PRICE, [])
    assert news(session, "payment.came_late") == 0


@pytest.mark.proves("S1.24")
def test_money_that_comes_too_late_goes_back_whole_and_staff_are_told(session: Session, room: Room) -> None:
    """Rule 12: never booked twice, never kept unexplained."""
    booking = book(session, room)
    bookings.cancel(booking)
    other = book(session, room)
    receipt = pay(booking, PRICE)
    assert receipt.is_returned
    assert (captured(session, booking), refunds(session, booking)) == (0, [(PRICE, "wanted")])
    assert (receipt.payment.status, news(session, "payment.came_late")) == ("refunded", 1)
    assert (booking.status, other.status) == ("cancelled", "pending")


def test_a_part_that_comes_late_goes_back_and_so_does_what_staff_do_not_want_back(
    session: Session, room: Room
) -> None:
    """Rule 12."""
    booking = book(session, room)
    bookings.cancel(booking)
    assert pay(booking, PRICE - 1).is_returned
    assert pay(booking, PRICE, take_up=False).is_returned
    assert captured(session, booking) == 0


def test_money_for_a_booking_that_was_moved_is_its_successors(session: Session, room: Room) -> None:
    booking = book(session, room)
    after = bookings.move(booking, room.id, wish("15:00", "17:00"))
    receipt = pay(booking, PRICE)
    assert (receipt.booking, after.status, captured(session, after)) == (after, "confirmed", PRICE)
