"""When a venue is open: from wall times in its zone to instants, whatever its clocks do in between.

A wall time that the clocks jump over is the moment of the jump. One that comes twice opens at the first and
closes at the second. What ends at or before its start ends on the next day, and belongs to the day it opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domains.venues.models import HoursMode, Weekday
from app.kernel.values import Period

_DAYS = tuple(Weekday)
_ONE_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a week's hours: the weekday, how it is open, from when to when on the wall."""

    weekday: Weekday
    mode: HoursMode
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A time in which a venue is open, the local day that it belongs to, and whether staff are asked first."""

    period: Period
    day: date
    by_request: bool = False


def openings(lines: Iterable[Line], zone: str, first: date, last: date) -> list[Opening]:
    """List what belongs to the local days from the first to the last, both included, in the order of time."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sorted(_openings(tuple(lines), ZoneInfo(zone), days))


def _openings(lines: tuple[Line, ...], zone: ZoneInfo, days: Iterable[date]) -> Iterator[Opening]:
    for day in days:
        for line in lines:
            if line.weekday is _DAYS[day.weekday()] and (period := _period(line, day, zone)) is not None:
                yield Opening(period, day, line.mode is HoursMode.BY_REQUEST)


def _period(line: Line, day: date, zone: ZoneInfo) -> Period | None:
    if line.mode is HoursMode.CLOSED:
        return None
    opens, closes = line.opens or _MIDNIGHT, line.closes or _MIDNIGHT
    if line.mode is HoursMode.ALL_DAY:
        opens = closes = _MIDNIGHT
    end = day if closes > opens else day + _ONE_DAY
    starts_at, ends_at = instant(day, opens, zone), instant(end, closes, zone, is_end=True)
    return Period(starts_at, ends_at) if ends_at > starts_at else None  # the clocks jumped over all of it


def instant(day: date, wall: time, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    """Give the instant at which the clocks of a zone show a time; `is_end` takes the second of two."""
    local = datetime.combine(day, wall, zone).replace(fold=int(is_end))
    at = local.astimezone(UTC)
    shown = at.astimezone(zone)
    if (shown.hour, shown.minute, shown.date()) == (wall.hour, wall.minute, day):
        return at
    return _jump(local, zone)


def _jump(local: datetime, zone: ZoneInfo) -> datetime:
    """Find the moment at which the clocks jump over a time, to the second."""
    early, late = sorted(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    early -= timedelta(seconds=1)
    after = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late


def covered(wish: Period, open_times: Sequence[Opening]) -> bool:
    """Tell whether every moment of the wish lies in an opening; it may run from one into the next."""
    return not gaps(wish, open_times)


def gaps(wish: Period, open_times: Sequence[Opening]) -> list[Period]:
    """List the parts of the wish in which the venue is closed."""
    found: list[Period] = []
    at = wish.starts_at
    for opening in sorted(open_times):
        if opening.period.ends_at <= at:
            continue
        if opening.period.starts_at >= wish.ends_at:
            break
        if opening.period.starts_at > at:
            found.append(Period(at, opening.period.starts_at))
        at = max(at, opening.period.ends_at)
    if at < wish.ends_at:
        found.append(Period(at, wish.ends_at))
    return found
