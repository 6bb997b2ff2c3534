"""Series of bookings as their pages show them; `seen` gives the condition on rows of a model with a room."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, BookingSeries, BookingStatus, Occurrence, Rhythm
from app.domains.bookings.queries.repeating import Monthly, Repetition

Seen = Callable[[Any], ColumnElement[bool]]
LIVE = (BookingStatus.PENDING.value, BookingStatus.CONFIRMED.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """A day of a series and the booking that stands for it now: the latest that took the place of its first."""

    occurrence: Occurrence
    booking: Booking | None

    @property
    def is_live(self) -> bool:
        """Tell whether its booking is under way."""
        return self.booking is not None and self.booking.status in LIVE

    @property
    def is_open(self) -> bool:
        """Tell whether it can be booked still: it never was, or what was is over without having taken place."""
        over = (BookingStatus.CANCELLED, BookingStatus.REJECTED)
        return self.booking is None or self.booking.status in over


def standing_in(session: Session, series: BookingSeries) -> list[Standing]:
    """List the days of a series with the bookings that stand for them now: one statement for all of them."""
    bookings = session.scalars(select(Booking).where(Booking.series_id == series.id)).all()
    by_key = {booking.id: booking for booking in bookings}
    after = {booking.follows_id: booking for booking in bookings if booking.follows_id}
    return [Standing(one, _latest(one.booking_id, by_key, after)) for one in series.occurrences]


def seen_among(session: Session, standing: Iterable[Standing], seen: Seen) -> set[UUID]:
    """Give the keys of the days' bookings that `seen` lets through, whatever room each is in now: one statement."""
    keys = [one.booking.id for one in standing if one.booking is not None]
    return (
        set(session.scalars(select(Booking.id).where(Booking.id.in_(keys), seen(Booking)))) if keys else set()
    )


def _latest(key: UUID | None, by_key: dict[UUID, Booking], after: dict[UUID, Booking]) -> Booking | None:
    found = by_key.get(key) if key is not None else None
    while found is not None and found.id in after:
        found = after[found.id]
    return found


def ahead(standing: Iterable[Standing], now: datetime, since: date | None = None) -> list[Standing]:
    """Keep the days whose booking is under way and has not begun, from a day of the series on."""
    return [
        one
        for one in standing
        if one.is_live
        and one.booking is not None
        and one.booking.starts_at is not None
        and one.booking.starts_at > now
        and (since is None or one.occurrence.falls_on >= since)
    ]


def repetition_of(series: BookingSeries) -> Repetition:
    """Give the rule of a series."""
    return Repetition(
        Rhythm(series.rhythm),
        series.every,
        series.first_on,
        series.starts_time,
        series.minutes,
        until_on=series.until_on,
        weekdays=tuple(series.facts.get("weekdays", ())),
        monthly=Monthly(series.facts.get("monthly", Monthly.DAY.value)),
    )
