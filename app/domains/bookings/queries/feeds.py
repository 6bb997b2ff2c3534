"""What calendar programs read by a secret address: whose calendar it is, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from app.domains.bookings.models import Booking, BookingStatus, BookingStep, CalendarFeed
from app.domains.bookings.queries import tokens
from app.domains.catalog import queries as catalog
from app.domains.venues import queries as venues
from app.kernel.configured import outside_url
from app.kernel.db import metadata, reading
from app.kernel.values import Period
from app.translation.chain import bind_chain

DAYS_BACK, DAYS_AHEAD = 90, 400
"""The days around today that a feed tells of."""
DAYS_OFF = 30
"""For so many days a booking that was called off is told as such: a program that asks takes it away."""

_PURPOSE = "calendar-feed"
_STANDING = (
    *(BookingStatus.PENDING.value, BookingStatus.CONFIRMED.value),
    *(BookingStatus.COMPLETED.value, BookingStatus.NO_SHOW.value),
)
_OFF = (BookingStatus.CANCELLED.value, BookingStatus.REJECTED.value)
_feed: Any = CalendarFeed.__table__
_booking: Any = Booking.__table__
_step: Any = BookingStep.__table__


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that may be read: of a room, of a venue, or of a member."""

    id: UUID
    name: str
    serial: int
    changed_at: datetime
    room_id: UUID | None
    venue_id: UUID | None
    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A booking as a calendar tells it; without a room it takes the whole of `event_on`.

    `step` counts the changes of its status.
    """

    id: UUID
    status: str
    client: str
    occasion: str
    place: str
    event_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    changed_at: datetime
    step: int
    package: str | None
    room: str | None
    venue: str | None
    address: str | None
    zone: str | None


def feed_url(feed_id: UUID, serial: int, lang: str = "") -> str:
    """Give the address under which a calendar program reads a feed, its names in `lang` where one is given."""
    asked = f"?lang={lang}" if lang else ""
    return outside_url(f"/public/v1/calendars/{tokens.write_token(_PURPOSE, feed_id, serial)}.ics{asked}")


def feed_by_token(token: str) -> Feed | None:
    """Find what an address leads to; None for a wrong, renewed or closed one alike."""
    found = tokens.read_token(_PURPOSE, token)
    if found is None:
        return None
    c = _feed.c
    columns = c.id, c.name, c.serial, c.updated_at, c.room_id, c.venue_id, c.member_id
    member = metadata.tables["member"].c
    may_read = or_(
        c.member_id.is_(None),
        select(member.id).where(member.id == c.member_id, member.suspended_because == "").exists(),
    )
    asked = select(*columns).where(c.id == found[0], c.serial == found[1], c.is_active, may_read)
    with reading() as connection:
        row = connection.execute(asked).one_or_none()
    return Feed(*row) if row else None


def window(today: date) -> Period:
    """Give the time that a feed tells of: by whole days, so that it moves once a day."""
    return Period(
        _midnight(today - timedelta(days=DAYS_BACK)), _midnight(today + timedelta(days=DAYS_AHEAD + 1))
    )


def feed_events(feed: Feed, today: date, locales: tuple[str, ...]) -> list[FeedEvent]:
    """List what a calendar tells of, in the order of time; packages and rooms by their names along the locales."""
    with reading() as connection:
        rows = connection.execute(_events(feed, today, len(locales)), bind_chain(locales))
        return [FeedEvent(*row) for row in rows]


def _events(feed: Feed, today: date, depth: int) -> Select[Any]:
    b = _booking.c
    room = venues.rooms_named(depth).subquery("room_named")
    package = catalog.packages(depth).subquery("package_named")
    steps = select(func.count().label("many"), func.max(_step.c.at).label("last"))
    steps = steps.where(_step.c.booking_id == b.id)
    step = steps.lateral("steps")
    follower = _booking.alias("follower")
    off = and_(
        b.status.in_(_OFF),
        step.c.last >= _midnight(today - timedelta(days=DAYS_OFF)),
        ~exists().where(follower.c.follows_id == b.id),
    )
    columns = (
        *(b.id, b.status, b.client_name, b.event_type, b.place, b.event_on, b.starts_at, b.ends_at),
        func.greatest(b.updated_at, step.c.last, room.c.changed_at),
        *(step.c.many, package.c.name),
        *(room.c.name, room.c.venue_name, room.c.address, room.c.zone),
    )
    source = (
        _booking.outerjoin(room, room.c.id == b.room_id)
        .outerjoin(package, package.c.id == b.package_id)
        .join(step, step.c.many >= 0)
    )
    told = select(*columns).select_from(source)
    wanted = _whose(feed, room), or_(b.status.in_(_STANDING), off), _in_window(today)
    return told.where(*wanted).order_by(func.coalesce(b.starts_at, b.event_on), b.id)


def _whose(feed: Feed, room: Any) -> ColumnElement[bool]:
    conditions = {
        feed.room_id: _booking.c.room_id,
        feed.venue_id: room.c.venue_id,
        feed.member_id: _booking.c.member_id,
    }
    conditions.pop(None, None)
    ((key, column),) = conditions.items()
    found: ColumnElement[bool] = column == key
    return found


def _in_window(today: date) -> ColumnElement[bool]:
    b, told = _booking.c, window(today)
    days = b.event_on >= told.starts_at.date(), b.event_on < told.ends_at.date()
    return or_(
        and_(b.room_id.is_(None), *days),
        and_(b.room_id.is_not(None), b.ends_at > told.starts_at, b.starts_at < told.ends_at),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
