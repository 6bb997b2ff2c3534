"""What staff and clients are told of the money of bookings."""

from __future__ import annotations

from app.access.staff import staff_who_may
from app.domains.bookings.jobs.mails import tell_client
from app.domains.payments import queries
from app.domains.payments.events import PaymentCameLate, RefundGranted
from app.domains.payments.service.granting import STANDING
from app.kernel.db import unit_of_work
from app.kernel.outbox import Delivery, subscriber
from app.kernel.values import Money
from app.surfaces.desk import notices


@subscriber("notices.payment_came_late", PaymentCameLate)
def notice_came_late(event: PaymentCameLate, _delivery: Delivery) -> None:
    """Tell who pays back that money came for a booking that is over (rule 12)."""
    with unit_of_work() as session:
        payment = queries.payment(session, event.payment_id)
        if payment is None:
            return
        told = [contact.user.id for contact in staff_who_may("mark_paid", "refund") if contact.user]
        notices.tell_users(
            session,
            told,
            "payment_late",
            resource="payment",
            record_id=payment.id,
            title=payment.reference,
            actor=payment.actor_label,
            url=f"/bookings/{payment.booking_id}",
        )


@subscriber("mail.refund_granted", RefundGranted, queue="mail")
def tell_granted(event: RefundGranted, delivery: Delivery) -> None:
    """Tell the client how much is paid back of a booking that stays, unless it was withdrawn; not staff's reason."""
    with unit_of_work() as session:
        made = [found for key in event.refund_ids if (found := queries.refund(session, key)) is not None]
        if not made:
            return
        booking_id, currency = made[0].booking_id, made[0].currency
        amount = Money(sum(refund.amount_minor for refund in made), currency)
    tell_client("refund_granted", booking_id, delivery, *STANDING, "pending", more={"amount": amount})
