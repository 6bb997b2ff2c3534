"""The rooms that are free, with their times and what they cost; and why the others are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.rights import may
from app.domains.bookings import queries
from app.domains.bookings.api.room_wording import clock_text, paid_for, price_of
from app.domains.bookings.queries import Calendar
from app.domains.venues import queries as venues
from app.domains.venues.queries import SeenRoom
from app.kernel import clock, durations
from app.kernel.db import db
from app.kernel.zones import shown
from app.surfaces.records import wording
from app.web.free_times.asked import Sought


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that can be booked: `text` is when it begins, `whole` from when to when; `url` books it."""

    text: str
    whole: str
    url: str
    by_request: bool


@dataclass(frozen=True, slots=True)
class FreeDay:
    """The times that begin on a day."""

    words: str
    times: tuple[FreeTime, ...]


@dataclass(frozen=True, slots=True)
class FreeRoom:
    """A room with free times: how many it holds, for how long, and what that costs."""

    name: str
    url: str
    holds: str
    length: str
    price: str
    note: str
    days: tuple[FreeDay, ...]


@dataclass(frozen=True, slots=True)
class FreeVenue:
    """The free rooms of a venue; times are by the clocks of `place`."""

    name: str
    place: str
    rooms: tuple[FreeRoom, ...]


@dataclass(frozen=True, slots=True)
class NotFree:
    """A room in which nothing is found, and why."""

    name: str
    venue: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search comes to; `count` is the number of free times."""

    venues: tuple[FreeVenue, ...]
    others: tuple[NotFree, ...]
    count: int
    asks: bool


def find(sought: Sought, rooms: Sequence[SeenRoom]) -> Found:
    """Look through rooms, in two statements however many they are."""
    chosen = [room for room in rooms if sought.venue in ("", room.venue_slug)]
    read = queries.calendars(
        db.session.connection(), [room.id for room in chosen], sought.day, sought.last, clock.now()
    )
    calendars = {calendar.rules.id: calendar for calendar in read}
    free: dict[SeenRoom, FreeRoom] = {}
    others = []
    for room in chosen:
        calendar = calendars.get(room.id)
        why = _why_not(sought, calendar)
        if calendar is not None and not why:
            if days := tuple(_days(sought, room, calendar)):
                free[room] = _worded(sought, room, calendar, days)
                continue
            why = _nothing(sought)
        others.append(NotFree(room.name, room.venue_name, why))
    houses = tuple(
        FreeVenue(name, wording.zone(zone, wording.reader()), tuple(free[room] for room in many))
        for (name, zone), many in groupby(free, lambda room: (room.venue_name, room.zone))
    )
    times = [time for room in free.values() for day in room.days for time in day.times]
    return Found(houses, tuple(others), len(times), any(time.by_request for time in times))


def _why_not(sought: Sought, calendar: Calendar | None) -> str:
    """Say why a room is not looked through; nothing where it is."""
    if calendar is None or not calendar.rules.is_active:
        return _("It is not offered.")
    rules = calendar.rules
    if sought.guests > rules.capacity:
        return ngettext("It holds %(num)s guest.", "It holds %(num)s guests.", rules.capacity)
    if sought.minutes and not calendar.offers(timedelta(minutes=sought.minutes)):
        locale = wording.reader()
        told = [durations.told(minutes, locale) for minutes in (rules.shortest, rules.longest, rules.step)]
        return _(
            "It is booked for %(shortest)s to %(longest)s, in steps of %(step)s.",
            shortest=told[0],
            longest=told[1],
            step=told[2],
        )
    return ""


def _nothing(sought: Sought) -> str:
    if sought.after is None and sought.before is None:
        return _("Nothing of this length is free.")
    return _("Nothing of this length is free between these hours.")


def _length(sought: Sought, calendar: Calendar) -> int:
    return sought.minutes or calendar.rules.shortest


def _worded(sought: Sought, room: SeenRoom, calendar: Calendar, days: tuple[FreeDay, ...]) -> FreeRoom:
    locale, minutes, rules = wording.reader(), _length(sought, calendar), calendar.rules
    price = price_of(rules, minutes)
    return FreeRoom(
        room.name,
        f"/rooms/{room.id}" if may("show", "room") else "",
        ngettext("up to %(num)s guest", "up to %(num)s guests", rules.capacity),
        durations.told(minutes, locale),
        wording.money(price.minor, price.currency, locale) if price is not None else _("No price yet"),
        _paid_note(calendar, minutes, locale),
        days,
    )


def _paid_note(calendar: Calendar, minutes: int, locale: str) -> str:
    """Say where the prices cover more than the length that is sought."""
    rules = calendar.rules
    if not rules.tiers:
        return ""
    return paid_for(venues.quote(minutes, rules.tiers, rules.currency).paid_minutes, minutes, locale)


def _days(sought: Sought, room: SeenRoom, calendar: Calendar) -> Iterator[FreeDay]:
    locale, zone = wording.reader(), ZoneInfo(room.zone)
    by_day: dict[date, list[queries.Slot]] = {}
    for slot in calendar.slots(_length(sought, calendar), clock.now()):
        starts, ends = (at.astimezone(zone) for at in (slot.period.starts_at, slot.period.ends_at))
        if sought.day <= starts.date() <= sought.last and sought.suits(starts, ends):
            by_day.setdefault(starts.date(), []).append(slot)
    for day, slots in sorted(by_day.items()):
        times = tuple(
            FreeTime(
                wording.time_of_day(slot.period.starts_at.astimezone(zone).time(), locale),
                clock_text(slot.period, zone, locale),
                _book_url(sought, room, day, slot) if may("add", "booking") else "",
                slot.by_request,
            )
            for slot in slots
        )
        yield FreeDay(wording.weekday(day, locale), times)


def _book_url(sought: Sought, room: SeenRoom, day: date, slot: queries.Slot) -> str:
    """Lead to the calendar of the venue with the panel open in which this time is booked."""
    starts, ends = (shown(at, room.zone) for at in (slot.period.starts_at, slot.period.ends_at))
    asked = {"view": "rooms-day", "date": day.isoformat(), "venues": room.venue_slug}
    asked |= {"book": str(room.id), "starts": starts, "ends": ends}
    asked |= {"guests": str(sought.guests)} if sought.guests else {}
    return f"/calendar/?{urlencode(asked, safe=',/:')}"
