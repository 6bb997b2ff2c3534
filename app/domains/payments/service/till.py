"""The till that people work: staff note what came and what they paid back (decision 0030)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domains.payments import queries
from app.domains.payments.events import PaymentDeferred, PaymentWaived, RefundGranted
from app.domains.payments.models import Payment, PaymentMethod, Refund
from app.domains.payments.service.refunds import GOODWILL, spread, withdraw_wanted
from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.outbox import record
from app.kernel.values import Money

if TYPE_CHECKING:
    from app.domains.bookings.models import Booking

CONFIRMED = "confirmed"


class ManualTill:
    """Knows what staff noted; asks no provider. What is promised unpaid is noted as to be paid later."""

    def captured(self, session: Session, booking_id: UUID) -> Money | None:
        """Give what was paid for a booking, less what was or is to be paid back; None where nothing ever was."""
        return queries.captured(session, booking_id)

    def captured_of_many(self, session: Session, bookings: Sequence[UUID]) -> Mapping[UUID, Money]:
        """Give the same by booking, in one statement; those for which nothing ever was paid are left out."""
        return queries.captured_of_many(session, bookings)

    def want(self, session: Session, booking: Booking) -> None:
        """Note of a promised booking what may be paid later, so that its money is never unexplained."""
        still_open = queries.account_of(session, booking).open
        if still_open.minor:
            defer(session, booking, still_open)

    def give_back(self, session: Session, booking: Booking, amount: Money, reason: str) -> None:
        """Want an amount back, out of the newest payments first. Raises RefundTooLarge."""
        while reason.startswith(GOODWILL):  # a client's own words are no grant
            reason = reason.removeprefix(GOODWILL)
        spread(session, booking.id, amount, reason or _("Booking %(number)s", number=booking.reference))

    def grant(self, session: Session, booking: Booking, amount: Money, reason: str) -> None:
        """Want an amount back of a booking that stays, and waive what that leaves owed. Raises RefundTooLarge."""
        why = f"{GOODWILL}{reason}"
        before = queries.account_of(session, booking).owed
        made = spread(session, booking.id, amount, why)
        more = queries.account_of(session, booking).owed.minor - before.minor
        if more:
            waive_amount(session, booking, Money(more, before.currency), why)
        record(RefundGranted(tuple(refund.id for refund in made)))

    def pass_on(self, session: Session, before: Booking, after: Booking) -> None:
        """Let payments, waivers and paid refunds be the successor's; what was to be paid back is judged anew.

        A price that is lower now has the difference paid back; one that is higher leaves it open, and to be paid
        later where the successor is promised already.
        """
        session.flush()
        withdraw_wanted(session, before.id)
        for model in (Payment, Refund):
            moved = update(model).where(model.booking_id == before.id)
            values = {"booking_id": after.id, "revision": model.revision + 1}
            session.execute(moved.values(values).execution_options(synchronize_session="fetch"))
        keep_paid(session, after)


def keep_paid(session: Session, booking: Booking) -> None:
    """Bring the money of a booking in line with its price: what is too much goes back, what is open may come later.

    The guard of bookings asks it after each change of a price.
    """
    if booking.status not in ("pending", CONFIRMED):
        return
    account = queries.account_of(session, booking)
    if account.overpaid.minor:
        spread(session, booking.id, account.overpaid, _("The price is lower now."))
    elif booking.status == CONFIRMED and account.open.minor:
        defer(session, booking, account.open)


def waive_amount(session: Session, booking: Booking, amount: Money, why: str) -> Payment:
    """Note in the actor's name that an amount need not come."""
    waiver = _say(session, booking, PaymentMethod.WAIVER, amount, why)
    record(PaymentWaived(waiver.id))
    return waiver


def defer(session: Session, booking: Booking, amount: Money) -> None:
    """Note in the actor's name that an amount may come later."""
    record(PaymentDeferred(_say(session, booking, PaymentMethod.LATER, amount).id))


def _say(session: Session, booking: Booking, method: PaymentMethod, amount: Money, note: str = "") -> Payment:
    said = Payment(
        booking_id=booking.id,
        method=method.value,
        amount_minor=amount.minor,
        currency=amount.currency,
        received_at=clock.now(),
        reference=booking.reference,
        note=note,
        actor_label=current_actor().label,
    )
    session.add(said)
    session.flush()
    return said
