"""What the guard says of a wish, and what it would cost: asked while something is dragged, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from babel.numbers import format_percent
from flask_babel import gettext as _

from app.domains.bookings import queries as bookings
from app.domains.bookings.api.room_wording import paid_note
from app.domains.bookings.errors import NoSuchRoom
from app.domains.bookings.queries import Calendar, Finding, Rule
from app.domains.bookings.service.claiming import LONGEST, promise_on
from app.domains.bookings.service.moving import KEPT_BY_STANDING, total_after
from app.domains.bookings.service.refunding import shares_back
from app.domains.bookings.service.rooms import too_many
from app.kernel import clock, durations
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.values import Period
from app.surfaces.records import wording
from app.web.timeline.aside import GUESTS, told_aside
from app.web.timeline.asked import instant_of, key_of, read_zone
from app.web.timeline.places import seen_rooms

Facts = dict[str, Any]
MOST_MINUTES = int(LONGEST.total_seconds() // 60)
_TIMES = "\u00d7"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A time in a room that is asked for, the zone in which its asker reads the clock, and for how many guests."""

    room: UUID
    period: Period
    zone: str
    guests: int | None = None


def read_wish(body: Mapping[str, Any], booking: Any | None = None) -> Wish:
    """Read room, start and end, or start and `minutes`, from JSON. Raises Invalid, BadParameter, NoSuchRoom.

    Times without an offset are wall time in `zone`; one that the booking has already is that very instant.
    """
    zone, fold = read_zone(str(body.get("zone") or "")) or "UTC", str(body.get("fold") or "")
    room = key_of("room", body.get("room"))
    if all(room != seen.id for seen in seen_rooms()):
        raise NoSuchRoom
    starts_at = instant_of(
        "starts_at", str(body.get("starts_at") or ""), zone, fold, booking.starts_at if booking else None
    )
    minutes = body.get("minutes")
    if isinstance(minutes, int) and 0 < minutes <= MOST_MINUTES:
        ends_at = starts_at + timedelta(minutes=minutes)
    else:
        told = str(body.get("ends_at") or "")
        ends_at = instant_of("ends_at", told, zone, fold, booking.ends_at if booking else None)
    if ends_at <= starts_at:
        raise Invalid({"ends_at": [_("The end comes after the start.")]})
    if ends_at - starts_at > LONGEST:
        raise Invalid({"ends_at": [_("Nothing is booked for longer than a month.")]})
    guests = booking.guests if booking is not None else body.get("guests")
    return Wish(room, Period(starts_at, ends_at), zone, guests if isinstance(guests, int) else None)


def judge(wish: Wish, booking: Any | None = None) -> Facts:
    """Give the guard's answer rule by rule, the price, and for a booking what it was before."""
    calendar, locale = calendar_for(wish, booking), wording.reader()
    told = bookings.explain(
        calendar, _findings(calendar, wish, booking), locale, for_staff=True, zone=wish.zone
    )
    rules: list[Facts] = [
        {"rule": one.rule.value, "is_kept": one.is_kept, "sentence": one.sentence} for one in told
    ]
    if sentence := too_many(wish.guests, calendar.rules):
        rules.append({"rule": GUESTS, "is_kept": False, "sentence": str(sentence)})
    broken = [rule["rule"] for rule in rules if not rule["is_kept"]]
    is_same = booking is not None and is_unchanged(wish, booking)
    return {
        "is_kept": not broken and not is_same,
        "is_same": is_same,
        "said": _said(not broken, is_same),
        "rules": rules,
        "aside": told_aside(() if is_same else broken, booking),
        "by_request": calendar.needs_request(wish.period),
        "place": f"{calendar.rules.name} · {calendar.rules.venue_name}",
        "when": between(wish.period, wish.zone, locale),
        "starts": wall(wish.period.starts_at, wish.zone),
        "ends": wall(wish.period.ends_at, wish.zone),
        **_priced(calendar, wish, booking, locale),
    }


def broken_rules(wish: Wish, booking: Any | None) -> list[str]:
    """Name the rules that a wish breaks as things stand."""
    found = _findings(calendar_for(wish, booking), wish, booking)
    return [finding.rule.value for finding in bookings.broken(found)]


def _findings(calendar: Calendar, wish: Wish, booking: Any | None) -> list[Finding]:
    """Judge a wish by every rule that is asked of it: who only ends otherwise kept some of them when it was made."""
    standing = KEPT_BY_STANDING if booking is not None and only_ends(wish, booking) else frozenset[Rule]()
    return [one for one in calendar.judge(wish.period, clock.now()) if one.rule not in standing]


