"""Times in rooms in the words of who wants one: when, what it costs, what is paid back, why it is not free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_percent
from flask_babel import gettext as _
from sqlalchemy import Connection

from app.domains.bookings.errors import TimeRefused
from app.domains.bookings.queries import Calendar, Explanation, Finding, calendar_of, explain
from app.domains.venues import queries as venues
from app.kernel import clock, durations
from app.kernel.values import Money, Period
from app.surfaces.records import wording

_DAY = timedelta(days=1)


def room_told(offer: venues.Offer, room: venues.OfferedRoom) -> dict[str, Any]:
    """Tell a room, its venue and its zone."""
    return {
        "id": room.id,
        "slug": room.slug,
        "name": room.name,
        "venue": offer.venue.name,
        "zone": offer.venue.zone,
    }


def amount(money: Money | None, locale: str) -> dict[str, Any] | None:
    """Write an amount, as numbers and as the reader writes it."""
    if money is None:
        return None
    text = wording.money(money.minor, money.currency, locale)
    return {"minor": money.minor, "currency": money.currency, "text": text}


def clock_text(period: Period, zone: ZoneInfo, locale: str) -> str:
    """Tell from when to when by the clocks of a zone, without the day."""
    starts, ends = (
        wording.time_of_day(at.astimezone(zone).time(), locale) for at in (period.starts_at, period.ends_at)
    )
    return f"{starts} \N{EN DASH} {ends}"


def moment(at: datetime, zone: str, locale: str) -> str:
    """Tell an instant by the clocks of a zone, and whose they are."""
    there = at.astimezone(ZoneInfo(zone))
    day, time = wording.day(there.date(), locale), wording.time_of_day(there.time(), locale)
    return _("%(day)s, %(time)s (%(place)s)", day=day, time=time, place=wording.zone(zone, locale))


def time_text(period: Period, zone: str, locale: str) -> str:
    """Tell when something begins and ends by the clocks of a zone; the day once where it is one."""
    there = ZoneInfo(zone)
    starts, ends = period.starts_at.astimezone(there), period.ends_at.astimezone(there)
    place = wording.zone(zone, locale)
    first = wording.day(starts.date(), locale)
    if starts.date() == ends.date():
        return _(
            "%(day)s, %(time)s (%(place)s)", day=first, time=clock_text(period, there, locale), place=place
        )
    return _(
        "%(day)s, %(time)s to %(other_day)s, %(other_time)s (%(place)s)",
        day=first,
        time=wording.time_of_day(starts.time(), locale),
        other_day=wording.day(ends.date(), locale),
        other_time=wording.time_of_day(ends.time(), locale),
        place=place,
    )


def price_of(rules: venues.RoomRules, minutes: int) -> Money | None:
    """Give what a time of a room costs; None where the room has no price."""
    if not rules.tiers or minutes < 1:
        return None
    return venues.quote(minutes, rules.tiers, rules.currency).total


def quote_told(promise: Mapping[str, Any], period: Period, locale: str) -> dict[str, Any]:
    """Tell a promised price line by line, and the policy: what is shown before anything is bought (rule 18)."""
    quote, currency = promise["quote"], promise["currency"]
    total = Money(quote["total_minor"], currency) if quote else None
    return {
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
        "time_text": time_text(period, promise["zone"], locale),
        "minutes": period.minutes,
        "lines": [_line(line, currency, locale) for line in quote["lines"]] if quote else [],
        "total": amount(total, locale),
        "note": paid_note(quote, period.minutes, locale),
        "policy": policy(promise, period.starts_at, locale),
    }


def paid_note(quote: Mapping[str, Any] | None, minutes: int, locale: str) -> str:
    """Say that more is paid than is booked, where the room's prices fit no better; nothing where they do."""
    paid = sum(line["minutes"] * line["times"] for line in quote["lines"]) if quote else 0
    return paid_for(paid, minutes, locale)


def paid_for(paid: int, minutes: int, locale: str) -> str:
    """Say that `paid` minutes are paid for where fewer are booked; nothing where they are no more."""
    if paid <= minutes:
        return ""
    told = {"paid": durations.told(paid, locale), "booked": durations.told(minutes, locale)}
    return _("The price is that of %(paid)s: the room has none that fits %(booked)s for less.", **told)


def _line(line: Mapping[str, Any], currency: str, locale: str) -> dict[str, Any]:
    minutes, times = line["minutes"], line["times"]
    price = Money(line["price_minor"], currency)
    return {
        "minutes": minutes,
        "times": times,
        "price": amount(price, locale),
        "total": amount(Money(price.minor * times, currency), locale),
        "text": f"{wording.number(times, locale)} \N{MULTIPLICATION SIGN} {durations.told(minutes, locale)}",
    }


def policy(promise: Mapping[str, Any], starts_at: datetime, locale: str) -> dict[str, Any]:
    """Word a promised policy with its times, without the steps that have passed or that a later one outdoes."""
    steps = [
        step
        for until, percent in _falling(promise, starts_at)
        if (step := _step(until, percent, promise["zone"], locale))
    ]
    sentences = [step["sentence"] for step in steps]
    if not steps:
        sentences = [_("Who cancels gets nothing back.")]
    elif steps[-1]["until"] < starts_at:
        sentences.append(_("After that nothing is paid back."))
    return {"steps": steps, "text": " ".join(sentences)}


def _falling(promise: Mapping[str, Any], starts_at: datetime) -> list[tuple[datetime, int]]:
    """List until when how many percent are paid back, from the most on: a step that a later one outdoes is none."""
    falling: list[tuple[datetime, int]] = []
    best = 0
    for step in sorted(promise["policy"], key=lambda step: step["hours_before"]):
        if step["percent"] > best:
            best = step["percent"]
            falling.append((starts_at - timedelta(hours=step["hours_before"]), best))
    now = clock.now()
    return [(until, percent) for until, percent in reversed(falling) if until >= now]


def _step(until: datetime, percent: int, zone: str, locale: str) -> dict[str, Any]:
    time = moment(until, zone, locale)
    if percent == 100:
        sentence = _("Who cancels by %(time)s gets everything back.", time=time)
    else:
        part = format_percent(percent / 100, locale=locale)
        sentence = _("Who cancels by %(time)s gets %(percent)s back.", time=time, percent=part)
    return {"until": until, "percent": percent, "sentence": sentence}


def rules_told(explanations: Sequence[Explanation]) -> list[dict[str, Any]]:
    """Tell what each rule says."""
    return [
        {"rule": one.rule.value, "is_kept": one.is_kept, "sentence": one.sentence} for one in explanations
    ]


def explained(calendar: Calendar, findings: Sequence[Finding], locale: str) -> list[dict[str, Any]]:
    """Word findings for visitors, by the venue's clocks."""
    return rules_told(explain(calendar, findings, locale))


def days_around(period: Period) -> tuple[Any, Any]:
    """Give the first and the last local day that a period may touch in any zone."""
    return period.starts_at.date() - _DAY, period.ends_at.date() + _DAY


def word_refusal(
    refusal: TimeRefused, connection: Connection, room: Any, period: Period, locale: str
) -> None:
    """Put a sentence beside each rule that a time breaks; the answer tells them as `findings`."""
    calendar = calendar_of(connection, room, *days_around(period), clock.now())
    if calendar is not None:
        refusal.facts["findings"] = explained(calendar, refusal.findings, locale)
