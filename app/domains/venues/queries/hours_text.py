"""A day's opening hours as one line of text: 09:00-12:00, 13:00-21:00."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

from app.domains.venues.models import HoursMode, Weekday
from app.domains.venues.queries.opening import Line

_CLOCK = r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9]"
_PART = re.compile(rf"(?P<asks>\()?\s*(?P<opens>{_CLOCK})\s*[-\u2013]\s*(?P<closes>{_CLOCK})\s*(?(asks)\))\Z")
_MIDNIGHT = time(0)


class HoursUnreadable(ValueError):
    """The text holds something that is no time from one hour to another."""


def read_day(text: str, weekday: str) -> list[Line]:
    """Read a day's hours; nothing is closed, 00:00-24:00 is day and night, times in brackets are by request.

    Raises HoursUnreadable.
    """
    day = Weekday(weekday)
    return [_line(day, part.strip()) for part in re.split(r"[,;\u060c]", text) if part.strip()]


def _line(day: Weekday, text: str) -> Line:
    found = _PART.match(text)
    if found is None:
        raise HoursUnreadable(text)
    opens, closes = (_time(found[name]) for name in ("opens", "closes"))
    is_whole = opens == closes == _MIDNIGHT
    if found["asks"]:
        return Line(day, HoursMode.BY_REQUEST, *(() if is_whole else (opens, closes)))
    return Line(day, HoursMode.ALL_DAY) if is_whole else Line(day, HoursMode.OPEN, opens, closes)


def _time(clock: str) -> time:
    hour, minute = (int(part) for part in clock.split(":"))
    if hour == 24 and minute:
        raise HoursUnreadable(clock)
    return time(hour % 24, minute)


def write_day(lines: Iterable[Line], weekday: str) -> str:
    """Write a day's hours so that `read_day` reads them."""
    return ", ".join(
        _text(line) for line in lines if line.weekday == weekday and line.mode is not HoursMode.CLOSED
    )


def _text(line: Line) -> str:
    opens, closes = line.opens or _MIDNIGHT, line.closes or _MIDNIGHT
    last = "24:00" if closes == _MIDNIGHT else closes.isoformat("minutes")
    text = f"{opens.isoformat('minutes')}-{last}"
    return f"({text})" if line.mode is HoursMode.BY_REQUEST else text


def same_hours(one: Iterable[Line], other: Iterable[Line]) -> bool:
    """Tell whether two weeks are open at the same times, however they are written down."""
    return _as_written(one) == _as_written(other)


def _as_written(lines: Iterable[Line]) -> dict[str, list[str]]:
    found = list(lines)
    return {
        day.value: sorted(
            _text(line) for line in found if line.weekday is day and line.mode is not HoursMode.CLOSED
        )
        for day in Weekday
    }
