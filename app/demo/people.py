"""Thirty members of the demo: who they are, since when, and on which devices they were seen last."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from app.demo.content import LANGUAGES, content

PASSWORD = "lanterns over the garden"  # noqa: S105  # told in docs/members.md; of no use in production
EACH = 6
"""Members of each language."""
_ZONES = {
    "en": ("Europe/London", "America/New_York", "Australia/Sydney"),
    "de": ("Europe/Berlin", "Europe/Vienna"),
    "es": ("Europe/Madrid", "America/Mexico_City"),
    "hi": ("Asia/Kolkata",),
    "ar": ("Asia/Dubai", "Africa/Cairo"),
}
_DEVICES = ("Chrome, Android", "Safari, iPhone", "Firefox, Linux", "Edge, Windows", "Safari, Mac")
_SUSPENDED = {7: "Sent advertising in the chat.", 19: "Booked under names of others."}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d"})


@dataclass(frozen=True, slots=True)
class Person:
    """A member to be, and the devices: (name, address, first seen, last seen)."""

    facts: dict[str, Any]
    devices: tuple[tuple[str, str, datetime, datetime], ...]


def people(today: date) -> list[Person]:
    """Make the same members on every run, the newest a few days before `today`."""
    dice = Random("festoon members")
    locales = [locale for _ in range(EACH) for locale in ("en", *LANGUAGES)]
    return [_person(dice, number, locale, today, len(locales)) for number, locale in enumerate(locales)]


def _person(dice: Random, number: int, locale: str, today: date, of: int) -> Person:
    names = content("bookings")["clients"][locale]
    turn = number // len(_ZONES)
    name = f"{names['given'][turn]} {names['family'][-1 - turn]}"
    handle = _plain(name).replace(" ", ".")
    registered = _at(dice, today - timedelta(days=2 + round(360 * (1 - number / (of - 1)) ** 1.5)))
    seen = _at(
        dice, today - timedelta(days=min((today - registered.date()).days, dice.choice((1, 1, 3, 9, 20, 70))))
    )
    is_verified = number % 6 != 4
    facts = {
        "email": f"{handle}@example.com",
        "username": handle,
        "name": name,
        "phone": dice.choice(content("bookings")["phones"]).format(dice.randrange(100))
        if number % 3
        else None,
        "locale": locale,
        "time_zone": dice.choice(_ZONES[locale]),
        "is_verified": is_verified,
        "status": "suspended" if number in _SUSPENDED else "active",
        "suspended_because": _SUSPENDED.get(number, ""),
        "created_at": registered,
        "seen_at": max(seen, registered),
    }
    shown = dice.sample(_DEVICES, 1 + number % 2) if number not in _SUSPENDED else []
    address = f"203.0.113.{dice.randrange(1, 250)}"
    return Person(facts, tuple((device, address, registered, max(seen, registered)) for device in shown))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()


def _at(dice: Random, day: date) -> datetime:
    return datetime.combine(day, time(dice.randint(7, 20), dice.randrange(60)), UTC)
