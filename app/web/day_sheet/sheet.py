"""The day sheet in the reader's words: rooms in their order, in each the lines of a day by the venue's clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from babel.units import format_unit
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.access import rows
from app.access.rights import may
from app.domains.bookings.queries.day import DayBooking, RoomDay, booked_of, day_bookings, room_days
from app.domains.bookings.queries.owing import owed
from app.domains.bookings.queries.timeline import BookedFacts, KeptTime
from app.domains.bookings.resources import EVENT_TYPES, STATUSES
from app.domains.venues.queries import Closed, SeenRoom
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import BadParameter
from app.kernel.values import Money, Period
from app.resources.kinds import YEARS
from app.surfaces.public.language import default_locale
from app.surfaces.records import wording
from app.translation.chain import translated_locales
from app.web.timeline.places import model_of, seen_rooms

PATH = "/day-sheet/"
_ONE_DAY = timedelta(days=1)
_OCCASIONS = {option.value: option.label for option in EVENT_TYPES}
_STATUSES = {option.value: option for option in STATUSES}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a room: `kind` is booking, held, taken, closed or free; the others' facts are empty."""

    kind: str
    times: str
    title: str
    note: str = ""
    before: str = ""
    after: str = ""
    phone: str = ""
    facts: tuple[str, ...] = ()
    status: str = ""
    tone: str = ""
    owed: str = ""
    message: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class RoomSheet:
    """A room with its lines and when its venue is open."""

    name: str
    hours: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class VenueChoice:
    """A venue whose sheet can be shown."""

    slug: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """day_sheet/index.html; without a venue there is nothing to show."""

    venues: tuple[VenueChoice, ...]
    venue: str = ""
    day: str = ""
    day_words: str = ""
    zone: str = ""
    rooms: tuple[RoomSheet, ...] = ()
    days: tuple[tuple[str, str, bool], ...] = ()
    before_url: str = ""
    after_url: str = ""


def read_sheet(slug: str, day: str) -> Sheet | None:
    """Read and word the sheet; None for a venue that the reader does not see. Raises BadParameter."""
    seen = seen_rooms()
    chosen = slug or (seen[0].venue_slug if seen else "")
    mine = [room for room in seen if room.venue_slug == chosen]
    choices = tuple(
        VenueChoice(name, title, name == chosen)
        for name, title in {room.venue_slug: room.venue_name for room in seen}.items()
    )
    if not mine:
        return None if slug else Sheet(choices)
    zone, locale = mine[0].zone, wording.reader()
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    wanted = _day(day) or today
    return Sheet(
        venues=choices,
        venue=mine[0].venue_name,
        day=wanted.isoformat(),
        day_words=format_date(wanted, "full", locale=locale),
        zone=wording.zone(zone, locale),
        rooms=tuple(_rooms(mine, wanted, zone, locale)),
        days=tuple(
            (label, _url(chosen, that), that == wanted)
            for label, that in ((_("Today"), today), (_("Tomorrow"), today + _ONE_DAY))
        ),
        before_url=_url(chosen, wanted - _ONE_DAY),
        after_url=_url(chosen, wanted + _ONE_DAY),
    )


def _rooms(rooms: list[SeenRoom], day: date, zone: str, locale: str) -> list[RoomSheet]:
    session = db.session()
    visible = rows.condition("booking", current_user, model_of("booking"))
    connection, keys = session.connection(), [room.id for room in rooms]
    days = room_days(connection, keys, day, zone, clock.now(), visible)
    booked = list(booked_of(days))
    told = day_bookings(connection, booked, translated_locales(locale, default_locale()))
    unpaid = owed(session, booked) if may("list", "payment") else None
    teller = _Teller(day, ZoneInfo(zone), locale, told, unpaid)
    return [teller.room(one) for one in days if one.rules.is_active or one.lines]


