"""Lengths of time as people say and type them; they are stored as whole minutes."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_timedelta
from babel.units import format_unit

_NEVER = 1e9
"""So many of a unit are still told in it, and not in the next larger one."""

_UNITS = (("day", 1440), ("hour", 60), ("minute", 1))
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)")
_SPOKEN = re.compile(r"(?:(\d{1,4})\s*d)?\s*(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*(?:m|min)?)?", re.IGNORECASE)


@lru_cache(maxsize=2048)
def told(minutes: int, locale: str) -> str:
    """Say a length in the reader's language: 2 days, 1 hour 30 minutes."""
    if minutes == 0:
        return str(format_unit(0, "duration-minute", locale=_locale(locale)))
    parts, rest = [], minutes
    for name, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            length = "long" if count * size == minutes else "short"
            parts.append(_counted(count, name, size, length, locale))
    return " ".join(parts)


def _counted(count: int, name: str, size: int, length: str, locale: str) -> str:
    """Count a unit. Not by `format_unit`: it has no word for an Arabic day."""
    lasting = timedelta(minutes=count * size)
    words: Any = {"granularity": name, "format": length, "locale": _locale(locale)}
    return str(format_timedelta(lasting, threshold=_NEVER, **words))


def read(text: str) -> int:
    """Read a length as it is typed: 90, 1:30, 1h30, 2d 4h; a bare number is minutes. Raises ValueError."""
    bare = text.strip()
    if found := _CLOCK.fullmatch(bare):
        return int(found[1]) * 60 + int(found[2])
    if bare and (found := _SPOKEN.fullmatch(bare)):
        days, hours, minutes = (int(part or 0) for part in found.groups())
        return days * 1440 + hours * 60 + minutes
    return int(bare)


@lru_cache(maxsize=64)
def _locale(locale: str) -> Locale:
    return Locale.parse(locale.replace("-", "_"))
