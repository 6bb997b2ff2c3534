"""Booking a series: each day by itself through the one guard, and all of them in one transaction (rules 3 and 22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings.errors import (
    NoSuchBooking,
    NoSuchRoom,
    RoomTaken,
    SeriesRefused,
    TimeRefused,
    TransitionRefused,
)
from app.domains.bookings.events import SeriesBooked
from app.domains.bookings.models import Booking, BookingSeries, Occurrence, Outcome
from app.domains.bookings.queries import (
    Day,
    Finding,
    Foreseen,
    Lack,
    Repetition,
    Rule,
    days,
    foresee,
    outcome_of,
    read_rooms,
    repetition_of,
    standing_in,
)
from app.domains.bookings.service.rooms import book_room
from app.domains.bookings.service.telling import told_together
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.outbox import record
from app.kernel.values import Period

CLIENT_FACTS = (
    *("client_name", "client_email", "client_phone", "event_type", "guests", "message"),
    *("locale", "time_zone", "member_id", "package_id"),
)
"""What each booking of a series begins with."""


class Mode(StrEnum):
    """What is done where some days cannot be as wished: leave them out for now, or do nothing at all."""

    SKIP = "skip"
    ALL = "all"


def book_series(
    session: Session,
    facts_of_all: Mapping[str, Any],
    room_id: UUID,
    repetition: Repetition,
    mode: Mode = Mode.SKIP,
) -> BookingSeries:
    """Book a time in a room on every day of a rule; days that cannot be are kept with what stands against them.

    Raises SeriesRefused where one day cannot be and all were asked for, or where none can; Invalid; NoSuchRoom.
    """
    zone = zone_of(session, room_id, locked=True)
    dates = days(repetition, zone)
    told = {name: facts_of_all.get(name) for name in CLIENT_FACTS if facts_of_all.get(name) is not None}
    told.setdefault("time_zone", zone)
    foreseen = _foreseen(session, room_id, dates)
    _refuse(foreseen, mode)
    series = BookingSeries(
        room_id=room_id,
        rhythm=repetition.rhythm.value,
        every=repetition.every,
        first_on=repetition.first_on,
        until_on=repetition.until_on or dates[-1].falls_on,
        starts_time=repetition.starts,
        minutes=repetition.minutes,
        facts=_kept(told, repetition),
    )
    session.add(series)
    session.flush()
    _book_days(session, series, foreseen, mode)
    return series


def prolong(
    session: Session, series: BookingSeries, until_on: date, mode: Mode = Mode.SKIP
) -> list[Occurrence]:
    """Add the days of the rule after the last one, until another day.

    Raises what `book_series` raises, and TransitionRefused where the series went to another room meanwhile.
    """
    room_id = series.room_id
    zone = zone_of(session, room_id, locked=True)
    session.refresh(series, with_for_update=True)  # who waited for the room knows the days of before
    session.expire(series, ["occurrences"])
    if series.room_id != room_id:
        raise TransitionRefused(_l("Somebody changed this series meanwhile. Look at it again."))
    more = further_days(series, until_on, zone)
    foreseen = _foreseen(session, series.room_id, more)
    _refuse(foreseen, mode)
    series.until_on = until_on
    return _book_days(session, series, foreseen, mode)


def further_days(series: BookingSeries, until_on: date, zone: str) -> list[Day]:
    """List the days that a later end adds to a series. Raises Invalid."""
    if until_on <= series.until_on:
        raise Invalid({"until_on": [_l("Choose a day after the last one.")]})
    known = {one.falls_on for one in series.occurrences}
    last = max(known, default=series.first_on)
    whole = days(replace(repetition_of(series), until_on=until_on), zone)
    more = [day for day in whole if day.falls_on > last]
    if not more:
        raise Invalid({"until_on": [_l("No further day of the series lies before this one.")]})
    return more


def book_occurrence(
    session: Session, occurrence: Occurrence, room_id: UUID | None = None, wish: Period | None = None
) -> Booking:
    """Book a day of a series that was left out or could not be: at its own time, at another, in another room.

    Raises TransitionRefused where it is booked or has no time, NoSuchRoom, TimeRefused, RoomTaken.
    """
    series = session.get_one(BookingSeries, occurrence.series_id)
    wanted = room_id or series.room_id
    zone_of(session, wanted, locked=True)
    session.refresh(occurrence, with_for_update=True)
    if not next(one for one in standing_in(session, series) if one.occurrence.id == occurrence.id).is_open:
        raise TransitionRefused(_l("This day is booked already."))
    if wish is None and occurrence.starts_at is not None:
        wish = Period(occurrence.starts_at, occurrence.starts_at + timedelta(minutes=series.minutes))
    if wish is None:
        raise TransitionRefused(_l("The series has no time on this day. Choose one."))
    with told_together():
        booking = book_room(session, _facts_of(series), wanted, wish)
    occurrence.booking_id, occurrence.starts_at = booking.id, wish.starts_at
    occurrence.outcome, occurrence.against = Outcome.BOOKED.value, []
    record(SeriesBooked(series.id, (booking.id,)))
    session.flush()
    return booking


def leave_out(session: Session, occurrence: Occurrence) -> None:
    """Decide that a day of a series that is not booked stays so. Raises TransitionRefused."""
    session.refresh(occurrence, with_for_update=True)
    if occurrence.outcome == Outcome.BOOKED:
        raise TransitionRefused(_l("This day is booked. Cancel its booking instead."))
    occurrence.outcome = Outcome.LEFT_OUT.value
    session.flush()


def occurrence_of(session: Session, series: BookingSeries, key: UUID) -> Occurrence:
    """Find a day of a series. Raises NoSuchBooking."""
    found: Occurrence | None = session.scalar(
        select(Occurrence).where(Occurrence.id == key, Occurrence.series_id == series.id)
    )
    if found is None:
        raise NoSuchBooking
    return found


def _book_days(
    session: Session, series: BookingSeries, foreseen: Sequence[Foreseen], mode: Mode
) -> list[Occurrence]:
    """Book the days that can be, each under a savepoint of its own, and keep all of them."""
    kept = []
    with told_together():
        for one in foreseen:
            occurrence, conflict = _book_day(session, series, one)
            if conflict is not None and mode is Mode.ALL:
                raise refusal([conflict])
            kept.append(occurrence)
    booked = tuple(one.booking_id for one in kept if one.booking_id is not None)
    if booked:
        record(SeriesBooked(series.id, booked))
    session.flush()
    return kept


def _book_day(session: Session, series: BookingSeries, one: Foreseen) -> tuple[Occurrence, Foreseen | None]:
    booking = None
    if one.is_free and one.day.wish is not None:
        try:
            with session.begin_nested():
                booking = book_room(session, _facts_of(series), series.room_id, one.day.wish)
        except (TimeRefused, RoomTaken) as error:  # the database saw what reading could not
            one = refused_since(one, error)
    occurrence = Occurrence(
        series_id=series.id,
        falls_on=one.day.falls_on,
        starts_at=one.day.wish.starts_at if one.day.wish else None,
        outcome=one.outcome.value,
        against=one.facts,
        booking_id=booking.id if booking else None,
    )
    series.occurrences.append(occurrence)
    is_settled = one.is_free or one.day.lack is Lack.NO_SUCH_DAY
    return occurrence, None if is_settled else one


def refused_since(one: Foreseen, error: TimeRefused | RoomTaken) -> Foreseen:
    """Tell what became of a day that the guard refused after all."""
    found = error.findings if isinstance(error, TimeRefused) else (Finding(Rule.FREE, is_kept=False),)
    return replace(one, outcome=outcome_of(found), against=tuple(found))


def _refuse(foreseen: Sequence[Foreseen], mode: Mode) -> None:
    """Raise what `mode` refuses. A day that the month lacks was never asked for."""
    against = [one for one in foreseen if not one.is_free and one.day.lack is not Lack.NO_SUCH_DAY]
    if against and mode is Mode.ALL:
        raise refusal(against)
    if not any(one.is_free for one in foreseen):
        raise SeriesRefused(_l("Not one of these days can be booked."), against)


def refusal(against: Sequence[Foreseen]) -> SeriesRefused:
    """Make the refusal of a series of which all days were asked for."""
    return SeriesRefused(
        _l("%(number)s of these days cannot be booked, so none of them is.", number=len(against)), against
    )


def _foreseen(session: Session, room_id: UUID, dates: Sequence[Day]) -> list[Foreseen]:
    now = clock.now()
    known = read_rooms(session.connection(), [room_id], dates, now)
    return foresee(known, room_id, dates, now)


def zone_of(session: Session, room_id: UUID, *, locked: bool = False) -> str:
    """Give the zone of a room's venue; `locked` locks the room first, until the end. Raises NoSuchRoom."""
    session.flush()
    now = clock.now()
    window = Period(now, now + timedelta(minutes=1))
    rules = venues.room_rules(
        session.connection(), [room_id], window, lock=venues.Lock.ALONE if locked else None
    )
    if not rules:
        raise NoSuchRoom
    return rules[0].zone


def _kept(told: Mapping[str, Any], repetition: Repetition) -> dict[str, Any]:
    """Give the facts of a series as JSON holds them, with what the columns of a rule have no place for."""
    kept = {name: str(value) if isinstance(value, UUID) else value for name, value in told.items()}
    if repetition.weekdays:
        kept["weekdays"] = list(repetition.days_of_week)
    return kept | {"monthly": repetition.monthly.value}


def _facts_of(series: BookingSeries) -> dict[str, Any]:
    told = {name: series.facts[name] for name in CLIENT_FACTS if name in series.facts}
    for name in ("member_id", "package_id"):
        if name in told:
            told[name] = UUID(told[name])
    return told | {"series_id": series.id}
