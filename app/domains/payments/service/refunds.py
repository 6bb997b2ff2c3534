"""Paying back: never more than a payment has left, however many ask at once (rule 18)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, select, update
from sqlalchemy.orm import Session, object_session

from app.domains.payments.errors import RefundNeeded, RefundSettled, RefundTooLarge
from app.domains.payments.events import RefundPaid, RefundWanted, RefundWithdrawn
from app.domains.payments.models import BY_WORD, Payment, PaymentMethod, PaymentStatus, Refund, RefundStatus
from app.domains.payments.queries import captured
from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.db import metadata
from app.kernel.errors import Invalid
from app.kernel.outbox import record
from app.kernel.values import Money, is_blank

REJECTED, CANCELLED = "rejected", "cancelled"
GOODWILL = "Goodwill: "
"""What the reason of a refund begins with that staff granted; it stays when another booking takes its one's place."""
_IS_MONEY = Payment.method.not_in(BY_WORD)


def spread(session: Session, booking_id: UUID, amount: Money, reason: str) -> list[Refund]:
    """Want an amount back out of a booking's payments, the newest first. Raises RefundTooLarge."""
    session.flush()
    _lock_booking(session, booking_id)
    rest, made = amount.minor, []
    mine = select(Payment.id, Payment.amount_minor - Payment.refunded_minor).where(
        Payment.booking_id == booking_id, Payment.currency == amount.currency, _IS_MONEY
    )
    newest = mine.order_by(Payment.created_at.desc(), Payment.id.desc()).with_for_update()
    found = session.execute(newest).all()
    if sum(left for _key, left in found) < rest:
        raise RefundTooLarge
    for key, left in found:
        part = min(rest, left)
        if part > 0:
            made.append(refund_of(session, key, booking_id, Money(part, amount.currency), reason))
            rest -= part
    return made


def refund_of(session: Session, payment_id: UUID, booking_id: UUID, amount: Money, reason: str) -> Refund:
    """Want an amount of one payment back. Raises RefundTooLarge.

    The condition stands in the statement that adds: of two at once the second sees the first's sum. The
    table's own check has the last word.
    """
    session.flush()
    _add(session, payment_id, amount.minor)
    refund = Refund(
        payment_id=payment_id,
        booking_id=booking_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        reason=reason or _("Refund"),
        actor_label=current_actor().label,
    )
    session.add(refund)
    session.flush()
    record(RefundWanted(refund.id))
    return refund


def mark_refund_paid(refund: Refund, _reason: str = "") -> None:
    """Note that the money went back. Raises RefundSettled."""
    session = _session(refund)
    _lock(session, refund)
    refund.status = RefundStatus.PAID.value
    refund.paid_at = clock.now()
    refund.actor_label = current_actor().label
    session.flush()
    record(RefundPaid(refund.id))


def withdraw_refund(refund: Refund, reason: str) -> None:
    """Take a refund back that was not paid yet: what it gave away is the booking's again.

    The row is deleted; its last words in the history are the reason. Raises Invalid without one, RefundSettled,
    RefundNeeded where the money cannot stay.
    """
    session, why = _session(refund), reason.strip()
    if is_blank(why):
        raise Invalid({"reason": [_l("Say why it is not to be paid back.")]})
    _lock(session, refund)
    _check_money_may_stay(session, refund)
    if refund.reason.startswith(GOODWILL):
        _end_waiver(session, refund)
    refund.reason = _("Withdrawn: %(reason)s", reason=why)
    refund.actor_label = current_actor().label
    session.flush()
    _take_back(session, refund, why)


def _end_waiver(session: Session, refund: Refund) -> None:
    """Take back what was waived with a refund by goodwill: without the refund it is paid, and nobody owes it."""
    given = (
        select(Payment)
        .where(Payment.booking_id == refund.booking_id, Payment.method == PaymentMethod.WAIVER.value)
        .where(Payment.note == refund.reason)
        .order_by(Payment.created_at.desc(), Payment.id.desc())
    )
    left = refund.amount_minor
    for waiver in session.scalars(given):
        taken = min(left, waiver.amount_minor)
        left -= taken
        if taken == waiver.amount_minor:
            session.delete(waiver)
        elif taken:
            waiver.amount_minor -= taken
    session.flush()


