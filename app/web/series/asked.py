"""What the form of a series asks for: the room, the rule and the client; what was typed is never lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.domains.bookings.queries import Monthly, Repetition, Rhythm
from app.domains.bookings.resources import bookings
from app.domains.bookings.service import Mode
from app.domains.venues.queries import SeenRoom
from app.kernel.errors import BadParameter
from app.kernel.ids import parse_id
from app.kernel.values import Period
from app.resources.kinds import Unreadable, parse
from app.web.timeline.asked import read_day
from app.web.timeline.judging import Wish

CLIENT = ("client_name", "client_email", "client_phone", "event_type", "guests", "message", "locale")
MOST_DAYS_ON = 366
_LONGEST_NUMBER = 7
_NEEDED = ("client_name", "client_email", "event_type")


@dataclass(slots=True)
class Asked:
    """The form as it was sent: `texts` by the names of its inputs, and by the same names what is wrong."""

    texts: dict[str, str]
    weekdays: tuple[int, ...]
    faults: dict[str, str] = field(default_factory=dict)
    room: SeenRoom | None = None
    repetition: Repetition | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    mode: Mode = Mode.SKIP

    def text(self, name: str, standing: str = "") -> str:
        """Give what stands in an input."""
        return self.texts.get(name, standing)


def read_asked(sent: Any, rooms: list[SeenRoom], *, whole: bool) -> Asked:
    """Read the form; the client's facts only where it is to be booked, not while one types."""
    texts = {name: value.strip() for name, value in sent.items()}
    weekdays = tuple(sorted({int(day) for day in sent.getlist("weekdays") if day in set("0123456")}))
    asked = Asked(texts, weekdays)
    key = parse_id(texts.get("room_id", ""))
    asked.room = next((room for room in rooms if room.id == key), None)
    if asked.room is None:
        asked.faults["room_id"] = _("Choose a room.")
    asked.mode = Mode.ALL if texts.get("mode") == Mode.ALL.value else Mode.SKIP
    asked.repetition = _repetition(asked)
    if whole:
        _read_client(asked)
    return asked


def from_booking(booking: Any, room: SeenRoom) -> dict[str, str]:
    """Give what the form begins with where a booking is to come again: its room, its time, its client."""
    told = {name: str(getattr(booking, name) or "") for name in CLIENT}
    time_of_it = _begun(room, Period(booking.starts_at, booking.ends_at))
    return told | time_of_it | {"package_id": str(booking.package_id or "")}


def from_wish(wish: Wish, room: SeenRoom) -> dict[str, str]:
    """Give what the form begins with where a time that is wished for in the calendar is to come again."""
    return _begun(room, wish.period)


def _begun(room: SeenRoom, period: Period) -> dict[str, str]:
    """Begin with ten weeks of a time, as the clocks of the venue show it."""
    starts = period.starts_at.astimezone(ZoneInfo(room.zone))
    return {
        "room_id": str(room.id),
        "first_on": starts.date().isoformat(),
        "starts": starts.strftime("%H:%M"),
        "minutes": str(period.minutes),
        "rhythm": Rhythm.WEEKLY.value,
        "times": "10",
    }


def _repetition(asked: Asked) -> Repetition | None:
    first_on, starts = _date(asked, "first_on"), _time(asked)
    minutes, every = _number(asked, "minutes"), _number(asked, "every", 1)
    until_on = times = None
    if asked.text("ends", "times") == "until":
        until_on = _date(asked, "until_on")
    else:
        times = _number(asked, "times")
    if asked.faults.keys() - {"room_id"} or first_on is None or starts is None or not minutes or not every:
        return None
    rhythm = asked.text("rhythm", Rhythm.WEEKLY.value)
    by = asked.text("monthly", Monthly.DAY.value)
    return Repetition(
        Rhythm(rhythm) if rhythm in set(Rhythm) else Rhythm.WEEKLY,
        every,
        first_on,
        starts,
        minutes,
        until_on=until_on,
        times=times,
        weekdays=asked.weekdays if rhythm == Rhythm.WEEKLY else (),
        monthly=Monthly(by) if by in set(Monthly) else Monthly.DAY,
    )


def _date(asked: Asked, name: str) -> date | None:
    try:
        day = read_day(name, asked.text(name))
    except BadParameter as error:
        asked.faults[name] = str(error.message)
        return None
    if day is None:
        asked.faults[name] = _("Give a date.")
    return day


def _time(asked: Asked) -> time | None:
    try:
        return time.fromisoformat(asked.text("starts")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        asked.faults["starts"] = _("Give a time such as 09:00.")
        return None


def _number(asked: Asked, name: str, standing: int = 0) -> int:
    text = asked.text(name)
    if not text and standing:
        return standing
    is_short = len(text) <= _LONGEST_NUMBER
    if is_short and text.isascii() and text.isdecimal() and 0 < int(text) < 100_000:
        return int(text)
    asked.faults[name] = _("Give a whole number.")
    return 0


def _read_client(asked: Asked) -> None:
    """Read the client's facts as the form of a booking reads them."""
    for name in CLIENT:
        field, text = bookings.field(name), asked.text(name)
        if name in _NEEDED and not text:
            asked.faults[name] = _("This field is needed.")
        if field is None or not text:
            continue
        try:
            asked.facts[name] = parse(field, text)
        except Unreadable as error:
            asked.faults[name] = str(error)
    package = parse_id(asked.text("package_id"))
    if package is not None:
        asked.facts["package_id"] = package


def read_change(sent: Mapping[str, str]) -> tuple[dict[str, str], Asked]:
    """Read what is to be different of days of a series; what is empty stays as it is."""
    texts = {name: value.strip() for name, value in sent.items()}
    asked = Asked(texts, ())
    if texts.get("starts"):
        _time(asked)
    if texts.get("minutes"):
        _number(asked, "minutes")
    days_on = texts.get("days_on", "")
    is_number = re.fullmatch(r"-?[0-9]{1,3}", days_on) is not None
    if days_on and not (is_number and abs(int(days_on)) <= MOST_DAYS_ON):
        asked.faults["days_on"] = _("Give a whole number.")
    return texts, asked
