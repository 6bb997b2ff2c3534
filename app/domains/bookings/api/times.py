"""Times as they are written from outside: an instant with its offset, or what the venue's clocks show (rule 10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.domains.venues.queries import instant
from app.kernel.errors import DomainError, Invalid
from app.kernel.values import Period
from app.kernel.zones import instants

WRITTEN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?$"
MOST_MINUTES = 31 * 24 * 60
VENUE = "venue"
_EARLIEST, _LATEST = 2000, 2200
_FORM = re.compile(WRITTEN)

Refuse = Callable[[str, Any], DomainError]


def by_field(name: str, sentence: Any) -> DomainError:
    """Refuse a value of a body."""
    return Invalid({name: [sentence]})


def read_period(given: Mapping[str, Any], zone: str, refuse: Refuse) -> Period:
    """Read `starts_at` and `ends_at`; `zone` is the venue's. Raises what `refuse` makes of a field and a sentence."""
    of_venue = given.get("zone") == VENUE
    starts_at, ends_at = (
        _read(name, given[name], zone, refuse, of_venue) for name in ("starts_at", "ends_at")
    )
    if ends_at <= starts_at:
        raise refuse("ends_at", _("The end comes after the start."))
    if starts_at.second or ends_at.second or starts_at.microsecond or ends_at.microsecond:
        raise refuse("ends_at", _("Give times to the minute."))
    period = Period(starts_at, ends_at)
    if period.minutes > MOST_MINUTES:
        raise refuse("ends_at", _("Nothing is booked for longer than a month."))
    return period


def _read(
    name: str, text: str, zone: str, refuse: Refuse, of_venue: bool
) -> datetime:  # not a choice of the caller's
    try:
        found = datetime.fromisoformat(text) if _FORM.match(text) else None
    except ValueError:
        found = None
    if found is None or not _EARLIEST < found.year < _LATEST:
        raise refuse(name, _("Give a time such as 2027-05-22T18:00+02:00 or 2027-05-22T16:00Z."))
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    if not of_venue:
        raise refuse(name, _("Say by which clocks: add an offset such as +02:00, or “zone”: “venue”."))
    return _by_the_wall(name, found, zone, refuse)


def _by_the_wall(name: str, wall: datetime, zone: str, refuse: Refuse) -> datetime:
    meant = instants(wall.date(), wall.time(), zone)
    if len(meant) == 1:
        return meant[0]
    there = ZoneInfo(zone)
    if not meant:
        next_one = instant(wall.date(), wall.time(), there).astimezone(there)
        sentence = _(
            "The clocks there jump over this time; the next that they show is %(next)s.",
            next=_plain(next_one),
        )
        raise refuse(name, sentence)
    first, second = (at.astimezone(there).isoformat(timespec="minutes") for at in meant)
    raise refuse(
        name,
        _("This time comes twice that night: write %(first)s or %(second)s.", first=first, second=second),
    )


def _plain(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="minutes")
