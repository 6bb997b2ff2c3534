"""A booking in its client's words: labels, amounts, what happens next, what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.access.messages import tongue
from app.domains.bookings.api import room_wording
from app.domains.bookings.models import BookingStatus
from app.domains.bookings.queries import link_token, page_of
from app.domains.bookings.resources import EVENT_TYPES
from app.domains.bookings.service import TRANSITIONS, last_cancel_day
from app.kernel import clock
from app.kernel.configured import outside_url
from app.kernel.values import Money, Period
from app.surfaces.contract.operations import PREFIX
from app.surfaces.records import wording

_TYPES = {option.value: option.label for option in EVENT_TYPES}
_PLAIN = (
    *("id", "reference", "status", "created_at", "client_name", "client_email", "client_phone"),
    *("event_type", "event_on", "place", "package", "guests", "message", "locale", "time_zone"),
)


def told(facts: Mapping[str, Any], refund: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Tell a booking to its client, without the link, which is never stored; `refund` as `refund_told` gives it."""
    locale = wording.reader()
    status = BookingStatus(facts["status"])
    period = period_of(facts)
    return {
        **{name: facts[name] for name in _PLAIN},
        "message": facts["message"] or "",
        "time_zone": facts["time_zone"] or "",
        "status_label": _label(status, tongue()),
        "event_type_label": _type(facts["event_type"], tongue()),
        "event_on_text": wording.day(facts["event_on"], locale),
        "room": facts.get("room"),
        "starts_at": facts.get("starts_at"),
        "ends_at": facts.get("ends_at"),
        "time_text": room_wording.time_text(period, facts["room"]["zone"], locale) if period else None,
        "follows": facts.get("follows"),
        "total": _amount(facts, locale),
        "steps": [_step(step, locale) for step in facts["steps"]],
        "next": what_follows(facts, status),
        "cancellation": cancellation(facts, status, locale) | {"refund": refund},
    }


def period_of(facts: Mapping[str, Any]) -> Period | None:
    """Give the time in a room that is booked; None for a day without one."""
    return Period(facts["starts_at"], facts["ends_at"]) if facts.get("room") else None


def refund_told(refund: Any, paid: Money | None) -> dict[str, Any]:
    """Tell what is paid back to who cancels now; `paid` is None where nothing was paid."""
    locale = wording.reader()
    amount = room_wording.amount(refund.amount, locale) or {}
    if not paid or not paid.minor:
        sentence = _("Nothing has been paid yet, so nothing is paid back.")
    elif not refund.amount.minor:
        sentence = _("If you cancel now, nothing is paid back.")
    else:
        sentence = _("If you cancel now, you get %(amount)s back.", amount=amount["text"])
    return {"amount": amount, "percent": refund.percent, "until": refund.until, "sentence": sentence}


def links(key: Any, serial: int = 1) -> dict[str, str]:
    """Give the addresses under which the client finds the booking again."""
    token = link_token(key, serial)
    return {"status": outside_url(f"{PREFIX}/bookings/status/{token}"), "page": page_of(token)}


def cancellation(facts: Mapping[str, Any], status: BookingStatus, locale: str) -> dict[str, Any]:
    """Say whether the client may call it off, and until when."""
    if BookingStatus.CANCELLED not in TRANSITIONS[status]:
        sentence = _("There is nothing to cancel any more.")
        return {"allowed": False, "until": None, "sentence": sentence, "policy": None}
    if (period := period_of(facts)) is not None:
        return _cancellation_of_room(facts, period, locale)
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
    return {"allowed": allowed, "until": until, "sentence": sentence, "policy": None}


def _cancellation_of_room(facts: Mapping[str, Any], period: Period, locale: str) -> dict[str, Any]:
    """Say what `cancel_for_client` does: a time in a room may be called off until it begins."""
    zone = facts["room"]["zone"]
    allowed = clock.now() < period.starts_at
    if allowed:
        sentence = _("You can cancel until it begins. What is paid back depends on how early you do.")
    else:
        sentence = _("It has begun already. Speak with us about what is possible now.")
    return {
        "allowed": allowed,
        "until": period.starts_at.astimezone(ZoneInfo(zone)).date(),
        "sentence": sentence,
        "policy": room_wording.policy(facts["promise"], period.starts_at, locale) if allowed else None,
    }


def what_follows(facts: Mapping[str, Any], status: BookingStatus) -> list[str]:
    """Say what happens next, in the order in which it happens."""
    said = {"email": facts["client_email"], "number": facts["reference"]}
    following = _following(status, tongue(), has_room=bool(facts.get("room")))
    return [sentence % said for sentence in following]


@lru_cache(maxsize=256)
def _following(status: BookingStatus, _tongue: str, *, has_room: bool) -> tuple[str, ...]:
    """Give the sentences of a status in the reader's language, their facts still to be filled in."""
    keep = _("Keep the number %(number)s; with it we find your booking.", number="%(number)s")
    if status is BookingStatus.PENDING and has_room:
        looking = _("We look at it and write to %(email)s.", email="%(email)s")
        return looking, _("The room is yours once we have confirmed it."), keep
    if status is BookingStatus.CONFIRMED and has_room:
        return _("The room is yours. We look forward to seeing you."), keep
    if status is BookingStatus.PENDING:
        looking = _("We look whether the day is free and write to %(email)s.", email="%(email)s")
        return looking, _("The day is yours once we have confirmed it."), keep
    if status is BookingStatus.CONFIRMED:
        return _("The day is yours. We look forward to it."), keep
    if status is BookingStatus.COMPLETED:
        return (_("Thank you for celebrating with us."),)
    if status is BookingStatus.REJECTED:
        sorry = _("We are sorry: we cannot take this booking. What was paid is paid back in full.")
        return sorry, _("You are welcome to choose another time.")
    if status is BookingStatus.MOVED:
        return (_("Another booking took its place, at another time or in another room."),)
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
