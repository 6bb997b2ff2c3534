"""A series in the reader's words: its rule, its days, what stands against them and what could be instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time, get_day_names
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.domains.bookings.queries import (
    Calendar,
    Finding,
    Foreseen,
    Lack,
    Monthly,
    Outcome,
    Repetition,
    Rhythm,
    explain,
)
from app.domains.venues.queries import NoPrice, RoomRules, quote
from app.kernel import durations
from app.kernel.values import Period
from app.surfaces.records import wording

TONES = {
    Outcome.BOOKED: "success",
    Outcome.TAKEN: "danger",
    Outcome.CLOSED: "warning",
    Outcome.REFUSED: "warning",
    Outcome.LEFT_OUT: "secondary",
}
_ORDINALS = {
    1: _l("the first %(weekday)s"),
    2: _l("the second %(weekday)s"),
    3: _l("the third %(weekday)s"),
    4: _l("the fourth %(weekday)s"),
    5: _l("the fifth %(weekday)s"),
}


@dataclass(frozen=True, slots=True)
class Instead:
    """What a day that cannot be as wished could be instead."""

    label: str
    room_id: str
    starts: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a series before it is booked or moved; `before` is when it is now."""

    day: str
    time: str
    label: str
    tone: str
    reasons: tuple[str, ...] = ()
    instead: tuple[Instead, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """series/_days.html: the days of a rule, how many of each kind, and what they cost."""

    lines: tuple[DayLine, ...] = ()
    counts: tuple[tuple[str, str, str], ...] = ()  # number, label, tone
    total: str = ""
    rule: str = ""
    free: int = 0
    blocked: int = 0
    fault: str = ""


def preview_of(
    foreseen: Sequence[Foreseen], rules: RoomRules, repetition: Repetition | None = None
) -> Preview:
    """Word the days of a rule."""
    locale = wording.reader()
    lines = tuple(line_of(one, rules, locale) for one in foreseen)
    free = sum(one.is_free for one in foreseen)
    return Preview(
        lines,
        tuple(_counts(foreseen, locale)),
        _total(foreseen, rules, locale),
        rule_words(repetition, locale) if repetition else "",
        free,
        sum(not one.is_free and one.day.lack is not Lack.NO_SUCH_DAY for one in foreseen),
    )


def line_of(
    one: Foreseen, rules: RoomRules, locale: str, before: str = "", more: tuple[str, ...] = ()
) -> DayLine:
    """Word one day; `more` stands against it beside the rules of the room."""
    wish = one.day.wish
    return DayLine(
        day_words(wish, one.day.falls_on, rules.zone, locale),
        time_words(wish, rules.zone, locale) if wish else "",
        _("Free") if one.is_free else label_of(one.outcome),
        TONES[one.outcome],
        reasons_of(one.day.lack, one.against, rules, locale, one.day.falls_on) + more,
        tuple(instead_of(one, rules, locale)),
        before,
    )


def label_of(outcome: Outcome) -> str:
    """Name an outcome."""
    return str(outcome.label)


def day_words(wish: Period | None, falls_on: date, zone: str, locale: str) -> str:
    """Write a day with its weekday: Mon, 24 May 2027."""
    day = wish.starts_at.astimezone(ZoneInfo(zone)).date() if wish else falls_on
    return str(format_skeleton("yMMMEd", day, locale=_babel(locale)))


def time_words(wish: Period, zone: str, locale: str) -> str:
    """Write from when to when, by the clocks of the venue."""
    there = ZoneInfo(zone)
    starts, ends = (
        format_time(at.astimezone(there), "short", locale=_babel(locale))
        for at in (wish.starts_at, wish.ends_at)
    )
    return f"{starts} \u2013 {ends}"


def reasons_of(
    lack: Lack | None, against: Iterable[Finding], rules: RoomRules, locale: str, falls_on: date
) -> tuple[str, ...]:
    """Say why a day cannot be."""
    if lack is Lack.NO_SUCH_DAY:
        return (_("The month has no such day."),)
    if lack is Lack.NO_SUCH_TIME:
        return (_("The clocks jump over this time that night."),)
    calendar = Calendar(rules, (), falls_on, falls_on)
    return tuple(told.sentence for told in explain(calendar, list(against), locale, for_staff=True))


def instead_of(one: Foreseen, rules: RoomRules, locale: str) -> Iterable[Instead]:
    """Say what a day could be instead: the nearest time in the room, then other rooms at that very time."""
    there = ZoneInfo(rules.zone)
    if one.nearest is not None:
        at = one.nearest.starts_at.astimezone(there)
        told = format_time(at, "short", locale=_babel(locale))
        yield Instead(_("at %(time)s", time=told), str(rules.id), at.strftime("%Y-%m-%dT%H:%M"))
    for room in one.other_rooms:
        yield Instead(_("in %(room)s", room=room.name), str(room.id), "")


def rule_words(rule: Repetition, locale: str) -> str:
    """Write the rule of a series in one sentence."""
    parts = [
        _rhythm_words(rule, locale),
        format_time(rule.starts, "short", locale=_babel(locale)),
        durations.told(rule.minutes, locale),
    ]
    if rule.until_on is not None:
        parts.append(_("until %(day)s", day=wording.day(rule.until_on, locale)))
    elif rule.times is not None:
        parts.append(ngettext("%(num)d time", "%(num)d times", rule.times))
    return ", ".join(parts)


def _rhythm_words(rule: Repetition, locale: str) -> str:
    names = get_day_names("wide", locale=_babel(locale))
    if rule.rhythm is Rhythm.DAILY:
        return ngettext("Each day", "Every %(num)d days", rule.every)
    if rule.rhythm is Rhythm.WEEKLY:
        days = format_list([names[day] for day in rule.days_of_week], locale=_babel(locale))
        return ngettext("Every week on %(days)s", "Every %(num)d weeks on %(days)s", rule.every, days=days)
    return ngettext(
        "Every month on %(day)s",
        "Every %(num)d months on %(day)s",
        rule.every,
        day=monthly_words(rule, locale),
    )


def monthly_words(rule: Repetition, locale: str) -> str:
    """Name the day of a month: day 24, the third Thursday, the last Thursday."""
    weekday = get_day_names("wide", locale=_babel(locale))[rule.first_on.weekday()]
    if rule.monthly is Monthly.LAST:
        return _("the last %(weekday)s", weekday=weekday)
    if rule.monthly is Monthly.WEEKDAY:
        return str(_ORDINALS[(rule.first_on.day - 1) // 7 + 1]) % {"weekday": weekday}
    return _("day %(number)s", number=wording.number(rule.first_on.day, locale))


def _counts(foreseen: Sequence[Foreseen], locale: str) -> Iterable[tuple[str, str, str]]:
    counted = Counter(one.outcome for one in foreseen)
    for outcome, tone in TONES.items():
        if counted[outcome]:
            label = _("free") if outcome is Outcome.BOOKED else label_of(outcome)
            yield wording.number(counted[outcome], locale), label, tone


def _total(foreseen: Sequence[Foreseen], rules: RoomRules, locale: str) -> str:
    """Add up what the room costs on the days that can be booked."""
    try:
        prices = [
            quote(one.day.wish.minutes, rules.tiers, rules.currency).total.minor
            for one in foreseen
            if one.is_free and one.day.wish is not None
        ]
    except NoPrice:
        return ""
    return wording.money(sum(prices), rules.currency, locale) if prices else ""


def _babel(locale: str) -> Any:
    return Locale.parse(locale.replace("-", "_"))
