"""Dates that move: `today`, `today+7`, `month-1` in a filter, so that a saved view keeps up with the calendar."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.kernel import clock
from app.resources import Kind
from app.resources.kinds import YEARS

_TOKEN = re.compile(r"(today|month)([+-][0-9]{1,4})?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
DATED = (Kind.DATE, Kind.INSTANT)


def is_moving(raw: str) -> bool:
    """Tell whether a filter's value is a date that moves."""
    return _TOKEN.match(raw) is not None


def bound_of(kind: Kind | None, operator: str, raw: str) -> Any:
    """Give the day, or the instant, at which a range begins (gte) or ends (lte); None where it is no day alone.

    A range of instants that ends with a day holds all of it, in UTC.
    """
    day = _moving_day(raw, is_end=operator == "lte")
    if day is None and kind is Kind.INSTANT and _DAY.match(raw):
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            return None
        if day.year not in YEARS:
            return None
    if day is None or kind is Kind.DATE:
        return day
    return datetime.combine(day, time.max if operator == "lte" else time.min, UTC)


def _moving_day(raw: str, *, is_end: bool) -> date | None:
    match = _TOKEN.match(raw)
    if match is None:
        return None
    today, step = clock.today(), int(match[2] or 0)
    if match[1] == "today":
        return today + timedelta(days=step)
    months = today.year * 12 + today.month - 1 + max(min(step, 1200), -1200)
    year, month = divmod(months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1] if is_end else 1)
