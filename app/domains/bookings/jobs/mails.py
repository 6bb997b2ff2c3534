"""Mails about bookings: to the client in the booking's language, to staff in theirs, and the reminder."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

import structlog
from sqlalchemy import Date, Text, and_, column, exists, func, select, table, type_coerce
from sqlalchemy.dialects.postgresql import insert
from werkzeug.exceptions import TooManyRequests

from app.access.limits import digest, spend
from app.access.rows import condition
from app.access.staff import StaffContact, staff_who_may
from app.domains.bookings import events, queries
from app.domains.bookings.models import Booking, BookingStatus, BookingStep
from app.domains.bookings.resources import EVENT_TYPES
from app.domains.members import queries as members
from app.kernel import clock
from app.kernel.configured import configured
from app.kernel.db import db, unit_of_work
from app.kernel.jobs import job
from app.kernel.outbox import (
    Delivery,
    DomainEvent,
    OutboxRow,
    PeerAway,
    Undeliverable,
    nudge,
    row_of,
    subscriber,
)
from app.kernel.values import Money
from app.mail import send
from app.mail.facts import BookingFacts
from app.mail.settings import MailSettings
from app.surfaces.desk import notices
from app.translation.chain import translated_locales

MORNING = 8
"""The hour, where the event is, from which reminders are sent."""

TO_STRANGERS = "5 per hour"
"""Mails of a kind to one address of which nobody showed that it is theirs."""

_LONGEST_PLACE = 100
_LINK = re.compile(r"://|www\.|@|\w\.\w{2,}", re.IGNORECASE)
_zones = table("pg_timezone_names", column("name", Text))
_REMINDERS = UUID("0199c0de-0000-7000-8000-000000000825")
BY_ITSELF = timedelta(minutes=1)
"""What costs nothing and is confirmed so soon after it came in was confirmed by nobody."""
AT_ONCE = timedelta(seconds=5)
"""What is confirmed so soon after it came in was booked and confirmed by one click."""
PENDING, CONFIRMED, CANCELLED = BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.CANCELLED

log: Any = structlog.get_logger("festoon.bookings")


@dataclass(frozen=True, slots=True)
class ReminderDue(DomainEvent):
    """A confirmed booking's day is near."""

    topic: ClassVar[str] = "booking.reminder_due"
    booking_id: UUID
    day: str


@subscriber("mail.booking_received", events.BookingReceived, queue="mail")
def tell_client_received(event: events.BookingReceived, delivery: Delivery) -> None:
    """Tell the client that the booking arrived, unless it is called off already or was promised as it came in."""
    if event.in_series:
        return
    with unit_of_work():
        found = facts_of(event.booking_id)
    if found is not None and not is_promised_at_once(found):
        tell_client("booking_received", event.booking_id, delivery, PENDING, CONFIRMED)


@subscriber("mail.booking_confirmed", events.BookingConfirmed, queue="mail")
def tell_client_confirmed(event: events.BookingConfirmed, delivery: Delivery) -> None:
    """Tell the client that the day is promised, if it still is."""
    if not event.in_series:
        tell_client("booking_confirmed", event.booking_id, delivery, CONFIRMED)


@subscriber("mail.booking_cancelled", events.BookingCancelled, queue="mail")
def tell_client_cancelled(event: events.BookingCancelled, delivery: Delivery) -> None:
    """Tell the client that the booking is called off."""
    if not event.in_series:
        tell_client("booking_cancelled", event.booking_id, delivery, CANCELLED)


@subscriber("mail.booking_rejected", events.BookingRejected, queue="mail")
def tell_client_rejected(event: events.BookingRejected, delivery: Delivery) -> None:
    """Tell the client that the wish cannot be met."""
    tell_client("booking_rejected", event.booking_id, delivery, BookingStatus.REJECTED)


@subscriber("mail.booking_moved", events.BookingMoved, queue="mail")
def tell_client_moved(event: events.BookingMoved, delivery: Delivery) -> None:
    """Tell the client of the time or the room that their booking has now, unless that is over already."""
    if event.in_series:
        return
    with unit_of_work():
        before = facts_of(event.booking_id)
    if before is not None and before["successor_id"] is not None:
        key, more = before["successor_id"], {"before": told_of(before)}
        tell_client("booking_moved", key, delivery, PENDING, CONFIRMED, more=more)


