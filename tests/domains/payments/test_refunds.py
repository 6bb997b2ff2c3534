"""Money that goes back: as much as was promised, never more than came, and what is taken up again keeps its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domains.bookings import service as bookings
from app.domains.bookings.models import Booking
from app.domains.payments import queries, service
from app.domains.payments.errors import RefundNeeded, RefundSettled, RefundTooLarge
from app.domains.payments.models import Payment, Refund
from app.domains.venues.models import CancellationPolicy, Room
from app.domains.venues.models.policies import CancellationStep
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Invalid
from app.kernel.outbox import OutboxRow
from app.kernel.values import Money
from tests.domains.payments.steps import PRICE, book, captured, deferred, news, pay, refunds, waivers, wish
from tests.domains.rooms import stored_room

THREADS = 8


def half_back(session: Session, room: Room) -> None:
    """Promise half of the money back until a day before."""
    policy = CancellationPolicy(name="Half")
    policy.steps = [CancellationStep(hours_before=24, refund_percent=50)]
    session.add(policy)
    session.flush()
    room.policy_id = policy.id
    session.flush()


def first_refund(session: Session, booking: Booking) -> Refund:
    return session.scalars(select(Refund).where(Refund.booking_id == booking.id)).one()


@pytest.mark.proves("S1.89")
def test_what_is_told_before_calling_off_is_what_goes_back(session: Session, room: Room) -> None:
    """Rule 18: the policy of the day of booking counts, the preview is the refund."""
    half_back(session, room)
    booking = book(session, room)
    pay(booking, PRICE)
    room.policy_id = None
    session.flush()
    told = bookings.refund_for(session, booking)
    bookings.cancel(booking, "Rain")
    assert (told.percent, told.amount.minor) == (50, 4000)
    assert refunds(session, booking) == [(4000, "wanted")]
    assert captured(session, booking) == 4000
    assert news(session, "refund.wanted") == 1


def test_the_house_that_calls_off_pays_all_back(session: Session, room: Room) -> None:
    booking = book(session, room)
    pay(booking, PRICE)
    bookings.call_off(booking, "No power")
    assert (captured(session, booking), first_refund(session, booking).reason) == (0, "No power")


def test_a_refund_is_taken_from_the_newest_payments(session: Session, room: Room) -> None:
    """Rule 18: partial refunds match the right charge."""
    half_back(session, room)
    booking = book(session, room)
    first, second, third = (pay(booking, minor).payment for minor in (3000, 3000, 2000))
    bookings.cancel(booking)
    left = [payment.amount_minor - payment.refunded_minor for payment in (first, second, third)]
    assert left == [3000, 1000, 0]
    assert [payment.status for payment in (first, second, third)] == [
        "captured",
        "partly_refunded",
        "refunded",
    ]
    made = session.execute(select(Refund.payment_id, Refund.amount_minor).order_by(Refund.id)).all()
    assert [tuple(row) for row in made] == [(third.id, 2000), (second.id, 2000)]


def test_more_than_is_left_is_never_paid_back(session: Session, room: Room) -> None:
    """Invariant 4; the table's own check has the last word."""
    booking = book(session, room)
    payment = pay(booking, PRICE).payment
    till = service.ManualTill()
    till.give_back(session, booking, Money(5000, "EUR"), "Broken chairs")
    with pytest.raises(RefundTooLarge):
        till.give_back(session, booking, Money(3001, "EUR"), "Again")
    till.give_back(session, booking, Money(3000, "EUR"), "")
    assert refunds(session, booking)[0] == (5000, "wanted")
    assert captured(session, booking) == 0
    with pytest.raises(IntegrityError, match="refunded_within_amount"), session.begin_nested():
        session.execute(update(Payment).where(Payment.id == payment.id).values(refunded_minor=PRICE + 1))


@pytest.mark.parametrize("said", [bookings.confirm, lambda booking: service.waive(booking, "A gift")])
def test_staffs_word_brings_no_money_and_gives_none_back(
    session: Session, room: Room, said: Callable[[Booking], object]
) -> None:
    booking = book(session, room)
    said(booking)
    assert waivers(session, booking) + deferred(session, booking) == [PRICE]
    assert queries.captured(session, booking.id) is None
    bookings.call_off(booking)
    assert refunds(session, booking) == []


