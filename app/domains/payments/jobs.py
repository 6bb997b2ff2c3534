"""What staff are told of the money of bookings."""

from __future__ import annotations

from app.access.staff import staff_who_may
from app.domains.payments import queries
from app.domains.payments.events import PaymentCameLate
from app.kernel.db import unit_of_work
from app.kernel.outbox import Delivery, subscriber
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