@subscriber("mail.booking_revived", events.BookingRevived, queue="mail")
def tell_client_revived(event: events.BookingRevived, delivery: Delivery) -> None:
    """Tell the client that the booking is taken up again: as one that is promised, or as one that waits."""
    tell_client("booking_confirmed", event.booking_id, delivery, CONFIRMED)
    tell_client("booking_received", event.booking_id, delivery, PENDING)


@subscriber("mail.booking_reminder", ReminderDue, queue="mail")
def remind_client(event: ReminderDue, delivery: Delivery) -> None:
    """Remind the client of the day: once, whatever becomes of the delivery."""
    tell_client("booking_reminder", event.booking_id, delivery, CONFIRMED, day=event.day)


@subscriber("mail.booking_staff", events.BookingReceived, queue="mail", seconds=180)
def tell_staff(event: events.BookingReceived, delivery: Delivery) -> None:
    """Tell everybody who handles bookings; who cannot be reached keeps none of the others from it."""
    if event.in_series:
        return
    failed: list[Exception] = []
    for contact in staff_of(event.booking_id):
        with unit_of_work():
            found = facts_of(event.booking_id, contact.locale)
        if found is None or found["status"] == CANCELLED:
            return
        try:
            send(
                "staff_notice",
                to=contact.email,
                name=contact.name,
                locale=contact.locale,
                facts={
                    "booking": told_of(found),
                    "booking_link": f"/bookings/{event.booking_id}",
                },
                number=f"{delivery.id}.{contact.user.id if contact.user else contact.email}",
                reply_to=str(found["client_email"]),
            )
        except (PeerAway, Undeliverable) as error:
            failed.append(error)
    if failed:  # what another try could mend goes before what none can
        raise min(failed, key=lambda error: isinstance(error, Undeliverable))


@subscriber("notices.booking", events.BookingReceived)
def notice_received(event: events.BookingReceived, _delivery: Delivery) -> None:
    """Give a notice to everybody who may confirm this very booking; several are one line."""
    if event.in_series:
        return
    told = [contact.user.id for contact in who_confirm(event.booking_id) if contact.user is not None]
    with unit_of_work() as session:
        booking = session.get(Booking, event.booking_id)
        if booking is not None and booking.status == PENDING:
            notices.tell_users(
                session,
                told,
                "booking",
                resource="booking",
                record_id=booking.id,
                title=booking.client_name,
                actor=booking.client_name,
                together=True,
            )


@job("bookings.remind", at="5 * * * *")
def record_reminders() -> int:
    """Record which clients are to be reminded now; a booking is recorded once for a day."""
    settings: MailSettings = configured("MAIL")
    recorded = 0
    with unit_of_work() as session:
        for key, day in session.execute(_due(settings.reminder_days)).all():
            row = row_of(ReminderDue(key, day.isoformat()))
            row["id"] = uuid.uuid5(_REMINDERS, f"{key} {day}")
            made = session.execute(
                insert(OutboxRow).values(row).on_conflict_do_nothing().returning(OutboxRow.id)
            )
            recorded += made.first() is not None
    nudge()
    return recorded


def _due(days: int) -> Any:
    """Select the bookings whose day is near where they take place; one confirmed just now needs no reminder.

    A zone that the database does not know counts as UTC: one row must not stop the reminders of all others.
    """
    now = clock.now()
    there = func.timezone(func.coalesce(_zones.c.name, "UTC"), now)
    ahead = Booking.event_on - type_coerce(func.date(there), Date)
    confirmed_lately = exists().where(
        BookingStep.booking_id == Booking.id,
        BookingStep.to_status == CONFIRMED.value,
        BookingStep.at > now - func.make_interval(0, 0, 0, 1),
    )
    source = select(Booking.id, Booking.event_on).outerjoin(_zones, _zones.c.name == Booking.time_zone)
    return source.where(
        Booking.status == CONFIRMED.value,
        and_(ahead >= 1, ahead <= days),
        func.extract("hour", there) >= MORNING,
        ~confirmed_lately,
    )