def test_a_refund_is_paid_once(session: Session, room: Room) -> None:
    booking = book(session, room)
    pay(booking, PRICE)
    bookings.call_off(booking)
    refund = first_refund(session, booking)
    service.mark_refund_paid(refund)
    assert (refund.status, refund.paid_at is not None, news(session, "refund.paid")) == ("paid", True, 1)
    for again in (service.mark_refund_paid, service.withdraw_refund):
        with pytest.raises(RefundSettled):
            again(refund, "Once more")
    assert captured(session, booking) == 0


def test_a_refund_that_is_withdrawn_leaves_the_money_as_it_was(session: Session, room: Room) -> None:
    half_back(session, room)
    booking = book(session, room)
    payment = pay(booking, PRICE).payment
    bookings.cancel(booking)
    refund = first_refund(session, booking)
    with pytest.raises(Invalid):
        service.withdraw_refund(refund, " ")
    service.withdraw_refund(refund, "The client gave it away")
    assert (payment.refunded_minor, payment.status) == (0, "captured")
    assert (refunds(session, booking), news(session, "refund.withdrawn")) == ([], 1)
    told = session.scalars(select(OutboxRow).where(OutboxRow.topic == "refund.withdrawn")).one()
    assert told.payload["reason"] == "The client gave it away"


def test_money_of_what_was_rejected_or_called_off_by_the_house_goes_back(
    session: Session, room: Room
) -> None:
    """Invariant 3: net nothing, or a refund under way."""
    rejected, off = book(session, room), book(session, room, wish("15:00", "17:00"))
    pay(rejected, 3000)
    pay(off, PRICE)
    bookings.reject(rejected)
    bookings.call_off(off)
    for booking in (rejected, off):
        with pytest.raises(RefundNeeded):
            service.withdraw_refund(first_refund(session, booking), "Kept")
        assert [status for _minor, status in refunds(session, booking)] == ["wanted"]


def test_money_that_came_late_goes_back(session: Session, room: Room) -> None:
    """Invariant 3: what the policy kept is the house's, what came after it is not."""
    half_back(session, room)
    booking = book(session, room)
    pay(booking, PRICE)
    bookings.cancel(booking)
    promised = first_refund(session, booking)
    receipt = pay(booking, 1000, take_up=False)
    late = session.scalars(select(Refund).where(Refund.payment_id == receipt.payment.id)).one()
    with pytest.raises(RefundNeeded, match="came when the booking was over"):
        service.withdraw_refund(late, "Kept")
    service.withdraw_refund(promised, "The client gave it away")
    assert captured(session, booking) == PRICE


def test_nobody_keeps_more_than_the_price(session: Session, room: Room) -> None:
    """Invariant 2."""
    booking = book(session, room)
    pay(booking, PRICE)
    booking.total_minor = 5000
    service.keep_paid(session, booking)
    with pytest.raises(RefundNeeded, match="than it costs"):
        service.withdraw_refund(first_refund(session, booking), "Kept")
    booking.total_minor = PRICE
    service.withdraw_refund(first_refund(session, booking), "Agreed anew")
    assert (captured(session, booking), refunds(session, booking)) == (PRICE, [])


def test_what_is_taken_up_again_keeps_the_money_that_was_not_paid_back_yet(
    session: Session, room: Room
) -> None:
    booking = book(session, room)
    pay(booking, PRICE)
    bookings.call_off(booking)
    after = bookings.revive(booking)
    assert (after.status, captured(session, after), refunds(session, after)) == ("confirmed", PRICE, [])
    assert (captured(session, booking), waivers(session, after)) == (0, [])


def test_what_was_paid_back_is_to_be_paid_anew(session: Session, room: Room) -> None:
    """Invariant 2: taken up again it is promised, its money comes later by name."""
    booking = book(session, room)
    pay(booking, PRICE)
    bookings.call_off(booking)
    service.mark_refund_paid(first_refund(session, booking))
    after = bookings.revive(booking)
    assert (after.status, captured(session, after), deferred(session, after)) == ("confirmed", 0, [PRICE])
    pay(after, PRICE)
    assert captured(session, after) == PRICE


def test_a_shorter_time_has_the_difference_paid_back(session: Session, room: Room) -> None:
    booking = book(session, room)
    pay(booking, PRICE)
    after = bookings.extend(booking, booking.starts_at + timedelta(hours=1))  # type: ignore[operator]
    assert (after.total_minor, captured(session, after)) == (4000, 4000)
    assert refunds(session, after) == [(4000, "wanted")]
    longer = bookings.extend(after, after.starts_at + timedelta(hours=2))  # type: ignore[operator]
    assert (longer.total_minor, captured(session, longer), refunds(session, longer)) == (PRICE, PRICE, [])


