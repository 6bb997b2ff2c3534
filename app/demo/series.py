"""Two who come again and again: a choir each week, a dinner each month, in rooms that others have on some of the days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.clients import client_facts
from app.demo.content import content
from app.demo.keys import stable_key
from app.demo.room_bookings import RoomBookings
from app.domains.bookings import queries
from app.domains.bookings.models import BookingSeries, BookingStatus, BookingStep, Occurrence, Rhythm
from app.domains.bookings.queries import Calendar, Foreseen, Monthly, Repetition, Rule
from app.domains.venues.models import Room

_ASKED_BEFORE = timedelta(days=40)
_AIM = time(17)
_FACTS = ("client_name", "client_email", "client_phone", "event_type", "message", "locale", "guests")


@dataclass(frozen=True, slots=True)
class _Plan:
    """A rule to be; `room` is the first of the demo's that is tried, `begins` counts days from the day of the demo on."""

    number: int
    room: int
    rhythm: Rhythm
    begins: int
    times: int
    minutes: int
    monthly: Monthly = Monthly.DAY


_PLANS = (
    _Plan(0, 0, Rhythm.WEEKLY, -15, 10, 120),
    _Plan(1, 3, Rhythm.MONTHLY, 5, 6, 180, Monthly.WEEKDAY),
)


def add_series(session: Session, today: date) -> int:
    """Put in the series that are missing, with their days; gives how many."""
    slugs = [room["slug"] for venue in content("venues")["venues"] for room in venue["rooms"]]
    rooms = dict(session.execute(select(Room.slug, Room.id).where(Room.slug.in_(slugs))).all())
    keys = [rooms[slug] for slug in slugs if slug in rooms]
    count = 0
    for plan in _PLANS:
        key = stable_key("booking_series", str(plan.number), plan.number)
        if session.get(BookingSeries, key) is None:
            count += any(_add(session, plan, key, room, today) for room in keys[plan.room :])
    return count


def _add(session: Session, plan: _Plan, key: UUID, room: UUID, today: date) -> bool:
    """Book the days of a rule that are free, and keep the others with what stands against them."""
    asked_at = datetime.combine(today, time(10), UTC) - _ASKED_BEFORE
    found = _first_free(session, plan, room, today, asked_at)
    if found is None:
        return False
    calendar, first_on, starts = found
    rule = Repetition(plan.rhythm, 1, first_on, starts, plan.minutes, times=plan.times, monthly=plan.monthly)
    dates = queries.days(rule, calendar.rules.zone)
    known = queries.read_rooms(session.connection(), [room], dates, asked_at)
    foreseen = queries.foresee(known, room, dates, asked_at, overruled={Rule.NOTICE, Rule.ADVANCE})
    client = client_facts(Random(f"festoon series {plan.number}")) | {"guests": 12}
    series = BookingSeries(
        id=key,
        room_id=room,
        rhythm=plan.rhythm.value,
        every=1,
        first_on=first_on,
        until_on=dates[-1].falls_on,
        starts_time=starts,
        minutes=plan.minutes,
        facts=client | {"time_zone": calendar.rules.zone, "monthly": plan.monthly.value},
        created_at=asked_at,
    )
    session.add(series)
    session.flush()
    booking = RoomBookings(session, today)
    for number, one in enumerate(foreseen):
        series.occurrences.append(_day(booking, series, calendar, one, plan.number * 100 + number, asked_at))
    session.flush()
    return True


def _day(
    booking: RoomBookings,
    series: BookingSeries,
    calendar: Calendar,
    one: Foreseen,
    number: int,
    asked_at: datetime,
) -> Occurrence:
    booked = None
    if one.is_free and one.day.wish is not None:
        facts = {name: series.facts[name] for name in _FACTS} | {"series_id": series.id}
        key = stable_key("series_booking", str(number), number)
        booked, _claim = booking.book(key, calendar, one.day.wish, facts, BookingStatus.CONFIRMED)
        booked.created_at = asked_at
        booked.steps = list(_steps(asked_at, booked.ends_at if booked.event_on < booking.today else None))
        booked.status = booked.steps[-1].to_status
    return Occurrence(
        id=stable_key("occurrence", str(number), number),
        falls_on=one.day.falls_on,
        starts_at=one.day.wish.starts_at if one.day.wish else None,
        outcome=one.outcome.value,
        against=one.facts,
        booking_id=booked.id if booked else None,
    )


def _steps(asked_at: datetime, over_at: datetime | None) -> Iterator[BookingStep]:
    """Tell that a day was asked for and confirmed, and that it took place where it is over."""
    ways = [(BookingStatus.PENDING, asked_at), (BookingStatus.CONFIRMED, asked_at + timedelta(hours=3))]
    if over_at is not None:
        ways.append((BookingStatus.COMPLETED, over_at))
    before = None
    for position, (status, at) in enumerate(ways):
        yield BookingStep(
            from_status=before,
            to_status=status.value,
            at=at,
            actor_label="Demo data",
            position=position,
        )
        before = status.value


def _first_free(
    session: Session, plan: _Plan, room: UUID, today: date, now: datetime
) -> tuple[Calendar, date, time] | None:
    """Find the first day of a week on which the room is free for so long, and when."""
    for begins in range(plan.begins, plan.begins + 7):
        day = today + timedelta(days=begins)
        calendar = queries.calendar_of(session.connection(), room, day, day, now)
        starts = _start(calendar, plan.minutes, now) if calendar is not None else None
        if calendar is not None and starts is not None:
            return calendar, day, starts
    return None


def _start(calendar: Calendar, minutes: int, now: datetime) -> time | None:
    """Find the free time of the first day that is nearest to the late afternoon."""
    zone = ZoneInfo(calendar.rules.zone)
    found = [slot.period.starts_at.astimezone(zone).time() for slot in calendar.slots(minutes, now)]
    return min(found, key=lambda one: abs(one.hour * 60 + one.minute - _AIM.hour * 60), default=None)
