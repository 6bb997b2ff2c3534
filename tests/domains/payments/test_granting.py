"""Goodwill: a part of what came for a booking goes back, and the booking stays as it is (rule 18, decision 0030)."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings import service as bookings
from app.domains.bookings.models import Booking
from app.domains.payments import queries, service
from app.domains.payments.errors import NotStanding, PaidBackMeanwhile, RefundTooLarge
from app.domains.venues.models import Room
from app.kernel.audit import AuditEntry
from app.kernel.errors import Invalid
from app.kernel.values import Money
from tests.domains.payments.steps import PRICE, book, captured, deferred, news, pay, refunds, waivers, wish


def grant(booking: Booking, minor: int, reason: str = "Cold food", seen: int | None = None) -> bool:
    before = None if seen is None else Money(seen, "EUR")
    return service.grant_refund(booking, Money(minor, "EUR"), reason, returned_before=before)


@pytest.fixture
def paid(session: Session, room: Room) -> Booking:
    booking = book(session, room)
    pay(booking, PRICE)
    return booking


def test_a_part_goes_back_and_the_booking_stays_with_nothing_open(session: Session, paid: Booking) -> None:
    total, steps = paid.total_minor, len(paid.steps)
    assert grant(paid, 2000)
    assert (paid.status, paid.total_minor, len(paid.steps)) == ("confirmed", total, steps)
    assert refunds(session, paid) == [(2000, "wanted")]
    account = queries.account_of(session, paid)
    assert (account.captured.minor, account.returned.minor, account.open.minor) == (6000, 2000, 0)
    assert waivers(session, paid) == [2000]
    assert (news(session, "refund.wanted"), news(session, "refund.granted")) == (1, 1)


def test_a_grant_that_is_withdrawn_leaves_nothing_waived(session: Session, paid: Booking) -> None:
    assert grant(paid, 2000) and grant(paid, 500)
    first, *_rest = queries.refunds_of(session, paid.id)
    service.withdraw_refund(first, "They want no money")
    account = queries.account_of(session, paid)
    assert (sum(waivers(session, paid)), account.owed.minor) == (500, 0)
    assert account.captured.minor == PRICE - 500
    paid.total_minor = PRICE + 1000
    session.flush()
    assert queries.account_of(session, paid).owed.minor == 1000


def test_what_goes_back_is_waived_beside_what_may_come_later(session: Session, room: Room) -> None:
    booking = book(session, room)
    pay(booking, 3000)
    bookings.confirm(booking)
    assert grant(booking, 1000)
    account = queries.account_of(session, booking)
    assert (deferred(session, booking), waivers(session, booking)) == ([5000], [1000])
    assert (account.owed.minor, account.later.minor, account.open.minor) == (5000, 5000, 0)


@pytest.mark.proves("S1.27")
def test_never_more_than_came_less_what_goes_back_already(session: Session, paid: Booking) -> None:
    """Invariant 4."""
    grant(paid, 5000)
    with pytest.raises(RefundTooLarge, match=r"30\.00"):
        grant(paid, 3001, "More")
    (refund,) = queries.refunds_of(session, paid.id)
    service.mark_refund_paid(refund)
    with pytest.raises(RefundTooLarge):
        grant(paid, 3001, "More")
    grant(paid, 3000, "More")
    assert captured(session, paid) == 0


def test_an_amount_and_a_reason_are_asked_for(paid: Booking) -> None:
    for minor, reason, wrong in (
        (0, "x", {"amount"}),
        (-5, "\u200b", {"amount", "reason"}),
        (5, " ", {"reason"}),
    ):
        with pytest.raises(Invalid) as refused:
            grant(paid, minor, reason)
        assert set(refused.value.errors) == wrong
    with pytest.raises(Invalid):
        grant(paid, 5, "x" * 501)


def test_only_of_what_was_promised_and_not_called_off(session: Session, room: Room) -> None:
    waits = book(session, room)
    pay(waits, 3000)
    with pytest.raises(NotStanding):
        grant(waits, 1000)
    pay(waits, 5000)
    bookings.cancel(waits, "Rain")
    with pytest.raises(NotStanding):
        grant(waits, 1000)


def test_the_same_form_sent_twice_is_granted_once_and_another_meanwhile_is_seen(
    session: Session, paid: Booking
) -> None:
    assert grant(paid, 2000, seen=0)
    assert not grant(paid, 2000, seen=0)
    assert refunds(session, paid) == [(2000, "wanted")]
    with pytest.raises(PaidBackMeanwhile):
        grant(paid, 2000, "Broken chairs", seen=0)
    assert grant(paid, 2000, "Broken chairs", seen=2000)


def test_it_is_taken_from_the_newest_payments_and_the_client_hears_of_one_sum(
    session: Session, room: Room
) -> None:
    booking = book(session, room)
    first, second = (pay(booking, minor).payment for minor in (5000, 3000))
    grant(booking, 4000)
    assert [one.refunded_minor for one in (first, second)] == [1000, 3000]
    assert news(session, "refund.granted") == 1


@pytest.mark.parametrize("hours", [2, 4])
def test_what_is_granted_stays_promised_when_the_booking_is_moved(
    session: Session, room: Room, paid: Booking, hours: int
) -> None:
    grant(paid, 2000)
    after = bookings.move(paid, room.id, wish("15:00", f"{15 + hours}:00"))
    assert refunds(session, after) == [(2000, "wanted")]
    account = queries.account_of(session, after)
    assert (account.captured.minor, account.open.minor) == (6000, 0)


def test_a_clients_own_words_are_no_grant(session: Session, room: Room, paid: Booking) -> None:
    """Who calls off with such a reason and is taken up again has the money with the booking, as ever."""
    bookings.call_off(paid, f"{service.GOODWILL}{service.GOODWILL}for me")
    (refund,) = queries.refunds_of(session, paid.id)
    assert refund.reason == "for me"
    after = bookings.revive(paid)
    assert (refunds(session, after), captured(session, after)) == ([], PRICE)


def test_the_history_says_who_granted_how_much_and_why(session: Session, paid: Booking) -> None:
    grant(paid, 2000)
    session.flush()
    told = session.scalars(select(AuditEntry).where(AuditEntry.content_type == "refund")).all()
    assert [(one.action, (one.new or {}).get("reason")) for one in told] == [
        ("insert", f"{service.GOODWILL}Cold food")
    ]


def test_one_that_is_withdrawn_is_the_bookings_again(session: Session, paid: Booking) -> None:
    grant(paid, 2000)
    (refund,) = queries.refunds_of(session, paid.id)
    service.withdraw_refund(refund, "A mistake")
    account = queries.account_of(session, paid)
    assert (account.captured.minor, account.open.minor) == (PRICE, 0)