def test_a_longer_time_leaves_the_difference_open(session: Session, room: Room) -> None:
    booking = book(session, room)
    pay(booking, 3000)
    after = bookings.move(booking, room.id, wish("12:00", "15:00"))
    account = queries.account_of(session, after)
    assert (account.captured.minor, account.open.minor, after.status) == (3000, 9000, "pending")
    pay(after, 9000)
    last = bookings.move(after, room.id, wish("12:00", "16:00"))
    account = queries.account_of(session, last)
    assert (account.unpaid.minor, account.open.minor, deferred(session, last)) == (2000, 0, [2000])


# Rule 18
@pytest.fixture
def committed(whole_app: Flask) -> Iterator[UUID]:
    """Store a booking that is paid for real, so that many connections see it, and take all of it away again."""
    with whole_app.app_context():
        with unit_of_work() as session:
            booking = book(session, stored_room(session))
            pay(booking, PRICE)
            key = booking.id
        yield key
        db.session.rollback()
        with unit_of_work() as session:
            tables = "refund, payment, booking, room_claim, room, venue, company, city, country, outbox"
            session.execute(text(f"TRUNCATE {tables} CASCADE"))
        db.session.remove()


def test_of_many_who_pay_back_at_once_all_together_give_no_more_than_came(
    whole_app: Flask, committed: UUID
) -> None:
    start = Barrier(THREADS)

    def one(number: int) -> str:
        with whole_app.app_context():
            start.wait(timeout=30)
            try:
                with unit_of_work() as session:
                    booking = session.get_one(Booking, committed)
                    service.ManualTill().give_back(session, booking, Money(3000, "EUR"), str(number))
            except RefundTooLarge:
                return "refused"
            finally:
                db.session.remove()
            return "given"

    with ThreadPoolExecutor(THREADS) as pool:
        assert Counter(pool.map(one, range(THREADS))) == {"given": 2, "refused": THREADS - 2}
    session = db.session()
    assert session.scalars(select(Payment.refunded_minor)).all() == [6000]
    assert sum(session.scalars(select(Refund.amount_minor))) == 6000


def test_of_many_who_grant_at_once_all_together_give_no_more_than_came(
    whole_app: Flask, committed: UUID
) -> None:
    """Invariant 4; the one form sent eight times at once is granted once."""

    def one(seen: Money | None, reason: str) -> str:
        with whole_app.app_context():
            start.wait(timeout=30)
            try:
                with unit_of_work() as session:
                    booking, amount = session.get_one(Booking, committed), Money(3000, "EUR")
                    made = service.grant_refund(booking, amount, reason, returned_before=seen)
            except RefundTooLarge:
                return "refused"
            finally:
                db.session.remove()
            return "granted" if made else "known"

    start, nothing = Barrier(THREADS), Money(0, "EUR")
    with ThreadPoolExecutor(THREADS) as pool:
        same = pool.map(lambda _number: one(nothing, "Cold food"), range(THREADS))
        assert Counter(same) == {"granted": 1, "known": THREADS - 1}
    start = Barrier(THREADS)
    with ThreadPoolExecutor(THREADS) as pool:
        others = pool.map(lambda number: one(None, str(number)), range(THREADS))
        assert Counter(others) == {"granted": 1, "refused": THREADS - 1}
    assert db.session().scalars(select(Payment.refunded_minor).where(Payment.refunded_minor > 0)).all() == [
        6000
    ]


def test_calling_off_and_paying_at_once_leave_no_money_unexplained(whole_app: Flask, committed: UUID) -> None:
    """Rules 12 and 18: whichever comes first, what stays is what the booking is worth."""
    start = Barrier(2)

    def one(verb: str) -> str:
        with whole_app.app_context():
            try:
                with unit_of_work() as session:
                    booking = session.get_one(Booking, committed)
                    start.wait(timeout=30)
                    if verb == "cancel":
                        bookings.call_off(booking)
                    else:
                        service.ManualTill().give_back(session, booking, Money(5000, "EUR"), "")
            except RefundTooLarge:
                return "refused"
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, ("cancel", "give")))
    payment = db.session.scalars(select(Payment)).one()
    assert payment.refunded_minor == payment.amount_minor == PRICE
