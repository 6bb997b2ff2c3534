"""Money that comes in: staff note it, it confirms what waited for it, or goes back whole where it is too late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, object_session

from app.domains.bookings import queries as bookings
from app.domains.bookings import service as bookings_service
from app.domains.payments.errors import NothingToPay, OtherCurrency, Overpaid
from app.domains.payments.events import PaymentCameLate, PaymentReceived
from app.domains.payments.models import Payment, PaymentMethod
from app.domains.payments.queries import account_of
from app.domains.payments.service.refunds import refund_of
from app.domains.payments.service.till import waive_amount
from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.errors import Conflict, DomainError, Invalid
from app.kernel.outbox import record
from app.kernel.values import Money, is_blank

if TYPE_CHECKING:
    from app.domains.bookings.models import Booking

PENDING = "pending"
OVER = ("cancelled", "rejected")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of money that came: the booking that has it now, and why that is not confirmed by it.

    `is_returned` tells that it came too late and goes back whole.
    """

    payment: Payment
    booking: Booking
    is_returned: bool = False
    was_taken_up: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Came:
    method: str
    amount: Money
    reference: str
    received_at: datetime
    note: str


def receive_payment(
    booking: Booking,
    method: str,
    amount: Money,
    *,
    reference: str = "",
    received_at: datetime | None = None,
    note: str = "",
    take_up: bool = True,
) -> Receipt:
    """Note money that came for a booking, or for the one that took its place.

    What is paid in full and needs no asking is confirmed. For one that was called off: with `take_up`, and while its
    time is free, it is taken up again; else the money goes back whole (rule 12). Raises Invalid, OtherCurrency,
    NothingToPay, Overpaid.
    """
    session = _session(booking)
    came = _Came(method, amount, reference.strip(), received_at or clock.now(), note.strip())
    _check(came)
    booking = _locked(session, booking)
    if amount.currency != booking.currency:
        raise OtherCurrency(_l("This booking is paid in %(currency)s.", currency=booking.currency))
    if booking.status not in OVER:
        return _take(session, booking, came)
    taken_up = _take_up(session, booking, came) if take_up and booking.status == "cancelled" else None
    return taken_up or _return_whole(session, booking, came)


def waive(booking: Booking, reason: str) -> Payment:
    """Let what a client owes pass, with a reason; a pending booking is confirmed if nothing else is in the way.

    Raises Invalid without a reason, NothingToPay.
    """
    session = _session(booking)
    if is_blank(reason):
        raise Invalid({"reason": [_l("Say why it need not be paid.")]})
    booking = _locked(session, booking)
    owed = account_of(session, booking).owed
    if booking.status in OVER or not owed.minor:
        raise NothingToPay(_l("Nothing is open."))
    waiver = waive_amount(session, booking, owed, reason.strip())
    _confirm_paid(session, booking)
    return waiver


def _check(came: _Came) -> None:
    if came.method not in (PaymentMethod.CASH.value, PaymentMethod.BANK_TRANSFER.value):
        raise Invalid({"method": [_l("Choose how the money came.")]})
    if came.amount.minor <= 0:
        raise Invalid({"amount": [_l("Give an amount above zero.")]})
    if came.received_at > clock.now():
        raise Invalid({"received_at": [_l("Money cannot have come in the future.")]})
    if len(came.reference) > 120:
        raise Invalid({"reference": [_l("At most %(most)s characters.", most=120)]})


def _locked(session: Session, booking: Booking) -> Booking:
    """Lock the booking that stands for one now: what was moved or taken up again has a successor."""
    while (after := bookings_service.successor_of(session, booking)) is not None:
        booking = after
    bookings_service.lock(booking)
    if bookings_service.successor_of(session, booking) is not None:
        raise Conflict(_l("Somebody moved this booking meanwhile. Look again."))
    return booking


def _take(session: Session, booking: Booking, came: _Came) -> Receipt:
    unpaid = account_of(session, booking).unpaid
    if booking.total_minor is None:
        raise NothingToPay(_l("This booking has no price yet. Give it a total first."))
    if not unpaid.minor:
        raise NothingToPay(_l("This booking is paid in full."))
    if came.amount.minor > unpaid.minor:
        raise Overpaid(
            _l("That is more than is still to be paid: %(amount)s at most.", amount=worded(unpaid))
        )
    payment = _write(session, booking, came)
    return Receipt(payment, booking, refusal=_confirm_paid(session, booking))


def _confirm_paid(session: Session, booking: Booking) -> str:
    """Confirm a pending booking of which nothing is open; gives why it could not be, and the money stays noted."""
    claim = bookings.claim_of(session, booking.id)
    if booking.status != PENDING or claim is None or account_of(session, booking).open.minor:
        return ""
    if claim.promise.get("by_request"):
        return ""
    try:
        with session.begin_nested():
            bookings_service.confirm(booking, _("Paid in full"))
            session.flush()
    except DomainError as error:
        session.refresh(booking)
        return str(error.message)
    return ""


def _take_up(session: Session, booking: Booking, came: _Came) -> Receipt | None:
    """Take a cancelled booking up again by money that pays all of it; None where that cannot be."""
    if booking.starts_at is None or booking.starts_at <= clock.now():
        return None
    try:
        with session.begin_nested():
            after = bookings_service.revive(booking, _("Its money came late."))
            receipt = _take(session, after, came)
            if account_of(session, after).unpaid.minor or receipt.refusal:
                raise NothingToPay(receipt.refusal)
    except DomainError:
        session.expire_all()
        bookings_service.lock(booking)
        return None
    return replace(receipt, was_taken_up=True)


def _return_whole(session: Session, booking: Booking, came: _Came) -> Receipt:
    payment = _write(session, booking, came)
    refund_of(session, payment.id, booking.id, came.amount, _("It came when the booking was over."))
    record(PaymentCameLate(payment.id))
    session.flush()
    return Receipt(payment, booking, is_returned=True)


def _write(session: Session, booking: Booking, came: _Came) -> Payment:
    payment = Payment(
        booking_id=booking.id,
        method=came.method,
        amount_minor=came.amount.minor,
        currency=came.amount.currency,
        received_at=came.received_at,
        reference=came.reference or booking.reference,
        note=came.note,
        actor_label=current_actor().label,
    )
    session.add(payment)
    session.flush()
    record(PaymentReceived(payment.id))
    return payment


def worded(money: Money) -> str:
    """Give an amount in the reader's words."""
    return money.written(get_locale() or "en")


def _session(booking: Booking) -> Session:
    session = object_session(booking)
    if session is None:
        raise ValueError("money comes for a booking that is stored")
    return session
