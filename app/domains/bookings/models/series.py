"""A booking that comes again: the rule by which it does, and what became of each of its days."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    String,
    Text,
    Time,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Instant, Record


class Rhythm(StrEnum):
    """In what rhythm a booking comes again."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def label(self) -> Any:
        """Give the rhythm in the reader's words."""
        return _RHYTHMS[self]


_RHYTHMS = {
    Rhythm.DAILY: _l("Every day"),
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.MONTHLY: _l("Every month"),
}


class Outcome(StrEnum):
    """What became of one day of a series."""

    BOOKED = "booked"
    TAKEN = "taken"
    CLOSED = "closed"
    REFUSED = "refused"
    LEFT_OUT = "left_out"

    @property
    def label(self) -> Any:
        """Give the outcome in the reader's words."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.BOOKED: _l("Booked"),
    Outcome.TAKEN: _l("Taken by somebody else"),
    Outcome.CLOSED: _l("Closed"),
    Outcome.REFUSED: _l("Against the rules"),
    Outcome.LEFT_OUT: _l("Left out"),
}


_OPEN = (Outcome.TAKEN.value, Outcome.CLOSED.value, Outcome.REFUSED.value)
"""What became of a day about which somebody has to decide."""


class BookingSeries(Record):
    """A rule such as every second week at nine: wall time of the venue, so nine stays nine over every change of clocks.

    `facts` are what each of its bookings begins with: the client, the occasion, the guests. The columns of the client
    are read from them by the database, for lists and search.
    """

    __tablename__ = "booking_series"
    __table_args__ = (
        CheckConstraint("rhythm IN ('daily','weekly','monthly')", name="rhythm"),
        CheckConstraint("every BETWEEN 1 AND 52", name="every"),
        CheckConstraint("minutes > 0", name="some_minutes"),
        CheckConstraint("until_on >= first_on", name="until_not_before_first"),
        Index("ix_booking_series_newest", "created_at", "id"),
    )

    room_id: Mapped[UUID] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"), index=True)
    rhythm: Mapped[str] = mapped_column(String(10))
    every: Mapped[int] = mapped_column(default=1, server_default="1")
    first_on: Mapped[date]
    until_on: Mapped[date]
    starts_time: Mapped[time] = mapped_column(Time())
    minutes: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    client_name: Mapped[str] = mapped_column(
        Text, Computed("COALESCE((facts ->> 'client_name'::text), ''::text)", persisted=True)
    )
    client_email: Mapped[str] = mapped_column(
        Text, Computed("COALESCE((facts ->> 'client_email'::text), ''::text)", persisted=True)
    )

    occurrences: Mapped[list[Occurrence]] = relationship(
        order_by="Occurrence.falls_on", cascade="all, delete-orphan", passive_deletes=True
    )

    def __str__(self) -> str:
        return self.client_name

    @hybrid_property
    def booked_days(self) -> int:
        """Count the days that were booked."""
        return sum(one.outcome == Outcome.BOOKED for one in self.occurrences)

    @booked_days.inplace.expression
    @classmethod
    def _booked_days(cls) -> Any:
        return _count(cls, Outcome.BOOKED.value)

    @hybrid_property
    def open_days(self) -> int:
        """Count the days about which somebody has to decide."""
        return sum(one.outcome in _OPEN for one in self.occurrences)

    @open_days.inplace.expression
    @classmethod
    def _open_days(cls) -> Any:
        return _count(cls, *_OPEN)


class Occurrence(Record):
    """One day of a series and what became of it; `against` are the rules that stood against it, as `facts` tells them.

    `position` is its day as a number: the order in which the days of a series come.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        CheckConstraint("outcome IN ('booked','taken','closed','refused','left_out')", name="outcome"),
        CheckConstraint("(outcome = 'booked') = (booking_id IS NOT NULL)", name="booked_has_booking"),
        UniqueConstraint("series_id", "falls_on"),
        Index("ix_occurrence_booking", "booking_id"),
    )

    series_id: Mapped[UUID] = mapped_column(ForeignKey("booking_series.id", ondelete="CASCADE"))
    falls_on: Mapped[date]
    starts_at: Mapped[datetime | None] = mapped_column(Instant())
    outcome: Mapped[str] = mapped_column(String(10))
    against: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.id", ondelete="RESTRICT"))
    position: Mapped[int] = mapped_column(Computed("(falls_on - '2000-01-01'::date)", persisted=True))


def _count(series: Any, *outcomes: str) -> Any:
    those = Occurrence.series_id == series.id, Occurrence.outcome.in_(outcomes)
    return select(func.count()).where(*those).correlate(series).scalar_subquery()