def _check_money_may_stay(session: Session, refund: Refund) -> None:
    """Refuse to keep money of a booking that is over and was given nothing for it, or more than the price."""
    bookings = metadata.tables["booking"].c
    found = select(bookings.status, bookings.total_minor).where(bookings.id == refund.booking_id)
    status, price = session.execute(found).one()
    paid = captured(session, refund.booking_id)
    kept = paid.minor if paid else 0
    if status == REJECTED or (status == CANCELLED and not kept):
        raise RefundNeeded(
            _l("All that was paid for this booking goes back. Pay it, or take the booking up again.")
        )
    if status in (REJECTED, CANCELLED) and _came_late(session, refund):
        raise RefundNeeded(_l("This money came when the booking was over. It goes back whole."))
    if price is not None and kept + refund.amount_minor > price:
        raise RefundNeeded(_l("More would be paid for this booking then than it costs."))


def _came_late(session: Session, refund: Refund) -> bool:
    """Tell whether the payment was noted after the booking's last step, its end."""
    steps = metadata.tables["booking_step"].c
    last = select(steps.at, steps.id).where(steps.booking_id == refund.booking_id)
    ended = session.execute(last.order_by(steps.position.desc()).limit(1)).one()
    payment = session.get_one(Payment, refund.payment_id)
    return (payment.created_at, payment.id) > (ended.at, ended.id)


def _take_back(session: Session, refund: Refund, reason: str = "") -> None:
    key, payment_id, amount = refund.id, refund.payment_id, refund.amount_minor
    session.delete(refund)
    session.flush()
    _add(session, payment_id, -amount)
    record(RefundWithdrawn(key, reason))


def withdraw_wanted(session: Session, booking_id: UUID) -> None:
    """Take back the refunds of a booking that were not paid yet, as another takes its place and its money.

    What staff granted stays promised, whatever becomes of the booking.
    """
    mine = select(Refund).where(
        Refund.booking_id == booking_id,
        Refund.status == RefundStatus.WANTED.value,
        ~Refund.reason.startswith(GOODWILL, autoescape=True),
    )
    for refund in session.scalars(mine.order_by(Refund.id)).all():
        _lock(session, refund)
        _take_back(session, refund)


def _add(session: Session, payment_id: UUID, minor: int) -> None:
    after = Payment.refunded_minor + minor
    standing = case(
        (after == 0, PaymentStatus.CAPTURED.value),
        (after == Payment.amount_minor, PaymentStatus.REFUNDED.value),
        else_=PaymentStatus.PARTLY_REFUNDED.value,
    )
    changed = (
        update(Payment)
        .where(Payment.id == payment_id, _IS_MONEY, after.between(0, Payment.amount_minor))
        .values(refunded_minor=after, status=standing, revision=Payment.revision + 1)
        .returning(Payment.id)
        .execution_options(synchronize_session=False)
    )
    if session.execute(changed).scalar_one_or_none() is None:
        raise RefundTooLarge
    held = session.get(Payment, payment_id)
    if held is not None:
        session.refresh(held)


def _lock(session: Session, refund: Refund) -> None:
    """Lock a refund that is still to be paid; of two verbs at once the second sees the first's outcome."""
    session.flush()
    _lock_booking(session, refund.booking_id)
    wanted = select(Refund.id).where(Refund.id == refund.id, Refund.status == RefundStatus.WANTED.value)
    if session.execute(wanted.with_for_update()).scalar_one_or_none() is None:
        raise RefundSettled
    session.refresh(refund)


def _lock_booking(session: Session, booking_id: UUID) -> None:
    """Lock the booking before its payments and refunds, as whoever calls it off does: so that none waits in a ring."""
    bookings = metadata.tables["booking"].c
    session.execute(select(bookings.id).where(bookings.id == booking_id).with_for_update(key_share=True))


def lock_bookings_of_refunds(
    session: Session, keys: Collection[UUID], _named: Mapping[str, Collection[UUID]]
) -> None:
    """Lock the bookings of refunds, in one order, before many refunds are locked."""
    bookings = metadata.tables["booking"].c
    theirs = select(Refund.booking_id).where(Refund.id.in_(keys))
    found = select(bookings.id).where(bookings.id.in_(theirs)).order_by(bookings.id)
    session.execute(found.with_for_update(key_share=True))


def _session(refund: Refund) -> Session:
    session = object_session(refund)
    if session is None:
        raise ValueError("a refund is settled where it is stored")
    return session