class _Teller:
    """Words the lines of a day; `owed` is None where nobody knows what is owed, or the reader may not."""

    def __init__(
        self,
        day: date,
        zone: ZoneInfo,
        locale: str,
        told: Mapping[UUID, DayBooking],
        owed: Mapping[UUID, Money] | None,
    ) -> None:
        self.day = day
        self.zone = zone
        self.locale = locale
        self.told = told
        self.owed = owed

    def room(self, found: RoomDay) -> RoomSheet:
        """Word a room."""
        hours = ", ".join(self.span(one.period) for one in found.openings)
        lines = tuple(self.line(one) for one in found.lines)
        return RoomSheet(found.rules.name, hours or _("Closed all day"), lines)

    def line(self, line: KeptTime | Closed | Period) -> Line:
        """Word one line."""
        if isinstance(line, Period):
            return Line("free", self.span(line), _("Free"), length_of(line, self.locale))
        if isinstance(line, Closed):
            note = _("The whole venue") if line.is_whole_venue else ""
            return Line("closed", self.span(line.period), _("Closed: %(reason)s", reason=line.reason), note)
        if line.until is not None:
            note = _("until %(time)s", time=self.clock(line.until))
            return Line("held", self.span(line.shown), _("Held for a client"), note)
        if line.booking is None:
            return Line("taken", self.span(line.shown), _("Taken"))
        return self.booking(line, line.booking)

    def booking(self, line: KeptTime, booking: BookedFacts) -> Line:
        """Word a booking; its buffers are when the room is made ready and when it is cleared."""
        more = self.told.get(booking.id, DayBooking(booking.id, "", "", ""))
        status = _STATUSES.get(booking.status)
        guests = ngettext("%(num)s guest", "%(num)s guests", booking.guests) if booking.guests else ""
        occasion = str(_OCCASIONS.get(booking.event_type, booking.event_type))
        facts = occasion, guests, more.package, booking.reference
        shown, blocked = line.shown, line.blocked
        ready = _("ready from %(time)s", time=self.clock(blocked.starts_at))
        clear = _("cleared by %(time)s", time=self.clock(blocked.ends_at))
        return Line(
            "booking",
            self.span(shown),
            booking.client_name,
            before=ready if blocked.starts_at < shown.starts_at else "",
            after=clear if blocked.ends_at > shown.ends_at else "",
            phone=more.phone,
            facts=tuple(fact for fact in facts if fact),
            status=str(status.label) if status else booking.status,
            tone=status.tone if status else "",
            owed=self.owing(booking.id),
            message=more.message,
            url=f"/bookings/{booking.id}",
        )

    def owing(self, key: UUID) -> str:
        """Say what is still to be paid."""
        amount = (self.owed or {}).get(key)
        if amount is None:
            return ""
        return _("Unpaid: %(amount)s", amount=wording.money(amount.minor, amount.currency, self.locale))

    def span(self, period: Period) -> str:
        """Write a time from its start to its end."""
        return f"{self.clock(period.starts_at)}\u2013{self.clock(period.ends_at, is_end=True)}"

    def clock(self, at: datetime, *, is_end: bool = False) -> str:
        """Write an instant by the venue's clocks, with its day where that is not the sheet's."""
        local = at.astimezone(self.zone)
        told = format_time(local, "short", locale=self.locale)
        is_midnight = is_end and local.date() == self.day + _ONE_DAY and not (local.hour or local.minute)
        if local.date() == self.day or is_midnight:
            return str(told)
        return f"{format_skeleton('MMMEd', local, locale=self.locale)} {told}"


def length_of(period: Period, locale: str) -> str:
    """Say how long a time is."""
    parts = zip(divmod(period.minutes, 60), ("duration-hour", "duration-minute"), strict=True)
    return " ".join(format_unit(number, unit, "short", locale=locale) for number, unit in parts if number)


def _url(venue: str, day: date) -> str:
    return f"{PATH}?{urlencode({'venue': venue, 'day': day.isoformat()})}"


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadParameter("day", _("Give a date such as 2027-05-24.")) from None
    if day.year not in YEARS:
        raise BadParameter("day", _("The date is too far away."))
    return day
