"""Changing one day of a series, this one and the later ones, or all that are ahead (rules 3 and 22).

Each booking goes through the verb that it would go through alone; what the day's own page does is one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.domains.bookings.errors import RoomTaken, SeriesRefused, TimeRefused
from app.domains.bookings.events import SeriesCancelled, SeriesConfirmed, SeriesMoved
from app.domains.bookings.models import Booking, BookingSeries, BookingStatus, Occurrence, Outcome
from app.domains.bookings.queries import (
    Day,
    Foreseen,
    Lack,
    Seen,
    Standing,
    ahead,
    competing,
    foresee,
    read_rooms,
    seen_among,
    standing_in,
    wish_on,
)
from app.domains.bookings.service import steps
from app.domains.bookings.service.moving import move
from app.domains.bookings.service.objecting import objections
from app.domains.bookings.service.repeating import Mode, refusal, refused_since, zone_of
from app.domains.bookings.service.telling import told_together
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.errors import Conflict, Invalid
from app.kernel.outbox import record
from app.kernel.values import Period


class Reach(StrEnum):
    """How much of a series is meant."""

    ONE = "one"
    LATER = "later"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different: what is None stays as it is. `days_on` moves every day by so many days."""

    starts: time | None = None
    days_on: int = 0
    minutes: int | None = None
    room_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A day and what would become, or became, of its booking; `words` say what no rule of the room says."""

    standing: Standing
    foreseen: Foreseen
    words: tuple[Any, ...] = ()


def within(
    session: Session,
    series: BookingSeries,
    reach: Reach,
    occurrence: Occurrence | None = None,
    seen: Seen | None = None,
) -> list[Standing]:
    """List the days that are meant: those whose bookings are under way and have not begun.

    `seen` is asked of each booking, which may be in a room of others by now; None where nobody asks.
    """
    standing, since = standing_in(session, series), None
    if occurrence is not None and reach is Reach.ONE:
        standing = [one for one in standing if one.occurrence.id == occurrence.id]
    if occurrence is not None and reach is Reach.LATER:
        since = occurrence.falls_on
    meant = ahead(standing, clock.now(), since)
    if seen is None:
        return meant
    keys = seen_among(session, meant, seen)
    return [one for one in meant if one.booking is not None and one.booking.id in keys]


def waiting_days(session: Session, series: BookingSeries, seen: Seen | None = None) -> list[Standing]:
    """List the days that wait to be confirmed."""
    meant = within(session, series, Reach.ALL, seen=seen)
    return [one for one in meant if one.booking is not None and one.booking.status == BookingStatus.PENDING]


def rivals_of(session: Session, meant: Sequence[Standing]) -> list[Booking]:
    """List whom confirming days would reject, each once (rule 4)."""
    found = {
        rival.id: rival
        for one in meant
        if one.booking is not None
        for rival in competing(session, one.booking)
    }
    return list(found.values())


def cancel_days(session: Session, series: BookingSeries, meant: Sequence[Standing], reason: str = "") -> int:
    """Call days of a series off because the client wishes it; gives how many. What is paid back follows the promise."""
    _lock_rooms(session, series, meant)
    done = []
    with told_together():
        for one in meant:
            if one.booking is not None:
                steps.cancel(one.booking, reason)
                done.append(one.booking.id)
    if done:
        record(SeriesCancelled(series.id, tuple(done)))
    session.flush()
    return len(done)


def confirm_days(
    session: Session,
    series: BookingSeries,
    reason: str = "",
    *,
    seen: Seen | None = None,
    told: Collection[UUID] = (),
) -> tuple[int, list[Changed]]:
    """Promise every day that waits; gives how many, and those that could not be, which stay as they are.

    `told` are the keys of those of whom was told that they are rejected with it. Raises Conflict where there is
    another (rule 4).
    """
    meant = waiting_days(session, series, seen)
    _lock_rooms(session, series, meant)
    if any(rival.id not in told for rival in rivals_of(session, meant)):
        raise Conflict(
            _l("Others want one of these times, too, and would be rejected. See first who they are.")
        )
    done, refused = [], list[Changed]()
    for one in meant:
        if one.booking is None or one.booking.status != BookingStatus.PENDING:
            continue
        try:
            with session.begin_nested(), told_together():
                steps.confirm(one.booking, reason)
            done.append(one.booking.id)
        except (TimeRefused, RoomTaken) as error:
            day = _wanted(one, Change(), one.booking.time_zone or "UTC")
            refused.append(Changed(one, refused_since(Foreseen(day, Outcome.TAKEN), error)))
    if done:
        record(SeriesConfirmed(series.id, tuple(done)))
    session.flush()
    return len(done), refused


def foresee_change(
    session: Session,
    series: BookingSeries,
    meant: Sequence[Standing],
    change: Change,
    rooms: Sequence[UUID] = (),
) -> list[Changed]:
    """Tell for each day what would become of it, in the order in which they are moved; `rooms` are offered instead."""
    room_id = change.room_id or series.room_id
    ordered = _in_order(meant, change)
    zone = zone_of(session, room_id)
    dates = [_wanted(one, change, zone) for one in ordered]
    if not dates:
        return []
    now = clock.now()
    known = read_rooms(session.connection(), list(dict.fromkeys([room_id, *rooms])), dates, now)
    standing = [one.booking for one in ordered]
    words = objections(session, known[room_id].rules, dates, standing)
    found = foresee(known, room_id, dates, now, standing=standing, barred=words)
    told = zip(ordered, found, strict=True)
    return [Changed(one, foreseen, words.get(foreseen.day.falls_on, ())) for one, foreseen in told]


def move_days(
    session: Session,
    series: BookingSeries,
    meant: Sequence[Standing],
    change: Change,
    mode: Mode = Mode.SKIP,
    reason: str = "",
) -> list[Changed]:
    """Move days of a series; gives each with what became of it. One that cannot be keeps its time.

    Raises SeriesRefused where one cannot be and all were asked for, or where none can.
    """
    room_id = change.room_id or series.room_id
    _lock_rooms(session, series, meant, room_id)
    changed = foresee_change(session, series, meant, change)
    against = [one for one in changed if not one.foreseen.is_free]
    if against and (mode is Mode.ALL or len(against) == len(changed)):
        raise _refusal_of(against)
    done, told = [], []
    with told_together():
        for one in changed:
            after, became = _move_one(session, one, room_id, reason)
            if after is not None:
                done.append(after.id)
            elif mode is Mode.ALL:
                raise _refusal_of([became])
            told.append(became)
    if told and not done:
        raise _refusal_of(told)
    if done:
        record(SeriesMoved(series.id, tuple(done)))
    session.flush()
    return sorted(told, key=lambda one: one.standing.occurrence.falls_on)


def keep_change(series: BookingSeries, change: Change) -> None:
    """Let days that are added to the series later be as its latest ones are now."""
    series.starts_time = change.starts or series.starts_time
    series.minutes = change.minutes or series.minutes
    series.room_id = change.room_id or series.room_id


def _lock_rooms(session: Session, series: BookingSeries, meant: Sequence[Standing], *more: UUID) -> None:
    """Lock every room that is touched, in one order, before the first booking."""
    session.flush()
    rooms = {series.room_id, *more, *(one.booking.room_id for one in meant if one.booking is not None)}
    venues.lock_rooms(session.connection(), [key for key in rooms if key is not None])


def _refusal_of(changed: Sequence[Changed]) -> SeriesRefused:
    against = [one.foreseen for one in changed]
    words = next((one.words[0] for one in changed if one.words), None)
    return refusal(against) if words is None else SeriesRefused(words, against)


def _move_one(session: Session, one: Changed, room_id: UUID, reason: str) -> tuple[Booking | None, Changed]:
    booking, wish = one.standing.booking, one.foreseen.day.wish
    if booking is None or wish is None or not one.foreseen.is_free:
        return None, one
    try:
        with session.begin_nested():
            after = move(booking, room_id, wish, reason)
    except (TimeRefused, RoomTaken) as error:  # the database saw what reading could not
        return None, Changed(one.standing, refused_since(one.foreseen, error))
    except Invalid as error:  # more guests since, or another price
        words = tuple(text for texts in error.errors.values() for text in texts)
        return None, Changed(one.standing, replace(one.foreseen, outcome=Outcome.REFUSED), words)
    occurrence = one.standing.occurrence
    occurrence.booking_id, occurrence.starts_at = after.id, wish.starts_at
    return after, one


def _in_order(meant: Sequence[Standing], change: Change) -> list[Standing]:
    """Put the days so that none is moved onto one that is moved away after it."""
    ordered = sorted(meant, key=_begins)
    first = ordered[0].booking if ordered else None
    if first is None or first.starts_at is None:
        return ordered
    is_later = change.days_on > 0 or (change.days_on == 0 and _is_later(first, change))
    return ordered[::-1] if is_later else ordered


def _is_later(booking: Booking, change: Change) -> bool:
    zone = ZoneInfo(booking.time_zone or "UTC")
    assert booking.starts_at is not None  # noqa: S101  # what is ahead has a time
    return change.starts is None or change.starts > booking.starts_at.astimezone(zone).time()


def _begins(one: Standing) -> tuple[datetime, date]:
    booking = one.booking
    begins = booking.starts_at if booking is not None and booking.starts_at is not None else clock.now()
    return begins, one.occurrence.falls_on


def _wanted(one: Standing, change: Change, zone: str) -> Day:
    """Give the day as it is wished: wall time of the room's venue, so nine stays nine."""
    booking = one.booking
    assert booking is not None and booking.starts_at is not None and booking.ends_at is not None  # noqa: S101, PT018
    begins = booking.starts_at.astimezone(ZoneInfo(zone))
    day = begins.date() + timedelta(days=change.days_on)
    minutes = change.minutes or int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    if change.starts is None and not change.days_on:  # its instant stays, also of a time that comes twice
        wish: Period | None = Period(booking.starts_at, booking.starts_at + timedelta(minutes=minutes))
    else:
        wish = wish_on(day, change.starts or begins.time(), minutes, zone)
    return Day(one.occurrence.falls_on, wish, None if wish else Lack.NO_SUCH_TIME)
