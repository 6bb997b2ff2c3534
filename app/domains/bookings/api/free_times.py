"""The free times of rooms, by the days of a zone, as they are told to visitors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.domains.bookings import queries
from app.domains.bookings.api import room_wording
from app.domains.bookings.api.times import VENUE
from app.domains.venues import queries as venues
from app.kernel import clock
from app.kernel.errors import BadParameter
from app.kernel.values import Period
from app.surfaces.contract import instant_text
from app.surfaces.records import wording

DAYS_BACK, DAYS_AHEAD = 31, 1_200
_DAY = timedelta(days=1)


class _Words:
    """Times in the words of a zone and a language; rooms of a venue offer the same ones, so each is told once."""

    def __init__(self, zone: ZoneInfo, locale: str) -> None:
        self.zone, self.locale = zone, locale
        self._told: dict[Period, tuple[date, dict[str, Any]]] = {}

    def slot(self, period: Period) -> tuple[date, dict[str, Any]]:
        """Give the day on which a time begins in the zone, and the time in words."""
        if (told := self._told.get(period)) is None:
            told = self._told[period] = (
                period.starts_at.astimezone(self.zone).date(),
                {
                    "starts_at": instant_text(period.starts_at),
                    "ends_at": instant_text(period.ends_at),
                    "text": room_wording.clock_text(period, self.zone, self.locale),
                },
            )
        return told


def free_times(connection: Any, offer: venues.Offer, query: dict[str, Any]) -> dict[str, Any]:
    """Tell the free times of rooms, in two statements however many they are."""
    asked = query.get("zone") or VENUE
    zone = ZoneInfo(offer.venue.zone if asked == VENUE else asked)
    now = clock.now()
    first = _first(query.get("first"), now.astimezone(zone).date())
    last = first + timedelta(days=query["days"] - 1)
    window = Period(_midnight(first, zone), _midnight(last + _DAY, zone))
    there = ZoneInfo(offer.venue.zone)
    days = window.starts_at.astimezone(there).date(), window.ends_at.astimezone(there).date()
    fitting = [room for room in offer.rooms if room.capacity >= (query.get("guests") or 1)]
    found = queries.calendars(connection, [room.id for room in fitting], *days, now) if fitting else []
    by_key = {calendar.rules.id: calendar for calendar in found}
    words = _Words(zone, wording.reader())
    return {
        "venue": {"id": offer.venue.id, "slug": offer.venue.slug, "name": offer.venue.name},
        "zone": zone.key,
        "venue_zone": offer.venue.zone,
        "from": first,
        "until": last,
        "rooms": [
            _room_told(room, by_key.get(room.id), query.get("minutes") or room.shortest, window, words)
            for room in offer.rooms
        ],
    }


def _room_told(
    room: venues.OfferedRoom,
    calendar: queries.Calendar | None,
    minutes: int,
    window: Period,
    words: _Words,
) -> dict[str, Any]:
    fits = calendar is not None
    if calendar is not None and not calendar.offers(timedelta(minutes=minutes)):
        calendar = None  # no time of this length is free, so none is looked for
    price = room_wording.price_of(calendar.rules, minutes) if calendar else None
    return {
        "id": room.id,
        "slug": room.slug,
        "name": room.name,
        "capacity": room.capacity,
        "fits": fits,
        "minutes": minutes,
        "price": room_wording.amount(price, words.locale),
        "days": list(_days(calendar, minutes, window, words)),
    }


def _days(
    calendar: queries.Calendar | None, minutes: int, window: Period, words: _Words
) -> Iterator[dict[str, Any]]:
    """Give the days of a zone with the slots that begin on each."""
    by_day: dict[date, list[dict[str, Any]]] = {}
    for slot in calendar.slots(minutes, clock.now()) if calendar else ():
        if window.starts_at <= slot.period.starts_at < window.ends_at:
            day, told = words.slot(slot.period)
            by_day.setdefault(day, []).append(told | {"by_request": slot.by_request})
    day, end = (at.astimezone(words.zone).date() for at in (window.starts_at, window.ends_at))
    while day < end:
        yield {"date": day, "text": wording.day(day, words.locale), "slots": by_day.get(day, [])}
        day += _DAY


def _first(asked: date | None, today: date) -> date:
    if asked is None:
        return today
    earliest, latest = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    if not earliest <= asked <= latest:
        raise BadParameter("from", _("Choose a day from %(first)s to %(last)s.", first=earliest, last=latest))
    return asked


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give the instant at which a day begins in a zone."""
    return venues.instant(day, time(0), zone).astimezone(UTC)
