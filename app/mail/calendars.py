"""The calendar file of a mail that tells of a date: the same event in each, so that a later one changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address

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


def calendar_of(booking: BookingFacts, settings: MailSettings, method: str = PUBLISH) -> Attachment:
    """Write the day of a booking as a calendar file, in the language that is spoken now.

    It is published, not an invitation: nobody is asked to answer. The whole day is meant, in whatever zone
    the calendar is read; `step` grows with the booking, so that a cancellation goes over what was published.
    """
    event = Event()
    event.add("uid", f"booking-{booking.id}@{settings.domain}")
    event.add("sequence", booking.step)
    event.add("dtstamp", clock.now())
    event.add("dtstart", booking.day)
    event.add("dtend", booking.day + timedelta(days=1))
    event.add("summary", _("%(occasion)s with %(brand)s", occasion=booking.occasion, brand=settings.brand))
    event.add("location", booking.place)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("transp", "OPAQUE")
    if booking.package:
        event.add("description", booking.package)
    event["organizer"] = _organizer(settings.sender)
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.brand}//Festoon//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return Attachment("booking.ics", "text/calendar", calendar.to_ical(), (("method", method),))


def _organizer(sender: Address) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{sender.addr_spec}")
    if sender.display_name:
        organizer.params["cn"] = vText(sender.display_name)
    return organizer
