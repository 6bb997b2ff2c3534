"""A period of whole weeks, Monday to Sunday in UTC, and the one just before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, and_, cast, func

CHOICES = (4, 12, 52)
STANDARD = 12
MOST_WEEKS = 260
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Period:
    """So many weeks from a Monday on."""

    first: date
    weeks: int

    @property
    def last(self) -> date:
        """Give the last day, a Sunday."""
        return self.first + self.weeks * WEEK - timedelta(days=1)

    @property
    def before(self) -> Period:
        """Give the period of the same length that ends where this one begins."""
        return Period(self.first - self.weeks * WEEK, self.weeks)

    @property
    def start(self) -> datetime:
        """Give the instant at which it begins."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """Give the instant at which it is over; that instant is not part of it."""
        return self.start + self.weeks * WEEK

    def week(self, number: int) -> Period:
        """Give one of its weeks, counted from 0."""
        return Period(self.first + number * WEEK, 1)


def latest(weeks: int, today: date) -> Period:
    """Give the period whose last week is the present one."""
    monday = today - timedelta(days=today.weekday())
    return Period(monday - (weeks - 1) * WEEK, weeks)


def spanning(first: date, last: date) -> Period:
    """Give the whole weeks that hold both days."""
    monday = first - timedelta(days=first.weekday())
    return Period(monday, (last - monday).days // 7 + 1)


def in_both(column: SQLColumnExpression[datetime], period: Period) -> ColumnElement[bool]:
    """Say that an instant is in the period or in the one before."""
    return and_(column >= period.before.start, column < period.end)


def is_now(column: SQLColumnExpression[datetime], period: Period) -> ColumnElement[bool]:
    """Say that an instant is in the period itself."""
    return column >= period.start


def week_of(column: SQLColumnExpression[datetime], period: Period) -> ColumnElement[int]:
    """Number the week of an instant from the beginning of the period before: 0 to twice the weeks."""
    seconds = func.extract("epoch", column - period.before.start)
    return cast(func.floor(seconds / WEEK.total_seconds()), Integer)
