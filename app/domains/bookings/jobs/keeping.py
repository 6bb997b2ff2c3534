"""What keeps bookings right while nobody looks: lapsed holds go, a guest's bookings become the member's."""

from __future__ import annotations

from app.domains.bookings import service
from app.domains.members import events as member_events
from app.domains.members import queries as members
from app.kernel.db import unit_of_work
from app.kernel.jobs import job
from app.kernel.outbox import Delivery, subscriber


@job("bookings.free_lapsed", at="* * * * *")
def free_lapsed() -> int:
    """Give free what was held and not booked in time; a second run finds nothing to do."""
    with unit_of_work() as session:
        return service.sweep(session)


@subscriber("bookings.member_verified", member_events.MemberVerified)
def give_bookings_to_member(event: member_events.MemberVerified, _delivery: Delivery) -> None:
    """Let a member find what they booked as a guest, once the address is shown to be theirs."""
    with unit_of_work():
        contact = members.contact_of(event.member_id)
        if contact is not None and contact.is_verified:
            service.give_to_member(contact.id, contact.email)
