"""What was paid for the demo's bookings: by transfer or in cash, to be paid later, and paid back to who called off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domains.bookings.models import Booking, BookingStatus
from app.domains.payments.models import Payment, PaymentMethod, PaymentStatus, Refund, RefundStatus
from app.kernel.ids import new_id

STANDING = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
ACTOR = "Demo data"
_BY_TRANSFER, _IN_CASH, _CALLED_OFF_PAID = 0.55, 0.7, 0.6
"""Below the first a booking was paid by transfer, below the second in cash; so many of those called off had paid."""


def add_payments(session: Session, today: date) -> int:
    """Put in the money of bookings that have none noted; gives how many payments and waivers."""
    paid = select(Payment.booking_id)
    wanted = (*(status.value for status in STANDING), BookingStatus.CANCELLED.value)
    bookings = select(Booking).where(
        Booking.status.in_(wanted), Booking.total_minor > 0, Booking.id.not_in(paid)
    )
    count = 0
    for booking in session.scalars(bookings.options(selectinload(Booking.steps)).order_by(Booking.id)):
        confirmed = [step.at for step in booking.steps if step.to_status == BookingStatus.CONFIRMED]
        if not confirmed and booking.status == BookingStatus.CANCELLED:
            continue
        count += _pay(session, booking, confirmed[0] if confirmed else booking.created_at, today)
    session.flush()
    return count


def _pay(session: Session, booking: Booking, confirmed_at: datetime, today: date) -> bool:
    dice = Random(f"festoon payment {booking.id}")
    luck = dice.random()
    latest = datetime.combine(today, time(9), UTC)
    if booking.status == BookingStatus.CANCELLED:
        if luck > _CALLED_OFF_PAID:
            return False
        payment = _payment(booking, PaymentMethod.BANK_TRANSFER, confirmed_at + timedelta(days=1))
        session.add(payment)
        _pay_back(session, booking, payment, dice)
        return True
    if luck < _BY_TRANSFER:
        came_at = min(confirmed_at + timedelta(days=dice.randint(1, 6)), latest)
        session.add(_payment(booking, PaymentMethod.BANK_TRANSFER, came_at))
    elif luck < _IN_CASH and booking.event_on <= today:
        came_at = min(datetime.combine(booking.event_on, time(18), UTC), latest)
        session.add(_payment(booking, PaymentMethod.CASH, came_at))
    else:
        session.add(_payment(booking, PaymentMethod.LATER, min(confirmed_at, latest)))
    return True


def _payment(booking: Booking, method: PaymentMethod, at: datetime) -> Payment:
    return Payment(
        id=new_id(),
        booking_id=booking.id,
        method=method.value,
        amount_minor=booking.total_minor,
        currency=booking.currency,
        received_at=at,
        reference=booking.reference,
        actor_label=ACTOR,
        created_at=at,
    )


def _pay_back(session: Session, booking: Booking, payment: Payment, dice: Random) -> None:
    """Pay half or all of it back; of some it is still to be done."""
    at = max(booking.steps[-1].at, payment.received_at)
    share = dice.choice((50, 100))
    payment.refunded_minor = payment.amount_minor * share // 100
    payment.status = (PaymentStatus.REFUNDED if share == 100 else PaymentStatus.PARTLY_REFUNDED).value
    is_paid = dice.random() < 0.5
    session.flush()
    session.add(
        Refund(
            payment_id=payment.id,
            booking_id=booking.id,
            amount_minor=payment.refunded_minor,
            currency=booking.currency,
            status=(RefundStatus.PAID if is_paid else RefundStatus.WANTED).value,
            reason=booking.steps[-1].reason or "Cancelled",
            paid_at=at + timedelta(days=2) if is_paid else None,
            actor_label=ACTOR,
            created_at=at,
        )
    )
