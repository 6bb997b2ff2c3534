"""A booking in its client's words: labels, amounts, what happens next, what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _

from app.access.messages import tongue
from app.domains.bookings.models import BookingStatus
from app.domains.bookings.queries import link_token, page_of
from app.domains.bookings.resources import EVENT_TYPES
from app.domains.bookings.service import TRANSITIONS, last_cancel_day
from app.kernel import clock
from app.kernel.configured import outside_url
from app.surfaces.contract.operations import PREFIX
from app.surfaces.records import wording

_TYPES = {option.value: option.label for option in EVENT_TYPES}
_PLAIN = (
    *("id", "reference", "status", "created_at", "client_name", "client_email", "client_phone"),
    *("event_type", "event_on", "place", "package", "guests", "message", "locale", "time_zone"),
)


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Tell a booking to its client, without the link, which is never stored."""
    locale = wording.reader()
    status = BookingStatus(facts["status"])
    return {
        **{name: facts[name] for name in _PLAIN},
        "message": facts["message"] or "",
        "time_zone": facts["time_zone"] or "",
        "status_label": _label(status, tongue()),
        "event_type_label": _type(facts["event_type"], tongue()),
        "event_on_text": wording.day(facts["event_on"], locale),
        "total": _amount(facts, locale),
        "steps": [_step(step, locale) for step in facts["steps"]],
        "next": what_follows(facts, status),
        "cancellation": cancellation(facts, status, locale),
    }


def links(key: Any, serial: int = 1) -> dict[str, str]:
    """Give the addresses under which the client finds the booking again."""
    token = link_token(key, serial)
    return {"status": outside_url(f"{PREFIX}/bookings/status/{token}"), "page": page_of(token)}


def cancellation(facts: Mapping[str, Any], status: BookingStatus, locale: str) -> dict[str, Any]:
    """Say whether the client may call it off, and until when."""
    if BookingStatus.CANCELLED not in TRANSITIONS[status]:
        return {"allowed": False, "until": None, "sentence": _("There is nothing to cancel any more.")}
    until = last_cancel_day(status, facts["event_on"], facts["cancel_days"])
    day = wording.day(until, locale)
    allowed = clock.today() <= until
    if allowed and status is BookingStatus.PENDING:
        later = last_cancel_day(BookingStatus.CONFIRMED, facts["event_on"], facts["cancel_days"])
        sentence = _(
            "You can cancel free of charge until we confirm it, and then until %(day)s.",
            day=wording.day(later, locale),
        )
    elif allowed:
        sentence = _("You can cancel free of charge until %(day)s.", day=day)
    else:
        sentence = _(
            "It could be cancelled here until %(day)s. Speak with us about what is possible now.", day=day
        )
    return {"allowed": allowed, "until": until, "sentence": sentence}


def what_follows(facts: Mapping[str, Any], status: BookingStatus) -> list[str]:
    """Say what happens next, in the order in which it happens."""
    said = {"email": facts["client_email"], "number": facts["reference"]}
    return [sentence % said for sentence in _following(status, tongue())]


@lru_cache(maxsize=256)
def _following(status: BookingStatus, _tongue: str) -> tuple[str, ...]:
    """Give the sentences of a status in the reader's language, their facts still to be filled in."""
    keep = _("Keep the number %(number)s; with it we find your booking.", number="%(number)s")
    if status is BookingStatus.PENDING:
        looking = _("We look whether the day is free and write to %(email)s.", email="%(email)s")
        return looking, _("The day is yours once we have confirmed it."), keep
    if status is BookingStatus.CONFIRMED:
        return _("The day is yours. We look forward to it."), keep
    if status is BookingStatus.COMPLETED:
        return (_("Thank you for celebrating with us."),)
    return (_("Nothing more happens. You are welcome to book another day."),)


@lru_cache(maxsize=1024)
def _label(status: BookingStatus, _tongue: str) -> str:
    return str(status.label)


@lru_cache(maxsize=1024)
def _type(name: str, _tongue: str) -> str:
    return str(_TYPES.get(name, name))


def _amount(facts: Mapping[str, Any], locale: str) -> dict[str, Any] | None:
    minor, currency = facts["total_minor"], facts["currency"]
    if minor is None:
        return None
    return {"minor": minor, "currency": currency, "text": wording.money(minor, currency, locale)}


def _step(step: Mapping[str, Any], locale: str) -> dict[str, Any]:
    status = BookingStatus(step["to_status"])
    return {"status": status.value, "label": _label(status, tongue()), "at": step["at"]}
