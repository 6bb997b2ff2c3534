"""What would become of each day of a series, by the rules that every booking is asked by (rules 22 and 23).

The calendars are read once, however many days there are. Then the days are tried in the order in which they would
be booked or moved: what one of them takes is taken for the next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domains.bookings.models import Booking, BookingStatus, Outcome
from app.domains.bookings.queries.availability import (
    Calendar,
    Finding,
    Rule,
    Taken,
    blocked_by,
    broken,
    facts,
)
from app.domains.bookings.queries.calendars import calendars
from app.domains.bookings.queries.repeating import Day, Lack
from app.domains.venues.queries import Closed, RoomRules
from app.kernel.ids import new_id
from app.kernel.values import Period

_LONGEST = timedelta(days=33)  # a month, the longest booking, with its buffers
_SHUT = frozenset({Rule.HOURS, Rule.CLOSURE})
_NEVER = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of a day: BOOKED where it can be, else what stands against it, and what could be instead.

    `other_rooms` are free at that very time; `nearest` is the free time of that day in the room that is closest.
    """

    day: Day
    outcome: Outcome
    against: tuple[Finding, ...] = ()
    other_rooms: tuple[RoomRules, ...] = ()
    nearest: Period | None = None

    @property
    def is_free(self) -> bool:
        """Tell whether it can be booked."""
        return self.outcome is Outcome.BOOKED

    @property
    def facts(self) -> list[dict[str, Any]]:
        """Give what stands against it as an occurrence keeps it."""
        if self.day.lack is not None:
            return [{"rule": self.day.lack.value}]
        return [facts(finding) for finding in self.against]


def read_rooms(
    connection: Connection, rooms: Sequence[UUID], days: Sequence[Day], now: datetime
) -> dict[UUID, Calendar]:
    """Read the calendars of rooms over all days of a series: two statements."""
    wishes = [day.wish for day in days if day.wish is not None]
    first = min((wish.starts_at.date() for wish in wishes), default=days[0].falls_on)
    last = max((wish.ends_at.date() for wish in wishes), default=days[-1].falls_on)
    day = timedelta(days=1)
    found = calendars(connection, rooms, first - day, last + day, now)
    return {calendar.rules.id: calendar for calendar in found}


def foresee(
    known: Mapping[UUID, Calendar],
    room_id: UUID,
    days: Sequence[Day],
    now: datetime,
    *,
    standing: Sequence[Booking | None] = (),
    overruled: Collection[Rule] = (),
    guests: int | None = None,
    barred: Collection[date] = (),
) -> list[Foreseen]:
    """Tell what would become of each day in a room; the other rooms that are known are looked at instead of it.

    `standing` are the bookings that stand for the days now and would be moved, in the same order. What is against
    the days `barred` is no rule of the room's: they stay where they are, whatever is free.
    """
    trial = _Trial(known[room_id], set(overruled))
    others = [one for key, one in known.items() if key != room_id and (guests or 0) <= one.rules.capacity]
    moved = [*standing, *[None] * (len(days) - len(standing))]
    tried = []
    for day, before in zip(days, moved, strict=True):
        is_barred = day.falls_on in barred
        one = trial.attempt(day, now, before, is_barred=is_barred)
        tried.append(one if is_barred else trial.instead(one, others, now))
    return tried


def outcome_of(findings: Sequence[Finding]) -> Outcome:
    """Put what stands against a wish into one word: closed goes before taken, and both before all else."""
    rules = {finding.rule for finding in findings}
    if not rules:
        return Outcome.BOOKED
    if rules & _SHUT:
        return Outcome.CLOSED
    return Outcome.TAKEN if Rule.FREE in rules else Outcome.REFUSED


