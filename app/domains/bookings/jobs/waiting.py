"""What is done for those who wait: a freed time goes on, waits without hope are closed, and each is written to."""

from __future__ import annotations

from uuid import UUID

import structlog

from app.domains.bookings import events, queries, service
from app.domains.bookings.jobs.mails import may_write
from app.domains.bookings.models import WaitingStatus
from app.domains.members import queries as members
from app.kernel.configured import configured
from app.kernel.db import unit_of_work
from app.kernel.jobs import job
from app.kernel.outbox import Delivery, subscriber
from app.mail import send
from app.mail.facts import WaitingFacts
from app.mail.wording import speaking
from app.surfaces.records.news import tell_outside
from app.translation.chain import translated_locales

log = structlog.get_logger("festoon.waiting")


@subscriber("waiting.time_freed", events.TimeFreed)
def pass_time_on(event: events.TimeFreed, _delivery: Delivery) -> None:
    """Give a time that became free to who waits for it."""
    with unit_of_work() as session:
        if changed := service.pass_on(session, event.claim_id):
            tell_outside("waiting", [one.id for one in changed])


@job("waiting.tend", at="*/10 * * * *")
def tend_waiting() -> int:
    """Close the waits without hope and offer what no news told of; gives how many places changed."""
    with unit_of_work() as session:
        rooms = service.rooms_waited_for(session)
    count = 0
    for room in rooms:  # a transaction each: no room is locked while another is looked at
        with unit_of_work() as session:
            changed = service.close_hopeless(session, room) + service.offer_all(session, room)
            if changed:
                tell_outside("waiting", [one.id for one in changed])
            count += len(changed)
    return count


@subscriber("mail.waiting_joined", events.WaitingJoined, queue="mail")
def tell_joined(event: events.WaitingJoined, delivery: Delivery) -> None:
    """Tell the client that they are on the list, if they still are."""
    _tell("waiting_joined", event.waiting_id, delivery, WaitingStatus.WAITING)


@subscriber("mail.waiting_asked_again", events.WaitingAskedAgain, queue="mail")
def tell_where_they_stand(event: events.WaitingAskedAgain, delivery: Delivery) -> None:
    """Tell who asked for a time that they wait for already how it stands, with the link: in line, or offered."""
    _tell("waiting_joined", event.waiting_id, delivery, WaitingStatus.WAITING)
    _tell("waiting_offered", event.waiting_id, delivery, WaitingStatus.OFFERED)


@subscriber("mail.waiting_full", events.WaitingFull, queue="mail")
def tell_full(event: events.WaitingFull, delivery: Delivery) -> None:
    """Tell who asked and waits for as many times as one may that nothing was added, with the link of the oldest."""
    _tell("waiting_full", event.waiting_id, delivery, WaitingStatus.WAITING, WaitingStatus.OFFERED)


@subscriber("mail.waiting_offered", events.WaitingOffered, queue="mail")
def tell_offered(event: events.WaitingOffered, delivery: Delivery) -> None:
    """Offer the client the time, with its deadline; not once that has passed."""
    _tell("waiting_offered", event.waiting_id, delivery, WaitingStatus.OFFERED)


@subscriber("mail.waiting_ended", events.WaitingEnded, queue="mail")
def tell_ended(event: events.WaitingEnded, delivery: Delivery) -> None:
    """Tell the client what they did not do themselves: that an offer lapsed, that the list is closed."""
    with unit_of_work():
        found = queries.waiting(event.waiting_id)
    if found is not None and found["status"] == WaitingStatus.LAPSED:
        _tell("waiting_lapsed", event.waiting_id, delivery, WaitingStatus.LAPSED)
    elif found is not None:
        _tell("waiting_closed", event.waiting_id, delivery, WaitingStatus.CLOSED)


def _tell(kind: str, waiting_id: UUID, delivery: Delivery, *wanted: WaitingStatus) -> None:
    """Write to who waits, if their place stands as the mail says; a member who is suspended gets no mail."""
    with unit_of_work():
        found = queries.waiting(waiting_id)
        if found is None or found["status"] not in wanted:
            return
        default = str(configured("BABEL_DEFAULT_LOCALE"))
        found = queries.waiting(waiting_id, translated_locales(found["locale"], default)) or found
        contact = members.contact_of(found["member_id"]) if found["member_id"] else None
    if contact is not None and not contact.is_active:
        return
    is_own = contact is not None and contact.is_verified and contact.email == found["client_email"]
    if not is_own and not may_write(kind, found["client_email"], delivery):
        log.warning("waiting.mail_left_out", kind=kind, waiting=str(waiting_id))
        return
    send(
        kind,
        to=found["client_email"],
        name=found["client_name"],
        locale=found["locale"],
        facts={
            "waiting": _told(found),
            "waiting_link": queries.waiting_page(waiting_id, found["link_serial"]),
        },
        number=delivery.id,
    )


def _told(found: queries.Facts) -> WaitingFacts:
    """Tell a place on the list; staff's own reasons for closing it stay in the house."""
    is_ours = found["status"] == WaitingStatus.CLOSED and found["reason"] in set(service.Reason)
    with speaking(found["locale"]):
        reason = service.reason_in_words(found["reason"]) if is_ours else ""
    return WaitingFacts(
        client=found["client_name"],
        room=found["room"],
        venue=found["venue"],
        starts_at=found["starts_at"],
        ends_at=found["ends_at"],
        zone=found["zone"],
        reader_zone=found["time_zone"] or found["zone"],
        guests=found["guests"],
        place=found["place"] or 0,
        deadline=found["deadline"],
        reason=reason,
    )
