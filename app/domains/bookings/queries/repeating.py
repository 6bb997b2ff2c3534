"""On which days a booking comes again, and at which instants: wall time of the venue (rules 10 and 22).

Weeks begin on Monday. A day that a month lacks, such as the 31st or a fifth Thursday, is told and does not count
among the times. A time that the clocks jump over is told and counts; of one that comes twice the first is meant.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import count

from flask_babel import lazy_gettext as _l

from app.domains.bookings.models import Rhythm
from app.kernel.errors import Invalid
from app.kernel.values import Period
from app.kernel.zones import instants

MOST_TIMES = 366
MOST_YEARS = 3
MOST_APART = 52
"""The longest step of a rhythm, in days, weeks or months."""

_DAY = timedelta(days=1)


class Monthly(StrEnum):
    """By what a month's day is found: by its number, by its weekday from the first, or as the last such weekday."""

    DAY = "day"
    WEEKDAY = "weekday"
    LAST = "last"


class Lack(StrEnum):
    """Why a day of the rhythm has no instant."""

    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_TIME = "no_such_time"


@dataclass(frozen=True, slots=True)
class Repetition:
    """A rule such as every second week at nine; it ends with `until_on`, or after so many `times`.

    `weekdays` are those of a week, Monday is 0; where none is given it is the first day's.
    """

    rhythm: Rhythm
    every: int
    first_on: date
    starts: time
    minutes: int
    until_on: date | None = None
    times: int | None = None
    weekdays: tuple[int, ...] = ()
    monthly: Monthly = Monthly.DAY

    @property
    def days_of_week(self) -> tuple[int, ...]:
        """List the weekdays on which it comes in a week, in order."""
        return tuple(sorted(set(self.weekdays))) or (self.first_on.weekday(),)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a series. Where the month has no such day `falls_on` is the month's last."""

    falls_on: date
    wish: Period | None
    lack: Lack | None = None


def check(repetition: Repetition) -> None:
    """Refuse a rule that never ends or cannot be kept. Raises Invalid by the names of its parts."""
    wrong = {}
    if not 1 <= repetition.every <= MOST_APART:
        wrong["every"] = [_l("Give a number from 1 to %(most)s.", most=MOST_APART)]
    if repetition.minutes < 1:
        wrong["minutes"] = [_l("Give how long it lasts.")]
    if repetition.until_on is None and repetition.times is None:
        wrong["until_on"] = [_l("Say when it ends: on a day, or after so many times.")]
    if repetition.times is not None and not 1 <= repetition.times <= MOST_TIMES:
        wrong["times"] = [_l("Give a number from 1 to %(most)s.", most=MOST_TIMES)]
    if repetition.until_on is not None:
        if repetition.until_on < repetition.first_on:
            wrong["until_on"] = [_l("The last day cannot come before the first.")]
        elif repetition.until_on > latest(repetition.first_on):
            wrong["until_on"] = [_l("A series lasts %(years)s years at most.", years=MOST_YEARS)]
    if wrong:
        raise Invalid(wrong)


def latest(first_on: date) -> date:
    """Give the last day on which a series that begins on a day may end."""
    year = first_on.year + MOST_YEARS
    return date(year, first_on.month, min(first_on.day, monthrange(year, first_on.month)[1]))


def days(repetition: Repetition, zone: str) -> list[Day]:
    """List the days of a series in the venue's zone, in order. Raises Invalid."""
    check(repetition)
    end = repetition.until_on or latest(repetition.first_on)
    found, counted = list[Day](), 0
    for falls_on, is_there in _dates(repetition):
        if falls_on > end or counted == repetition.times:
            break
        found.append(_day(falls_on, repetition, zone) if is_there else Day(falls_on, None, Lack.NO_SUCH_DAY))
        counted += is_there
        if counted > MOST_TIMES:
            raise Invalid({"until_on": [_l("A series has %(most)s times at most.", most=MOST_TIMES)]})
    if repetition.times is not None and counted < repetition.times and repetition.until_on is None:
        raise Invalid({"times": [_l("A series lasts %(years)s years at most.", years=MOST_YEARS)]})
    if not counted:
        raise Invalid({"until_on": [_l("No day lies between the first and the last.")]})
    return found


def wish_on(falls_on: date, starts: time, minutes: int, zone: str) -> Period | None:
    """Give the time that begins when the clocks of the zone show it; None where they jump over it that day.

    Of a time that comes twice the first is meant; how long it lasts is no matter of the clocks (rule 10).
    """
    meant = instants(falls_on, starts, zone)
    return Period(meant[0], meant[0] + timedelta(minutes=minutes)) if meant else None


def _day(falls_on: date, repetition: Repetition, zone: str) -> Day:
    wish = wish_on(falls_on, repetition.starts, repetition.minutes, zone)
    return Day(falls_on, wish, None if wish else Lack.NO_SUCH_TIME)


def _dates(repetition: Repetition) -> Iterator[tuple[date, bool]]:
    """Give the days without an end, from the first on, and whether there is such a day."""
    if repetition.rhythm is Rhythm.DAILY:
        return ((repetition.first_on + number * repetition.every * _DAY, True) for number in count())
    if repetition.rhythm is Rhythm.WEEKLY:
        return ((day, True) for day in _weekly(repetition))
    return _monthly(repetition)


def _weekly(repetition: Repetition) -> Iterator[date]:
    monday = repetition.first_on - repetition.first_on.weekday() * _DAY
    for number in count():
        for weekday in repetition.days_of_week:
            day = monday + (7 * repetition.every * number + weekday) * _DAY
            if day >= repetition.first_on:
                yield day


def _monthly(repetition: Repetition) -> Iterator[tuple[date, bool]]:
    first = repetition.first_on
    for number in count():
        year, month = divmod(first.year * 12 + first.month - 1 + number * repetition.every, 12)
        last = date(year, month + 1, monthrange(year, month + 1)[1])
        day = _in_month(repetition, last)
        yield (day, True) if day is not None else (last, False)


def _in_month(repetition: Repetition, last: date) -> date | None:
    """Find the day of a month, of which `last` is the last day; None where it lacks it."""
    first = repetition.first_on
    if repetition.monthly is Monthly.LAST:
        return last - (last.weekday() - first.weekday()) % 7 * _DAY
    number = first.day
    if repetition.monthly is Monthly.WEEKDAY:
        begin = last.replace(day=1)
        number = 1 + (first.weekday() - begin.weekday()) % 7 + (first.day - 1) // 7 * 7
    return last.replace(day=number) if number <= last.day else None
