"""How much of the time that rooms are open is booked, week by week by the clocks of their venues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, BookingStatus, Claim, Waiting, WaitingStatus
from app.domains.bookings.queries.breakdown import Breakdown, Piece, Use, breakdown, cut, pieces
from app.domains.venues.models import Room
from app.domains.venues.queries import Opening, RoomRules, room_rules
from app.insights.charts import EARNING, HELD
from app.insights.periods import WEEK, Period
from app.kernel.values import Period as Span

Visible = ColumnElement[bool]
Hour = tuple[int, int]
"""A weekday from Monday (0) on, and an hour of the clock."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A time that is kept in a room: for a booking that the reader sees, else `status` is empty."""

    room_id: UUID
    shown: Span
    blocked: Span
    is_hold: bool
    status: str
    currency: str
    total_minor: int | None

    @property
    def use(self) -> Use:
        """Tell what it counts as; a request that waits for its answer is held, what is not seen is blocked."""
        if self.is_hold or self.status == BookingStatus.PENDING:
            return Use.HELD
        return Use.BOOKED if self.status in HELD else Use.BLOCKED


@dataclass(frozen=True, slots=True)
class RoomUse:
    """What became of a room's open time in each week: of the period before, then of the period."""

    id: UUID
    name: str
    venue_id: UUID
    venue_name: str
    currency: str
    weeks: tuple[Breakdown, ...]

    @property
    def both(self) -> tuple[Breakdown, Breakdown]:
        """Give the sums of the period and of the one before."""
        half = len(self.weeks) // 2
        return sum(self.weeks[half:], Breakdown()), sum(self.weeks[:half], Breakdown())


@dataclass(slots=True)
class Occupancy:
    """The use of rooms; `busy` and `busy_before` are minutes booked, `earned` minor units by currency and week."""

    rooms: list[RoomUse] = field(default_factory=list)
    busy: Counter[Hour] = field(default_factory=Counter)
    busy_before: Counter[Hour] = field(default_factory=Counter)
    earned: dict[str, Counter[int]] = field(default_factory=dict)

    def week(self, number: int, currency: str = "") -> Breakdown:
        """Add up the rooms, or those of a currency, in one week, counted from the beginning of the period before."""
        rooms = (room for room in self.rooms if currency in ("", room.currency))
        return sum((room.weeks[number] for room in rooms), Breakdown())


def read_occupancy(
    session: Session, rooms: Visible, bookings: Visible, period: Period, now: datetime
) -> Occupancy:
    """Read how the rooms in use that the reader sees were used in a period and in the one before.

    Four statements, however many rooms and bookings there are. Hours are those of today: what they were is not
    kept. `bookings` is the condition on the bookings that the reader sees.
    """
    keys = list(session.scalars(select(Room.id).where(rooms, Room.is_active)))
    window = Span(period.before.start - 2 * _DAY, period.end + 2 * _DAY)
    rules = [one for one in room_rules(session.connection(), keys, window) if one.is_active] if keys else []
    kept = _kept(session, keys, bookings, window, now)
    waiting = _waiting(session, keys, window)
    return _counted(rules, kept, waiting, period)


def _counted(
    rules: Sequence[RoomRules],
    kept: dict[UUID, list[Kept]],
    waiting: dict[UUID, list[Span]],
    period: Period,
) -> Occupancy:
    found = Occupancy()
    opened: dict[Any, list[Opening]] = {}
    first, weeks = period.before.first, 2 * period.weeks
    for room in rules:
        hours = room.hours, room.zone
        if hours not in opened:
            opened[hours] = room.openings(first - _DAY, period.last + _DAY)
        ends = _ends(first, weeks, room.zone)
        mine = kept.get(room.id, [])
        shared = cut(pieces((one.period for one in opened[hours]), _uses(room, mine)), ends)[1:]
        wanted: dict[int, list[Span]] = {}
        for span in waiting.get(room.id, []):
            wanted.setdefault(_week(span.starts_at, ends), []).append(span)
        told = tuple(breakdown(part, wanted.get(number, ())) for number, part in enumerate(shared))
        found.rooms.append(RoomUse(room.id, room.name, room.venue_id, room.venue_name, room.currency, told))
        _add_hours(found, shared, period.weeks, ZoneInfo(room.zone))
        _add_earned(found, mine, ends)
    return found