def tell_client(
    kind: str,
    booking_id: UUID,
    delivery: Delivery,
    *wanted: str,
    day: str = "",
    more: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Write to the client if the booking stands as the mail says; a member who is suspended gets no mail.

    `more` are facts that this kind of mail tells besides the booking.
    """
    with unit_of_work():
        found = facts_of(booking_id)
        contact = members.contact_of(found["member_id"]) if found and found["member_id"] else None
    if found is None or found["status"] not in wanted or (day and str(found["event_on"]) != day):
        return
    if contact is not None and not contact.is_active:
        return
    booking = told_of(found)
    if not is_vouched_for(found, contact):
        if not may_write(kind, found["client_email"], delivery):
            log.warning("bookings.mail_left_out", kind=kind, booking=str(booking_id))
            return
        booking = _for_a_stranger(booking)
    facts: dict[str, Any] = {
        "booking": booking,
        "booking_link": queries.client_page(booking_id, found["link_serial"]),
        **more,
    }
    send(
        kind,
        to=found["client_email"],
        name=found["client_name"],
        locale=found["locale"],
        facts=facts,
        number=f"reminder.{booking_id}.{day}" if day else delivery.id,
    )


def is_promised_at_once(found: queries.Facts) -> bool:
    """Tell whether a booking was confirmed as it came in: the mail that says so says all."""
    steps = found["steps"]
    return any(step["to_status"] == CONFIRMED and step["at"] - steps[0]["at"] < AT_ONCE for step in steps[1:])


def is_vouched_for(found: queries.Facts, contact: members.Contact | None) -> bool:
    """Tell whether the address is the member's own, or staff went with the booking beyond its beginning.

    What costs nothing is confirmed as it comes in, by nobody.
    """
    is_own = contact is not None and contact.is_verified and contact.email == found["client_email"]
    came_at = found["steps"][0]["at"] if found["steps"] else found["created_at"]
    vouches_from = came_at + BY_ITSELF if found["total_minor"] == 0 else came_at
    return is_own or any(
        step["to_status"] == CONFIRMED and step["at"] >= vouches_from for step in found["steps"]
    )


def may_write(kind: str, address: str, delivery: Delivery) -> bool:
    """Count a mail to an address that anybody may have typed; a delivery that is tried again counted already."""
    if delivery.attempt > 1:
        return True
    local, _at, domain = address.rpartition("@")
    try:
        spend(f"mail-{kind}", TO_STRANGERS, digest(f"{local.partition('+')[0]}@{domain}"))
    except TooManyRequests:
        return False
    return True


def _for_a_stranger(booking: BookingFacts) -> BookingFacts:
    """Leave out a place that mail programs would make a link, and cut a long one; a room's is our own."""
    if booking.room:
        return booking
    is_link = _LINK.search(booking.place) is not None
    return replace(booking, place="" if is_link else booking.place[:_LONGEST_PLACE])


def facts_of(booking_id: UUID, locale: str = "") -> queries.Facts | None:
    """Read a booking, its package in the reader's language: the client's own unless another is named."""
    found = queries.booking(booking_id)
    return queries.booking(booking_id, translated_locales(locale or found["locale"])) if found else None


def told_of(found: queries.Facts) -> BookingFacts:
    """Give a booking as a mail tells it."""
    option = next((option for option in EVENT_TYPES if option.value == found["event_type"]), None)
    total = found["total_minor"]
    return BookingFacts(
        id=found["id"],
        reference=found["reference"] or "",
        client=found["client_name"],
        email=found["client_email"],
        phone=found["client_phone"] or "",
        occasion=option.label if option else found["event_type"],
        day=found["event_on"],
        place=found["place"],
        package=found["package"]["name"] if found["package"] else "",
        guests=found["guests"],
        total=Money(total, found["currency"]) if total is not None else None,
        message=found["message"],
        step=len(found["steps"]),
        room=found["room"]["name"] if found["room"] else "",
        starts_at=found["starts_at"],
        ends_at=found["ends_at"],
        zone=found["room"]["zone"] if found["room"] else "",
        is_tentative=found["status"] == PENDING,
    )


def staff_of(booking_id: UUID) -> list[StaffContact]:
    """List who is told of a booking: whom the settings name, else who may confirm this very one."""
    settings: MailSettings = configured("MAIL")
    with unit_of_work():
        if settings.staff:
            default = str(configured("BABEL_DEFAULT_LOCALE"))
            return [StaffContact(address, default) for address in settings.staff]
    return who_confirm(booking_id)


def who_confirm(booking_id: UUID) -> list[StaffContact]:
    """List the staff users who may confirm this very booking."""
    with unit_of_work():
        return [
            contact
            for contact in staff_who_may("confirm", "booking")
            if db.session.scalar(
                select(Booking.id).where(
                    Booking.id == booking_id, condition("booking", contact.user, Booking, "confirm")
                )
            )
        ]
