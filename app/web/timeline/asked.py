"""What the address of the calendar asks for, and which instants the times on it mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.domains.venues.queries import SeenRoom
from app.kernel.errors import BadParameter, Invalid
from app.kernel.zones import instants, is_zone
from app.resources.kinds import YEARS

VIEWS = ("rooms-day", "rooms-week", "day", "week", "month", "list")
MOST_DAYS = 50
"""A month's page of six weeks is the longest that is shown."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """The state of the screen: `view` is empty where the width of the screen decides, `venues` where all are shown."""

    view: str
    day: date
    venues: tuple[str, ...]
    zone: str

    def chosen(self, rooms: Sequence[SeenRoom]) -> list[SeenRoom]:
        """List the rooms of the venues that are shown."""
        return [room for room in rooms if not self.venues or room.venue_slug in self.venues]

    def shown_zone(self, rooms: Iterable[SeenRoom]) -> str:
        """Give the one zone in which times are shown: the one asked for, else the venues' own, else the first's."""
        return self.zone or next((room.zone for room in rooms), "UTC")


def read_asked(args: Mapping[str, str], today: date) -> Asked:
    """Read view, date, venues and zone. Raises BadParameter."""
    view = args.get("view", "")
    if view and view not in VIEWS:
        raise BadParameter("view", _("Choose one of: %(options)s.", options=", ".join(VIEWS)))
    slugs = tuple(slug for slug in args.get("venues", "").split(",")[:100] if slug)
    return Asked(
        view, read_day("date", args.get("date", "")) or today, slugs, read_zone(args.get("zone", ""))
    )


def read_zone(name: str) -> str:
    """Read the name of a zone; nothing where none is given. Raises BadParameter."""
    if name and not is_zone(name):
        raise BadParameter("zone", _("Give a time zone such as Europe/Lisbon."))
    return name


def read_day(name: str, text: str) -> date | None:
    """Read a date; None where none is given. Raises BadParameter."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadParameter(name, _("Give a date such as 2027-05-24.")) from None
    if day.year not in YEARS:
        raise BadParameter(name, _("The date is too far away."))
    return day


def read_days(args: Mapping[str, str], today: date) -> tuple[date, date]:
    """Read the first day and the one behind the last. Raises BadParameter."""
    first = read_day("from", args.get("from", "")) or today
    last = read_day("to", args.get("to", "")) or first + 7 * _ONE_DAY
    if last <= first:
        raise BadParameter("to", _("The last day cannot come before the first."))
    if (last - first).days > MOST_DAYS:
        raise BadParameter("to", _("Choose at most %(limit)s days.", limit=MOST_DAYS))
    return first, last


def midnight(day: date, zone: str) -> datetime:
    """Give the instant at which a day begins in a zone."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def instant_of(name: str, text: str, zone: str, fold: str = "", standing: datetime | None = None) -> datetime:
    """Read an instant: with an offset as it is, without one as the clocks of a zone show it (rule 10).

    A time that comes twice is the `standing` one where that is shown so, else `fold` says which: 0 or 1.
    Raises Invalid where it is none, where the clocks jump over it, and where it is not said which is meant.
    """
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid({name: [_("Give a date and a time.")]}) from None
    if told.year not in YEARS:
        raise Invalid({name: [_("The date is too far away.")]})
    if told.tzinfo is not None:
        return told.astimezone(UTC)
    meant = instants(told.date(), told.time(), zone)
    if not meant:
        raise Invalid({name: [_("The clocks jump over this time that night. Choose another.")]})
    if standing in meant:
        return standing
    if len(meant) > 1 and fold not in ("0", "1"):
        raise Invalid({"fold": [_("This time comes twice that night, as the clocks go back. Say which.")]})
    return meant[int(fold or 0) if len(meant) > 1 else 0]


def key_of(name: str, told: object) -> UUID:
    """Read a key. Raises Invalid."""
    try:
        return UUID(str(told))
    except ValueError:
        raise Invalid({name: [_("Choose one from the list.")]}) from None