def findings_of(kept: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Read what stood against a day back from what its occurrence keeps; a lack is no finding."""
    return [
        Finding(
            Rule(fact["rule"]), False, tuple(_against(Rule(fact["rule"]), one) for one in fact["against"])
        )
        for fact in kept
        if "against" in fact
    ]


def lack_of(kept: Sequence[Mapping[str, Any]]) -> Lack | None:
    """Read why a day had no instant, where it had none."""
    lacks = {lack.value: lack for lack in Lack}
    return next((lacks[fact["rule"]] for fact in kept if fact["rule"] in lacks), None)


def _against(rule: Rule, one: Mapping[str, str]) -> Period | Closed | Taken:
    period = Period(*(datetime.fromisoformat(one[name]) for name in ("starts_at", "ends_at")))
    if rule is Rule.CLOSURE:
        return Closed(period, one.get("reason", ""), is_whole_venue=False)
    return Taken(period, period, _NEVER) if rule is Rule.FREE else period


class _Trial:
    """A room whose days are tried one after the other."""

    def __init__(self, calendar: Calendar, overruled: set[Rule]) -> None:
        self.rules = calendar.rules
        self.overruled = overruled
        self.taken = list(calendar.taken)

    def attempt(
        self, day: Day, now: datetime, before: Booking | None = None, *, is_barred: bool = False
    ) -> Foreseen:
        """Try a day; where it can be, its time is taken from now on, and that of the booking before it is not."""
        if day.wish is None:
            return Foreseen(day, Outcome.REFUSED)
        left = [one for one in self.taken if before is not None and one.booking_id == before.id]
        for one in left:
            self.taken.remove(one)
        found = [f for f in self.around(day.wish).judge(day.wish, now) if f.rule not in self.overruled]
        against = tuple(broken(found))
        if against or is_barred:
            self._take(*left)
        elif not (self.rules.competes and (before is None or before.status == BookingStatus.PENDING)):
            self._take(Taken(blocked_by(day.wish, self.rules), day.wish, new_id()))
        is_refused = is_barred and not against
        return Foreseen(day, Outcome.REFUSED if is_refused else outcome_of(against), against)

    def instead(self, one: Foreseen, others: Sequence[Calendar], now: datetime) -> Foreseen:
        """Add what could be instead of a day that cannot."""
        if one.is_free or one.day.lack is Lack.NO_SUCH_DAY:
            return one
        wish = one.day.wish
        free = (
            []
            if wish is None
            else [other.rules for other in others if _narrow(other, wish).is_free(wish, now)]
        )
        return Foreseen(one.day, one.outcome, one.against, tuple(free), self._nearest(one.day, now))

    def around(self, wish: Period) -> Calendar:
        """Give the calendar of the local day on which a wish begins: quick, however long the series is."""
        there = wish.starts_at.astimezone(ZoneInfo(self.rules.zone)).date()
        return Calendar(self.rules, _near(self.taken, wish), there, there)

    def _nearest(self, day: Day, now: datetime) -> Period | None:
        if day.wish is None:
            return None
        slots = self.around(day.wish).slots(day.wish.minutes, now)
        aim = day.wish.starts_at
        return min((slot.period for slot in slots), key=lambda one: abs(one.starts_at - aim), default=None)

    def _take(self, *more: Taken) -> None:
        self.taken = sorted([*self.taken, *more], key=_begins)


def _narrow(calendar: Calendar, wish: Period) -> Calendar:
    there = wish.starts_at.astimezone(ZoneInfo(calendar.rules.zone)).date()
    return Calendar(calendar.rules, _near(calendar.taken, wish), there, there)


def _near(taken: Sequence[Taken], wish: Period) -> list[Taken]:
    """Keep what may meet anything that begins on the days around a wish."""
    after, before = wish.ends_at + _LONGEST, wish.starts_at - 2 * _LONGEST
    begin = bisect_left(taken, before.astimezone(UTC), key=_begins)
    end = bisect_left(taken, after.astimezone(UTC), key=_begins)
    return list(taken[begin:end])


def _begins(one: Taken) -> datetime:
    return one.blocked.starts_at
