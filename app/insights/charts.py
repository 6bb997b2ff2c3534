"""The numbers of the reports, one statement each: of a period and of the one before, under the reader's row rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, func, select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, BookingStatus
from app.domains.catalog.models import Package, Theme
from app.domains.reviews.models import Review, ReviewStatus
from app.insights.periods import Period, in_both, is_now, week_of

EARNING = (BookingStatus.CONFIRMED.value, BookingStatus.COMPLETED.value)
HELD = (*EARNING, BookingStatus.NO_SHOW.value)
"""Where a booking stands that was confirmed and not called off."""
LEADS = ((0, 7), (8, 30), (31, 90), (91, 180), (181, None))
"""Days from receiving a booking to its event, from and to."""
STARS = (5, 4, 3, 2, 1)
MOST_NAMED = 8
Visible = ColumnElement[bool]
Weeks = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """A number in the period and in the one before; `key` says of what."""

    key: Any
    now: int
    before: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """Numbers by group, and a mean of them all in the period and before; None where there was nothing."""

    groups: tuple[Both, ...]
    middle: float | None
    middle_before: float | None


def bookings_by_week(session: Session, visible: Visible, period: Period) -> tuple[Weeks, Weeks]:
    """Count the bookings received in each week: (of the period, of the one before)."""
    week = week_of(Booking.created_at, period).label("week")
    counted = select(week, func.count().label("many")).where(visible, in_both(Booking.created_at, period))
    found = session.execute(counted.group_by(week))
    return _by_week({row.week: row.many for row in found}, period)


def revenue_by_week(session: Session, visible: Visible, period: Period) -> dict[str, tuple[Weeks, Weeks]]:
    """Sum what confirmed and completed bookings cost, by currency and the week they were received in.

    Amounts in minor units. Currencies are never added up; the one of most bookings comes first.
    """
    week = week_of(Booking.created_at, period).label("week")
    summed = (
        select(Booking.currency, week, func.sum(Booking.total_minor), func.count())
        .where(visible, in_both(Booking.created_at, period), Booking.status.in_(EARNING))
        .where(Booking.total_minor.is_not(None))
        .group_by(Booking.currency, week)
    )
    found: dict[str, dict[int, int]] = {}
    many: dict[str, int] = {}
    for currency, number, minor, count in session.execute(summed):
        found.setdefault(currency, {})[number] = int(minor or 0)
        many[currency] = many.get(currency, 0) + count
    order = sorted(found, key=lambda currency: (-many[currency], currency))
    return {currency: _by_week(found[currency], period) for currency in order}


def lead_times(session: Session, visible: Visible, period: Period) -> Spread:
    """Count the bookings by the days from receiving them to the event; the middle is the median of days."""
    day = cast(func.timezone("UTC", Booking.created_at), Booking.event_on.type)
    days = cast(func.greatest(Booking.event_on - day, 0), Integer)
    now = is_now(Booking.created_at, period)
    columns: list[Any] = []
    for low, high in LEADS:
        fits = days >= low if high is None else days.between(low, high)
        columns += [func.count().filter(fits, now), func.count().filter(fits, ~now)]
    median = func.percentile_cont(0.5).within_group(days)
    columns += [median.filter(now), median.filter(~now)]
    *counts, middle, before = session.execute(
        select(*columns).where(visible, in_both(Booking.created_at, period))
    ).one()
    groups = tuple(Both(lead, counts[2 * place], counts[2 * place + 1]) for place, lead in enumerate(LEADS))
    return Spread(groups, middle, before)


def room_lead_times(session: Session, visible: Visible, period: Period) -> Spread:
    """Count the bookings of rooms by the days from receiving them to their day."""
    return lead_times(session, and_(visible, Booking.room_id.is_not(None)), period)


def conversion(session: Session, visible: Visible, period: Period) -> tuple[Both, ...]:
    """Count the bookings received in the period by where they stand now, in the order of the statuses."""
    counted = select(Booking.status, *_counts(Booking.created_at, period)).group_by(Booking.status)
    rows = session.execute(counted.where(visible, in_both(Booking.created_at, period)))
    found = {status: (now, before) for status, now, before in rows}
    return tuple(Both(status.value, *found.get(status.value, (0, 0))) for status in BookingStatus)


def busiest_packages(session: Session, visible: Visible, period: Period) -> tuple[Both, ...]:
    """Count the bookings received by package, the busiest first."""
    counted = (
        select(Package.id, *_counts(Booking.created_at, period), Package.name)
        .join(Package, Package.id == Booking.package_id)
        .where(visible, in_both(Booking.created_at, period))
        .group_by(Package.id, Package.name)
    )
    return _busiest(session, counted)


def busiest_occasions(session: Session, visible: Visible, period: Period) -> tuple[Both, ...]:
    """Count the bookings received by occasion, the busiest first."""
    counted = (
        select(Booking.event_type, *_counts(Booking.created_at, period), Booking.event_type)
        .where(visible, in_both(Booking.created_at, period))
        .group_by(Booking.event_type)
    )
    return _busiest(session, counted)


def busiest_themes(session: Session, visible: Visible, period: Period) -> tuple[Both, ...]:
    """Count the reviews received by theme, the busiest first; a booking names no theme."""
    counted = (
        select(Theme.id, *_counts(Review.submitted_at, period), Theme.name)
        .join(Theme, Theme.id == Review.theme_id)
        .where(visible, in_both(Review.submitted_at, period))
        .group_by(Theme.id, Theme.name)
    )
    return _busiest(session, counted)


def ratings(session: Session, visible: Visible, period: Period) -> Spread:
    """Count the reviews received by their stars, the rejected ones left out; the middle is the mean."""
    now = is_now(Review.submitted_at, period)
    columns: list[Any] = []
    for stars in STARS:
        columns += [func.count().filter(Review.rating == stars, part) for part in (now, ~now)]
    columns += [func.avg(Review.rating).filter(part) for part in (now, ~now)]
    counted = select(*columns).where(visible, in_both(Review.submitted_at, period))
    *counts, mean, before = session.execute(counted.where(Review.status != ReviewStatus.REJECTED.value)).one()
    groups = tuple(Both(stars, counts[2 * place], counts[2 * place + 1]) for place, stars in enumerate(STARS))
    return Spread(groups, *(None if value is None else float(value) for value in (mean, before)))


def _counts(column: Any, period: Period) -> tuple[Any, Any]:
    now = is_now(column, period)
    return func.count().filter(now).label("now"), func.count().filter(~now).label("before")


def _busiest(session: Session, counted: Any) -> tuple[Both, ...]:
    inner = counted.subquery()
    key, now, before, title = inner.c
    ordered = select(inner).where(now > 0).order_by(now.desc(), before.desc(), title, key).limit(MOST_NAMED)
    return tuple(Both(*row) for row in session.execute(ordered))


def _by_week(found: dict[int, int], period: Period) -> tuple[Weeks, Weeks]:
    numbers = tuple(found.get(number, 0) for number in range(2 * period.weeks))
    return numbers[period.weeks :], numbers[: period.weeks]
