"""Mails about series: one for all days that were booked, confirmed, called off or moved at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select

from app.domains.bookings import events, queries
from app.domains.bookings.jobs.mails import (
    facts_of,
    is_vouched_for,
    may_write,
    staff_of,
    told_of,
    who_confirm,
)
from app.domains.bookings.models import Booking, BookingStatus
from app.domains.members import queries as members
from app.kernel.db import unit_of_work
from app.kernel.outbox import Delivery, PeerAway, Undeliverable, subscriber
from app.kernel.values import Money
from app.mail import send
from app.mail.facts import BookingFacts, SeriesFacts
from app.surfaces.desk import notices

PENDING, CONFIRMED, CANCELLED = BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.CANCELLED

log: Any = structlog.get_logger("festoon.bookings")


@subscriber("mail.series_booked", events.SeriesBooked, queue="mail")
def tell_client_booked(event: events.SeriesBooked, delivery: Delivery) -> None:
    """Tell the client of the days that were booked, as far as they still are."""
    _tell_client("series_received", event.booking_ids, delivery, PENDING, CONFIRMED)


@subscriber("mail.series_confirmed", events.SeriesConfirmed, queue="mail")
def tell_client_confirmed(event: events.SeriesConfirmed, delivery: Delivery) -> None:
    """Tell the client of the days that are promised."""
    _tell_client("series_confirmed", event.booking_ids, delivery, CONFIRMED)


@subscriber("mail.series_cancelled", events.SeriesCancelled, queue="mail")
def tell_client_cancelled(event: events.SeriesCancelled, delivery: Delivery) -> None:
    """Tell the client of the days that are called off."""
    _tell_client("series_cancelled", event.booking_ids, delivery, CANCELLED)


@subscriber("mail.series_moved", events.SeriesMoved, queue="mail")
def tell_client_moved(event: events.SeriesMoved, delivery: Delivery) -> None:
    """Tell the client of the times that their days have now."""
    _tell_client("series_moved", event.booking_ids, delivery, PENDING, CONFIRMED)


@subscriber("mail.series_staff", events.SeriesBooked, queue="mail", seconds=180)
def tell_staff(event: events.SeriesBooked, delivery: Delivery) -> None:
    """Tell everybody who handles bookings; who cannot be reached keeps none of the others from it."""
    failed: list[Exception] = []
    for contact in staff_of(event.booking_ids[0]):
        found = _days(event.booking_ids, (PENDING, CONFIRMED), contact.locale)
        if not found:
            return
        try:
            send(
                "series_notice",
                to=contact.email,
                name=contact.name,
                locale=contact.locale,
                facts={"series": _series(found), "booking_link": f"/series/{event.series_id}"},
                number=f"{delivery.id}.{contact.user.id if contact.user else contact.email}",
                reply_to=str(found[0]["client_email"]),
            )
        except (PeerAway, Undeliverable) as error:
            failed.append(error)
    if failed:  # what another try could mend goes before what none can
        raise min(failed, key=lambda error: isinstance(error, Undeliverable))


@subscriber("notices.series", events.SeriesBooked)
def notice_booked(event: events.SeriesBooked, _delivery: Delivery) -> None:
    """Give one notice to everybody who may confirm the days."""
    told = [contact.user.id for contact in who_confirm(event.booking_ids[0]) if contact.user is not None]
    with unit_of_work() as session:
        waiting = select(Booking).where(Booking.id.in_(event.booking_ids), Booking.status == PENDING.value)
        booking = session.scalars(waiting.order_by(Booking.starts_at).limit(1)).first()
        if booking is not None:
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


def _tell_client(kind: str, booking_ids: Sequence[UUID], delivery: Delivery, *wanted: BookingStatus) -> None:
    """Write once to the client of the days that stand as the mail says; a suspended member gets no mail."""
    found = _days(booking_ids, wanted)
    if not found:
        return
    first = found[0]
    with unit_of_work():
        contact = members.contact_of(first["member_id"]) if first["member_id"] else None
    if contact is not None and not contact.is_active:
        return
    if not is_vouched_for(first, contact) and not may_write(kind, first["client_email"], delivery):
        log.warning("bookings.mail_left_out", kind=kind, booking=str(first["id"]))
        return
    send(
        kind,
        to=first["client_email"],
        name=first["client_name"],
        locale=first["locale"],
        facts={
            "series": _series(found),
            "booking_link": queries.client_page(first["id"], first["link_serial"]),
        },
        number=delivery.id,
    )


def _days(
    booking_ids: Sequence[UUID], wanted: Sequence[BookingStatus], locale: str = ""
) -> list[queries.Facts]:
    """Read the bookings that stand as wanted, by their time."""
    with unit_of_work():
        read = (facts_of(key, locale) for key in booking_ids)
        found = [one for one in read if one is not None and one["status"] in wanted]
    return sorted(found, key=lambda one: (one["event_on"], str(one["starts_at"])))


def _series(found: Sequence[queries.Facts]) -> SeriesFacts:
    days: tuple[BookingFacts, ...] = tuple(told_of(one) for one in found)
    totals = [day.total for day in days if day.total is not None]
    is_sum = len({total.currency for total in totals}) == 1 and len(totals) == len(days)
    first = days[0]
    return SeriesFacts(
        client=first.client,
        email=first.email,
        occasion=first.occasion,
        place=first.place,
        days=days,
        total=Money(sum(total.minor for total in totals), totals[0].currency) if is_sum else None,
    )