def _said(is_kept: bool, is_same: bool) -> str:
    if is_same:
        return _("This is where it is now.")
    return _("This time can be booked.") if is_kept else _("This time cannot be booked.")


def verb_of(wish: Wish, booking: Any) -> str:
    """Name the verb that a wish asks for: a booking is extended where only its end changes, else it is moved."""
    return "extend" if only_ends(wish, booking) else "move"


def is_unchanged(wish: Wish, booking: Any) -> bool:
    """Tell whether a booking has this room and this time already."""
    return only_ends(wish, booking) and wish.period.ends_at == booking.ends_at


def only_ends(wish: Wish, booking: Any) -> bool:
    """Tell whether a wish keeps the booking's room and start: then it is made longer or shorter, and may have begun."""
    return booking.room_id == wish.room and booking.starts_at == wish.period.starts_at


def calendar_for(wish: Wish, booking: Any | None) -> Calendar:
    """Read the room's calendar around a wish, as if the booking to be moved were not there. Raises NoSuchRoom."""
    there = wish.period.starts_at.date() - _ONE_DAY, wish.period.ends_at.date() + _ONE_DAY
    calendar = bookings.calendar_of(db.session.connection(), wish.room, *there, clock.now())
    if calendar is None:
        raise NoSuchRoom
    if booking is not None:
        calendar.taken = [one for one in calendar.taken if one.booking_id != booking.id]
    return calendar


def _priced(calendar: Calendar, wish: Wish, booking: Any | None, locale: str) -> Facts:
    """Tell the price line by line, and for a booking by how much its total would change."""
    claim = bookings.claim_of(db.session(), booking.id) if booking is not None else None
    promised = promise_on(calendar.rules, wish.period, claim)
    quote, currency = promised["quote"], promised["currency"]
    lines = [
        {
            "words": _line(line, locale),
            "total": wording.money(line["times"] * line["price_minor"], currency, locale),
        }
        for line in (quote["lines"] if quote else ())
    ]
    told: Facts = {"lines": lines, "price": "", "price_before": "", "difference": ""}
    told["note"] = paid_note(quote, wish.period.minutes, locale)
    told["paid_back"] = "" if claim is None else _paid_back(claim, wish, locale)
    if quote is None:
        return told | {"note": _("This room has no price.")}
    if booking is None or claim is None:
        return told | {"price": wording.money(quote["total_minor"], currency, locale)}
    total = booking.total_minor or 0
    try:
        after = total_after(booking, claim.promise, promised) or 0
    except Invalid as refused:
        return told | {"note": " ".join(str(text) for texts in refused.errors.values() for text in texts)}
    return told | {
        "price": wording.money(after, currency, locale),
        "price_before": wording.money(total, currency, locale),
        "difference": _difference(after - total, currency, locale),
    }


def _paid_back(claim: Any, wish: Wish, locale: str) -> str:
    """Say what calling off would pay back before and after, where that is not the same; the policy stays (rule 18)."""
    before, after = shares_back(claim, wish.period.starts_at)
    if before == after:
        return ""
    shares = {
        name: format_percent(one / 100, locale=locale) for name, one in (("before", before), ("after", after))
    }
    return _("Called off now, %(before)s would be paid back; after the move %(after)s.", **shares)


def _difference(change: int, currency: str, locale: str) -> str:
    if not change:
        return _("The price stays.")
    amount = wording.money(abs(change), currency, locale)
    return _("%(amount)s more", amount=amount) if change > 0 else _("%(amount)s less", amount=amount)


def _line(line: Mapping[str, int], locale: str) -> str:
    """Write so many times a length, such as 2 times 4 hours, with the sign for times."""
    return f"{wording.number(line['times'], locale)} {_TIMES} {durations.told(line['minutes'], locale)}"


def wall(at: datetime, zone: str) -> str:
    """Write what the clocks of a zone show, as an input takes it."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="minutes")


def between(period: Period, zone: str, locale: str) -> str:
    """Word a period as the clocks of a zone show it: its day, and from when to when."""
    starts, ends = (at.astimezone(ZoneInfo(zone)) for at in (period.starts_at, period.ends_at))
    day = format_skeleton("yMMMEd", starts, locale=locale)
    until = wording.time_of_day(ends.time(), locale)
    if starts.date() != ends.date():
        until = f"{format_skeleton('MMMEd', ends, locale=locale)}, {until}"
    return f"{day}, {wording.time_of_day(starts.time(), locale)} \u2013 {until}"
