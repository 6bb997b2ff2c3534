"""Questions about the money of bookings: what came, what went back, what is still to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.payments.models import BY_WORD, Payment, PaymentMethod, Refund
from app.kernel.db import metadata
from app.kernel.values import Money

if TYPE_CHECKING:
    from app.domains.bookings.models import Booking

_IS_MONEY = Payment.method.not_in(BY_WORD)
_IS_WAIVER = Payment.method == PaymentMethod.WAIVER.value
_IS_LATER = Payment.method == PaymentMethod.LATER.value


@dataclass(frozen=True, slots=True)
class Account:
    """The money of one booking, in its currency; `price` is None where it has none yet.

    `returned` is what was or is to be paid back, `waived` what staff let pass, `deferred` what they let be paid later.
    """

    price: Money | None
    received: Money
    returned: Money
    waived: Money
    deferred: Money

    @property
    def captured(self) -> Money:
        """Give what was paid and stays."""
        return Money(self.received.minor - self.returned.minor, self.received.currency)

    @property
    def unpaid(self) -> Money:
        """Give what may still be paid: also what is waived, for who pays it all the same is not sent away."""
        price = self.price.minor if self.price else 0
        return Money(max(0, price - self.captured.minor), self.received.currency)

    @property
    def owed(self) -> Money:
        """Give what the client is still to pay, now or later."""
        return Money(max(0, self.unpaid.minor - self.waived.minor), self.received.currency)

    @property
    def later(self) -> Money:
        """Give what of it may come later."""
        return Money(min(self.owed.minor, self.deferred.minor), self.received.currency)

    @property
    def open(self) -> Money:
        """Give what of it is to come now: while there is any, nothing is confirmed without a word."""
        return Money(self.owed.minor - self.later.minor, self.received.currency)

    @property
    def overpaid(self) -> Money:
        """Give what was paid and is more than the price; nothing where there is no price."""
        price = self.price.minor if self.price else self.captured.minor
        return Money(max(0, self.captured.minor - price), self.received.currency)


def account_of(session: Session, booking: Booking) -> Account:
    """Add up the money of a booking."""
    session.flush()
    amount = func.coalesce(func.sum(Payment.amount_minor).filter(_IS_MONEY), 0)
    returned = func.coalesce(func.sum(Payment.refunded_minor), 0)
    waived = func.coalesce(func.sum(Payment.amount_minor).filter(_IS_WAIVER), 0)
    deferred = func.coalesce(func.sum(Payment.amount_minor).filter(_IS_LATER), 0)
    summed = select(amount, returned, waived, deferred).where(
        Payment.booking_id == booking.id, Payment.currency == booking.currency
    )
    sums = (Money(int(value), booking.currency) for value in session.execute(summed).one())
    price = None if booking.total_minor is None else Money(booking.total_minor, booking.currency)
    return Account(price, *sums)


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
        .where(Payment.booking_id.in_(bookings), _IS_MONEY)
        .group_by(Payment.booking_id)
    )
    return {key: Money(int(minor), currency) for key, minor, currency in session.execute(summed)}


def owed_by(session: Session, bookings: Sequence[UUID]) -> dict[UUID, Money]:
    """Give what is still to be paid, now or later, by booking, in one statement; who owes nothing is left out."""
    booking = metadata.tables["booking"].c
    settled = Payment.amount_minor - Payment.refunded_minor
    paid = func.coalesce(func.sum(settled).filter(~_IS_LATER), 0)  # a waiver settles its amount
    found = (
        select(booking.id, booking.currency, booking.total_minor - paid)
        .outerjoin(Payment, Payment.booking_id == booking.id)
        .where(booking.id.in_(bookings), booking.total_minor.is_not(None))
        .group_by(booking.id)
        .having(booking.total_minor > paid)
    )
    return {key: Money(int(minor), currency) for key, currency, minor in session.execute(found)}


def payments_of(session: Session, booking_id: UUID) -> list[Payment]:
    """List the payments of a booking and what staff said of them, the oldest first."""
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
