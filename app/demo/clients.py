"""Two years of bookings around a day: who asked for what, where, and how it went on."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from app.demo.content import content
from app.domains.bookings.models import BookingStatus as Status

HOW_MANY = 200
_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "đ": "d"})
_HOSTS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class Step:
    """A change of status, when and why."""

    before: Status | None
    after: Status
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking to be: its facts and the steps it went through."""

    facts: dict[str, Any]
    package: str | None
    steps: tuple[Step, ...]


def wishes(today: date, how_many: int = HOW_MANY) -> list[Wish]:
    """Make the same bookings on every run, spread from a year before `today` to a year after it."""
    dice = Random(f"festoon bookings {how_many}")
    return [_wish(dice, number / (how_many - 1), today) for number in range(how_many)]


def client_facts(dice: Random) -> dict[str, Any]:
    """Make somebody who books, with the occasion and what they write."""
    kind = _kind(dice)
    name, locale = _client(dice)
    return {
        "client_name": name,
        "client_email": _email(dice, name),
        "client_phone": dice.choice(content("bookings")["phones"]).format(dice.randrange(100)),
        "event_type": kind,
        "message": dice.choice(content("bookings")["messages"][locale]),
        "locale": locale,
    }


def _wish(dice: Random, share: float, today: date) -> Wish:
    event_on = _weekend(dice, today + timedelta(days=round(-365 + 730 * share)))
    kind = _kind(dice)
    fitting = [one for one in content("packages") if one["is_active"] and kind in one["event_types"]]
    package = dice.choice(fitting) if fitting and dice.random() < 0.86 else None
    name, locale = _client(dice)
    low, high = package["guests"] if package else content("bookings")["guests"][kind]
    guests = dice.randint(low, high)
    price = package["price_minor"] if package else guests * dice.choice((4500, 6000, 8500))
    facts = {
        "client_name": name,
        "client_email": _email(dice, name),
        "client_phone": dice.choice(content("bookings")["phones"]).format(dice.randrange(100)),
        "event_type": kind,
        "event_on": event_on,
        "place": dice.choice(content("bookings")["places"]),
        "guests": guests,
        "message": dice.choice(content("bookings")["messages"][locale]),
        "total_minor": price + dice.choice((0, 0, 0, 12_000, 25_000, 48_000)),
        "locale": locale,
    }
    return Wish(facts, package["slug"] if package else None, _steps(dice, event_on, today))


def _weekend(dice: Random, day: date) -> date:
    """Most feasts are on Friday, Saturday or Sunday."""
    if dice.random() < 0.25:
        return day
    return day + timedelta(days=dice.choice((4, 5, 5, 6)) - day.weekday())


def _kind(dice: Random) -> str:
    kinds = {"wedding": 34, "birthday": 22, "anniversary": 8, "engagement": 8, "baby_shower": 6}
    kinds |= {"graduation": 4, "festival": 8, "corporate": 8, "other": 2}
    return dice.choices(list(kinds), list(kinds.values()))[0]


def _client(dice: Random) -> tuple[str, str]:
    words = content("bookings")
    if dice.random() < 0.3:
        return dice.choice(words["travellers"]), "en"
    locale = dice.choices(("en", "de", "es", "hi", "ar"), (30, 20, 18, 17, 15))[0]
    names = words["clients"][locale]
    return f"{dice.choice(names['given'])} {dice.choice(names['family'])}", locale


def _email(dice: Random, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '.')}@{dice.choice(_HOSTS)}"


def _steps(dice: Random, event_on: date, today: date) -> tuple[Step, ...]:
    asked_on = min(
        event_on - timedelta(days=dice.randint(25, 330)), today - timedelta(days=dice.randint(2, 75))
    )
    steps = [Step(None, Status.PENDING, _instant(dice, asked_on), "")]
    latest = min(today, event_on) - timedelta(days=1)
    for status in _way(dice, event_on < today, (today - asked_on).days):
        before = steps[-1]
        if status in {Status.COMPLETED, Status.NO_SHOW}:
            at = datetime.combine(event_on, time(dice.randint(22, 23), dice.randrange(60)), UTC)
        else:
            on = min(before.at.date() + timedelta(days=dice.randint(1, 14)), latest)
            at = max(_instant(dice, on), before.at + timedelta(minutes=7))
        reason = dice.choice(content("bookings")["reasons"][status.value])
        steps.append(Step(before.after, status, at, reason))
    return tuple(steps)


def _way(dice: Random, is_past: bool, waiting: int) -> tuple[Status, ...]:
    """Choose the statuses after pending; what has waited long is confirmed or called off by now."""
    luck = dice.random()
    if is_past:
        if luck < 0.82:
            return Status.CONFIRMED, Status.COMPLETED
        if luck < 0.86:
            return Status.CONFIRMED, Status.NO_SHOW
        return (Status.CONFIRMED, Status.CANCELLED) if luck < 0.93 else (Status.CANCELLED,)
    if luck < 0.09:
        return (Status.CANCELLED,) if luck < 0.05 else (Status.CONFIRMED, Status.CANCELLED)
    return () if luck < (0.6 if waiting < 20 else 0.2) else (Status.CONFIRMED,)


def _instant(dice: Random, day: date) -> datetime:
    return datetime.combine(day, time(dice.randint(8, 20), dice.randrange(60), dice.randrange(60)), UTC)
