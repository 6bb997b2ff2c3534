"""The calendar file of a mail that tells of a date: the same event in each, so that a later one changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from email.headerregistry import Address
from uuid import UUID

from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from app.kernel import clock
from app.mail.facts import BookingFacts
from app.mail.settings import MailSettings

PUBLISH, CANCEL = "PUBLISH", "CANCEL"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; `parameters` belong to its type, such as a calendar's method."""

    name: str
    type: str
    content: bytes
    parameters: tuple[tuple[str, str], ...] = ()


def calendar_of(
    booking: BookingFacts, settings: MailSettings, method: str = PUBLISH, name: str = "booking.ics"
) -> Attachment:
    """Write a booking as a calendar file, in the language that is spoken now: its time, or the whole day.

    It is published, not an invitation: nobody is asked to answer. A whole day is meant in whatever zone
    the calendar is read; `step` grows with the booking, so that a cancellation goes over what was published.
    """
    event = Event()
    event.add("uid", event_key(booking.id, settings))
    event.add("sequence", booking.step)
    event.add("dtstamp", clock.now())
    event.add("dtstart", booking.starts_at.astimezone(UTC) if booking.starts_at else booking.day)
    event.add(
        "dtend", booking.ends_at.astimezone(UTC) if booking.ends_at else booking.day + timedelta(days=1)
    )
    event.add("summary", _("%(occasion)s with %(brand)s", occasion=booking.occasion, brand=settings.brand))
    event.add("location", booking.place)
    promised = "TENTATIVE" if booking.is_tentative else "CONFIRMED"
    event.add("status", "CANCELLED" if method == CANCEL else promised)
    event.add("transp", "OPAQUE")
    if booking.package:
        event.add("description", booking.package)
    event["organizer"] = _organizer(settings.sender)
    calendar = empty_calendar(settings)
    calendar.add("method", method)
    calendar.add_component(event)
    return Attachment(name, "text/calendar", calendar.to_ical(), (("method", method),))


def event_key(booking_id: UUID, settings: MailSettings) -> str:
    """Name a booking in calendars: the same in a mail and in a feed, so that none stands there twice."""
    return f"booking-{booking_id}@{settings.domain}"


def empty_calendar(settings: MailSettings) -> Calendar:
    """Begin a calendar of ours."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.brand}//Festoon//EN")
    calendar.add("version", "2.0")
    return calendar


def _organizer(sender: Address) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{sender.addr_spec}")
    if sender.display_name:
        organizer.params["cn"] = vText(sender.display_name)
    return organizer
