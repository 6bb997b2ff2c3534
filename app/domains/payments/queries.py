"""Questions about the money of bookings: what came, what went back, what is still to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.payments.models import Payment, PaymentMethod, Refund
from app.kernel.db import metadata
from app.kernel.values import Money

if TYPE_CHECKING:
    from app.domains.bookings.models import Booking

_IS_WAIVER = Payment.method == PaymentMethod.WAIVER.value


@dataclass(frozen=True, slots=True)
class Account:
    """The money of one booking, in its currency; `price` is None where it has none yet.

    `returned` is what was or is to be paid back, `waived` what staff let pass, or let be paid later.
    """

    price: Money | None
    received: Money
    returned: Money
    waived: Money

    @property
    def captured(self) -> Money:
        """Give what was paid and stays."""
        return Money(self.received.minor - self.returned.minor, self.received.currency)

    @property
    def unpaid(self) -> Money:
        """Give what may still be paid: also what is waived, for that may mean later."""
        price = self.price.minor if self.price else 0
        return Money(max(0, price - self.captured.minor), self.received.currency)

    @property
    def open(self) -> Money:
        """Give what is to be paid and nobody has waived."""
        return Money(max(0, self.unpaid.minor - self.waived.minor), self.received.currency)

    @property
    def overpaid(self) -> Money:
        """Give what was paid and is more than the price; nothing where there is no price."""
        price = self.price.minor if self.price else self.captured.minor
        return Money(max(0, self.captured.minor - price), self.received.currency)


def account_of(session: Session, booking: Booking) -> Account:
    """Add up the money of a booking."""
    session.flush()
    amount = func.coalesce(func.sum(Payment.amount_minor).filter(~_IS_WAIVER), 0)
    returned = func.coalesce(func.sum(Payment.refunded_minor), 0)
    waived = func.coalesce(func.sum(Payment.amount_minor).filter(_IS_WAIVER), 0)
    summed = select(amount, returned, waived).where(
        Payment.booking_id == booking.id, Payment.currency == booking.currency
    )
    received, given_back, let_pass = (
        Money(int(value), booking.currency) for value in session.execute(summed).one()
    )
    price = None if booking.total_minor is None else Money(booking.total_minor, booking.currency)
    return Account(price, received, given_back, let_pass)


def captured(session: Session, booking_id: UUID) -> Money | None:
    """Give what was paid for a booking and stays; None where nothing ever was."""
    return captured_of_many(session, [booking_id]).get(booking_id)


def captured_of_many(session: Session, bookings: Sequence[UUID]) -> dict[UUID, Money]:
    """Give what was paid and stays by booking; those for which nothing ever was paid are left out."""
    session.flush()
    summed = (
        select(
            Payment.booking_id,
            func.sum(Payment.amount_minor - Payment.refunded_minor),
            func.min(Payment.currency),  # one currency a booking
        )
        .where(Payment.booking_id.in_(bookings), ~_IS_WAIVER)
        .group_by(Payment.booking_id)
    )
    return {key: Money(int(minor), currency) for key, minor, currency in session.execute(summed)}


def owed_by(session: Session, bookings: Sequence[UUID]) -> dict[UUID, Money]:
    """Give what is still to be paid by booking, in one statement; bookings that owe nothing are left out."""
    booking = metadata.tables["booking"].c
    paid = func.coalesce(func.sum(Payment.amount_minor - Payment.refunded_minor).filter(~_IS_WAIVER), 0)
    found = (
        select(booking.id, booking.currency, booking.total_minor - paid)
        .outerjoin(Payment, Payment.booking_id == booking.id)
        .where(booking.id.in_(bookings), booking.total_minor.is_not(None))
        .group_by(booking.id)
        .having(booking.total_minor > paid)
    )
    return {key: Money(int(minor), currency) for key, currency, minor in session.execute(found)}


def payments_of(session: Session, booking_id: UUID) -> list[Payment]:
    """List the payments and waivers of a booking, the oldest first."""
    mine = select(Payment).where(Payment.booking_id == booking_id)
    return list(session.scalars(mine.order_by(Payment.created_at, Payment.id)))


def refunds_of(session: Session, booking_id: UUID) -> list[Refund]:
    """List the refunds of a booking, the oldest first."""
    mine = select(Refund).where(Refund.booking_id == booking_id)
    return list(session.scalars(mine.order_by(Refund.created_at, Refund.id)))


def payment(session: Session, key: UUID) -> Payment | None:
    """Find a payment."""
    return session.get(Payment, key)


def refund(session: Session, key: UUID) -> Refund | None:
    """Find a refund."""
    return session.get(Refund, key)
