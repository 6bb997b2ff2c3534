"""What is sought: a day, between which hours, how long, for how many, and in which venue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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
    """`minutes` is 0 for as short as a room can be booked, `guests` 0 for any number, `venue` a slug or empty.

    `after` and `before` are hours by the venue's clocks, between which the whole time lies; a `before` that is not
    later than `after` is one of the next day.
    """

    day: date
    days: int = 1
    minutes: int = 0
    guests: int = 0
    venue: str = ""
    after: time | None = None
    before: time | None = None

    @property
    def last(self) -> date:
        """Give the last day that is looked through."""
        return self.day + timedelta(days=self.days - 1)

    def suits(self, starts: datetime, ends: datetime) -> bool:
        """Tell whether a time, by the clocks of its venue, lies between the hours that are asked for."""
        if self.after is not None and starts.time() < self.after:
            return False
        if self.before is None:
            return True
        is_next = self.before <= (self.after or time.min)
        last = datetime.combine(starts.date() + timedelta(days=is_next), self.before)
        return ends.replace(tzinfo=None) <= last


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
    guests = _whole("guests", args, 1, MOST_GUESTS)
    hours = _hour("after", args), _hour("before", args)
    return Sought(day, days, minutes, guests, args.get("venue", ""), *hours)


def _hour(name: str, args: Mapping[str, str]) -> time | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise BadParameter(name, _("Give a time such as 09:00.")) from None


def _whole(name: str, args: Mapping[str, str], least: int, most: int) -> int:
    text = args.get(name, "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise BadParameter(name, _("Give a whole number from %(least)s to %(most)s.", least=least, most=most))
    return int(text)
