"""What is sought: a day, how long, for how many, and in which venue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from app.domains.bookings.api.times import MOST_MINUTES
from app.kernel.errors import BadParameter
from app.web.timeline.asked import read_day

SPANS = (1, 3, 7)
"""So many days are looked through at once."""
LENGTHS = (60, 90, 120, 180, 240, 300, 360, 480, 600, 720)
"""The lengths that are offered, in minutes; the address may ask for any other."""
FARTHEST = 1_200
"""So many days ahead are looked at."""
MOST_GUESTS = 100_000


@dataclass(frozen=True, slots=True)
class Sought:
    """`minutes` is 0 for as short as a room can be booked, `guests` 0 for any number, `venue` a slug or empty."""

    day: date
    days: int = 1
    minutes: int = 0
    guests: int = 0
    venue: str = ""

    @property
    def last(self) -> date:
        """Give the last day that is looked through."""
        return self.day + timedelta(days=self.days - 1)


def read_sought(args: Mapping[str, str], today: date, venues: Collection[str]) -> Sought:
    """Read what the address asks for, of the `venues` that there are. Raises BadParameter."""
    if args.get("venue", "") not in ("", *venues):
        raise BadParameter("venue", _("There is no such venue. Choose one from the list."))
    day = read_day("date", args.get("date", "")) or today
    if not today <= day <= today + timedelta(days=FARTHEST):
        last = today + timedelta(days=FARTHEST)
        raise BadParameter("date", _("Choose a day from %(first)s to %(last)s.", first=today, last=last))
    days = _whole("days", args, SPANS[0], SPANS[-1]) or SPANS[0]
    minutes = _whole("minutes", args, 5, MOST_MINUTES)
    return Sought(day, days, minutes, _whole("guests", args, 1, MOST_GUESTS), args.get("venue", ""))


def _whole(name: str, args: Mapping[str, str], least: int, most: int) -> int:
    text = args.get(name, "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise BadParameter(name, _("Give a whole number from %(least)s to %(most)s.", least=least, most=most))
    return int(text)
