"""What the booking of a room has to keep to, as facts: read once, asked by search and by booking alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.domains.venues.models import Closure, HoursMode, OpeningHours, Room, RoomPrice, Venue, Weekday
from app.domains.venues.models.policies import CancellationStep
from app.domains.venues.queries.opening import Line, Opening, openings
from app.domains.venues.queries.quoting import Tier
from app.domains.venues.queries.refunding import PolicyStep
from app.kernel.values import Period

_room: Any = Room.__table__
_venue: Any = Venue.__table__
_hours: Any = OpeningHours.__table__
_closure: Any = Closure.__table__
_price: Any = RoomPrice.__table__
_step: Any = CancellationStep.__table__


class Lock(Enum):
    """How rooms are locked until a transaction ends: so that nobody changes them, or that nobody else books either."""

    TOGETHER = "together"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Closed:
    """A closure that touches a room: when, why, and whether the whole venue is closed."""

    period: Period
    reason: str
    is_whole_venue: bool


@dataclass(frozen=True, slots=True)
class RoomRules:
    """All that a room and its venue ask of a booking; minutes but for `advance_days`."""

    id: UUID
    name: str
    slug: str
    venue_id: UUID
    venue_name: str
    address: str
    zone: str
    is_active: bool
    capacity: int
    currency: str
    competes: bool
    buffer_before: int
    buffer_after: int
    notice: int
    advance_days: int
    step: int
    shortest: int
    longest: int
    hours: tuple[Line, ...] = ()
    closures: tuple[Closed, ...] = ()
    tiers: tuple[Tier, ...] = ()
    policy: tuple[PolicyStep, ...] = ()

    def openings(self, first: date, last: date) -> list[Opening]:
        """List when the venue is open on local days."""
        return openings(self.hours, self.zone, first, last)

    def openings_around(self, period: Period) -> list[Opening]:
        """List the openings that a period may lie in: a day more at each end, for hours over midnight."""
        there = ZoneInfo(self.zone)
        day = timedelta(days=1)
        return self.openings(
            period.starts_at.astimezone(there).date() - day, period.ends_at.astimezone(there).date() + day
        )


def room_rules(
    connection: Connection, rooms: Sequence[UUID], window: Period, *, lock: Lock | None = None
) -> list[RoomRules]:
    """Read the rules of rooms with the closures that touch the window, in the rooms' order, in one statement.

    With `lock` the rooms are locked first, in one order, so that what is read stays true.
    """
    if lock is not None:
        lock_rooms(connection, rooms, lock)
    return _read(connection, _OF_ROOMS, window, {"rooms": list(rooms)})


def rooms_of_venue(connection: Connection, venue: UUID, window: Period) -> list[RoomRules]:
    """Read the rules of all rooms of a venue."""
    return _read(connection, _OF_VENUE, window, {"venue": venue})


def lock_rooms(connection: Connection, rooms: Sequence[UUID], lock: Lock = Lock.ALONE) -> None:
    """Lock rooms, in one order, until the transaction ends: who moves or closes waits, and who books unless together."""
    connection.execute(_LOCKED[lock], {"rooms": list(rooms)})


def lock_rooms_of(connection: Connection, venue: UUID, room: UUID | None) -> list[UUID]:
    """Lock a room, or all rooms of a venue, before a closure is written over them; gives their keys."""
    lock = select(_room.c.id).where(_room.c.venue_id == venue).order_by(_room.c.id)
    if room is not None:
        lock = lock.where(_room.c.id == room)
    return list(connection.scalars(lock.with_for_update(key_share=True)))


def _read(
    connection: Connection, statement: Select[Any], window: Period, which: dict[str, Any]
) -> list[RoomRules]:
    facts = which | {"window_begins": window.starts_at, "window_ends": window.ends_at}
    return [_rules(row) for row in connection.execute(statement, facts)]


def _statement(which: ColumnElement[bool]) -> Select[Any]:
    """Write the statement for some rooms; it is written once, for writing it costs more than running it."""
    touching = and_(
        _closure.c.venue_id == _room.c.venue_id,
        or_(_closure.c.room_id.is_(None), _closure.c.room_id == _room.c.id),
        _closure.c.starts_at < bindparam("window_ends", type_=_closure.c.starts_at.type),
        _closure.c.ends_at > bindparam("window_begins", type_=_closure.c.ends_at.type),
    )
    closures = _gathered(
        touching,
        (_closure.c.starts_at, _closure.c.ends_at, _closure.c.reason, _closure.c.room_id),
        _closure.c.starts_at,
    )
    hours = _gathered(
        _hours.c.venue_id == _room.c.venue_id,
        (_hours.c.weekday, _hours.c.mode, _hours.c.opens_time, _hours.c.closes_time),
        _hours.c.position,
    )
    tiers = _gathered(
        _price.c.room_id == _room.c.id, (_price.c.minutes, _price.c.price_minor), _price.c.minutes
    )
    steps = _gathered(
        _step.c.policy_id == _room.c.policy_id,
        (_step.c.hours_before, _step.c.refund_percent),
        _step.c.hours_before.desc(),
    )
    columns = (
        *(_room.c[name] for name in ("id", "name", "slug", "venue_id")),
        *(_venue.c.name, func.concat_ws(", ", _venue.c.street, func.nullif(_venue.c.postcode, ""))),
        *(_venue.c.zone, and_(_room.c.is_active, _venue.c.is_active), _room.c.capacity, _room.c.currency),
        _room.c.pending_policy == "compete",
        *(_room.c[f"{name}_minutes"] for name in ("buffer_before", "buffer_after", "notice")),
        _room.c.advance_days,
        *(_room.c[f"{name}_minutes"] for name in ("step", "minimum", "maximum")),
        *(hours, closures, tiers, steps),
    )
    joined = _room.join(_venue, _venue.c.id == _room.c.venue_id)
    return select(*columns).select_from(joined).where(which).order_by(_room.c.position, _room.c.id)


def _gathered(condition: Any, columns: Iterable[Any], order: Any) -> Any:
    """Gather rows of another table as a list of lists."""
    row = func.jsonb_build_array(*columns)
    gathered = select(func.coalesce(func.jsonb_agg(aggregate_order_by(row, order)), func.jsonb_build_array()))
    return gathered.where(condition).correlate(_room).scalar_subquery()


_ANY_OF: Any = _room.c.id.in_(bindparam("rooms", expanding=True))
_OF_ROOMS = _statement(_ANY_OF)
_OF_VENUE = _statement(_room.c.venue_id == bindparam("venue", type_=_room.c.venue_id.type))
_IN_ORDER = select(_room.c.id).where(_ANY_OF).order_by(_room.c.id)
_LOCKED = {
    Lock.TOGETHER: _IN_ORDER.with_for_update(read=True),
    Lock.ALONE: _IN_ORDER.with_for_update(key_share=True),
}


def _rules(row: Any) -> RoomRules:
    *facts, hours, closures, tiers, steps = row
    lists: tuple[tuple[Any, ...], ...] = (
        tuple(_line(*line) for line in hours),
        tuple(
            Closed(Period(_instant(starts_at), _instant(ends_at)), reason, room is None)
            for starts_at, ends_at, reason, room in closures
        ),
        tuple(Tier(*tier) for tier in tiers),
        tuple(PolicyStep(*step) for step in steps),
    )
    return RoomRules(*facts, *lists)


def _line(day: str, mode: str, opens: str | None, closes: str | None) -> Line:
    return Line(Weekday(day), HoursMode(mode), _time(opens), _time(closes))


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
