"""The papers of a booking: its confirmation to be printed, and a calendar file with its time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Response, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Event

from app.domains.bookings import queries
from app.domains.bookings.api.wording import told
from app.domains.bookings.resources import STATUSES
from app.kernel import clock, languages
from app.kernel.db import db
from app.kernel.locales import direction, parse_locale
from app.mail.calendars import empty_calendar, event_key
from app.mail.settings import current_settings
from app.surfaces.public.language import default_locale
from app.translation.chain import translated_locales
from app.web.bookings.money import policy_words

_TONES = {option.value: option.tone for option in STATUSES}


def confirmation_page(booking: Any) -> str:
    """Show the booking as its client reads it, in the language it was made in, ready to be printed."""
    locale = languages.best_words(booking.locale) or default_locale()
    facts = queries.booking(booking.id, translated_locales(locale, default_locale()))
    with force_locale(parse_locale(locale)):
        return render_template(
            "bookings/confirmation.html",
            booking=told(facts or {}),
            tone=_TONES.get(booking.status, "secondary"),
            policy=tuple(policy_words(booking)),
            brand=current_settings().brand,
            shell=SimpleNamespace(
                locale=locale, direction=direction(locale), theme="light", density="cosy", has_shortcuts=True
            ),
        )


def calendar_file(booking: Any) -> Response:
    """Write the booking as a calendar file: its time in the room, else its day."""
    settings, event = current_settings(), Event()
    event.add("uid", event_key(booking.id, settings))
    event.add("sequence", len(booking.steps))
    event.add("dtstamp", clock.now())
    if booking.starts_at is not None:
        event.add("dtstart", booking.starts_at)
        event.add("dtend", booking.ends_at)
    else:
        event.add("dtstart", booking.event_on)
    event.add("summary", _("%(client)s (%(number)s)", client=booking.client_name, number=booking.reference))
    event.add("location", booking.place)
    claim = queries.claim_of(db.session(), booking.id)
    is_off = booking.status in ("cancelled", "rejected", "moved") or (claim is not None and claim.ended_as)
    event.add(
        "status", "CANCELLED" if is_off else "CONFIRMED" if booking.status != "pending" else "TENTATIVE"
    )
    calendar = empty_calendar(settings)
    calendar.add_component(event)
    answer = Response(calendar.to_ical(), mimetype="text/calendar")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{booking.reference}.ics")
    return answer