def _ends(first: date, weeks: int, zone: str) -> list[datetime]:
    """List the midnights between weeks by the clocks of a zone, the beginning of the first among them."""
    there = ZoneInfo(zone)
    days = (first + number * WEEK for number in range(weeks + 1))
    return [datetime.combine(day, time(0), there).astimezone(UTC) for day in days]


def _week(at: datetime, ends: Sequence[datetime]) -> int:
    """Number the week in which an instant lies; -1 before the first, and their number after the last."""
    return sum(end <= at for end in ends) - 1


def _uses(room: RoomRules, kept: Iterable[Kept]) -> Iterator[tuple[Use, Span]]:
    for closed in room.closures:
        yield Use.BLOCKED, closed.period
    for one in kept:
        yield one.use, one.shown
        yield Use.BLOCKED, one.blocked


def _add_hours(found: Occupancy, shared: Sequence[Sequence[Piece]], weeks: int, zone: ZoneInfo) -> None:
    for number, part in enumerate(shared):
        counted = found.busy if number >= weeks else found.busy_before
        for piece in part:
            if piece.use is Use.BOOKED:
                for hour, minutes in by_hours(piece.period, zone):
                    counted[hour] += minutes


def by_hours(span: Span, zone: ZoneInfo) -> Iterator[tuple[Hour, int]]:
    """Cut a time at the full hours of a zone's clocks; gives minutes by weekday and hour."""
    at = span.starts_at
    while at < span.ends_at:
        local = at.astimezone(zone)
        step = timedelta(hours=1) - timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        end = min(at + step, span.ends_at)
        yield (local.weekday(), local.hour), int((end - at).total_seconds() // 60)
        at = end


def _add_earned(found: Occupancy, kept: Iterable[Kept], ends: Sequence[datetime]) -> None:
    """Add what confirmed and completed bookings cost, in the week in which they begin."""
    for one in kept:
        week = _week(one.shown.starts_at, ends)
        if one.status in EARNING and one.total_minor is not None and 0 <= week < len(ends) - 1:
            found.earned.setdefault(one.currency, Counter())[week] += one.total_minor


def _kept(
    session: Session, rooms: Sequence[UUID], bookings: Visible, window: Span, now: datetime
) -> dict[UUID, list[Kept]]:
    seen = and_(Booking.id.is_not(None), bookings)
    found = (
        select(
            *(Claim.room_id, Claim.starts_at, Claim.ends_at),
            *(func.lower(Claim.blocked), func.upper(Claim.blocked), Claim.booking_id.is_(None)),
            *(seen, Booking.status, Booking.currency, Booking.total_minor),
        )
        .outerjoin(Booking, Booking.id == Claim.booking_id)
        .where(Claim.room_id.in_(rooms), Claim.blocks)
        .where(Claim.blocked.op("&&")(Range(window.starts_at, window.ends_at)))
        .where(or_(Claim.expires_at.is_(None), Claim.expires_at > now))
    )
    kept: dict[UUID, list[Kept]] = {}
    for room, starts, ends, lower, upper, is_hold, is_seen, *facts in session.execute(found):
        status, currency, total = facts if is_seen else ("", "", None)
        one = Kept(room, Span(starts, ends), Span(lower, upper), is_hold, status, currency, total)
        kept.setdefault(room, []).append(one)
    return kept


def _waiting(session: Session, rooms: Sequence[UUID], window: Span) -> dict[UUID, list[Span]]:
    found = select(Waiting.room_id, Waiting.starts_at, Waiting.ends_at).where(
        Waiting.room_id.in_(rooms),
        Waiting.status == WaitingStatus.WAITING.value,
        Waiting.starts_at < window.ends_at,
        Waiting.ends_at > window.starts_at,
    )
    waiting: dict[UUID, list[Span]] = {}
    for room, starts_at, ends_at in session.execute(found):
        waiting.setdefault(room, []).append(Span(starts_at, ends_at))
    return waiting
