"""What is free in a room, and why: one list of rules, asked by search, by explanation and by every booking (rule 23)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domains.venues.queries import Closed, Opening, RoomRules, gaps
from app.kernel.values import Period

_MINUTE = timedelta(minutes=1)


class Rule(StrEnum):
    """What a wish for a time in a room has to keep to, in the order in which it is told."""

    OFFERED = "offered"
    NOTICE = "notice"
    ADVANCE = "advance"
    LENGTH = "length"
    HOURS = "hours"
    START = "start"
    CLOSURE = "closure"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Taken:
    """A time that a claim keeps, with its buffers: a booking's, or a hold's, which keeps it until `until`."""

    blocked: Period
    shown: Period
    claim_id: UUID
    booking_id: UUID | None = None
    until: datetime | None = None

    def counts_at(self, now: datetime) -> bool:
        """Tell whether it keeps the time still: the clock says so, not a job that has or has not run."""
        return self.until is None or self.until > now


@dataclass(frozen=True, slots=True)
class Finding:
    """How a rule judges a wish: whether it is kept, and what stands against it."""

    rule: Rule
    is_kept: bool
    against: tuple[Period | Closed | Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that is offered; `by_request` ones are confirmed by staff."""

    period: Period
    by_request: bool


@dataclass(slots=True)
class Calendar:
    """A room with its rules, its openings and what is taken, over some local days."""

    rules: RoomRules
    taken: Sequence[Taken]
    first: date
    last: date
    openings: list[Opening] = field(init=False)
    _starts: list[datetime] = field(init=False)

    def __post_init__(self) -> None:
        self.taken = sorted(self.taken, key=lambda one: (one.blocked.starts_at, one.claim_id))
        day = timedelta(days=1)
        self.openings = self.rules.openings(self.first - day, self.last + timedelta(days=self._spill()))
        self._starts = [opening.period.starts_at for opening in self.openings]

    def _spill(self) -> int:
        """Give the days after the last into which what begins on it may last."""
        return self.rules.longest // 1440 + 2

    def judge(self, wish: Period, now: datetime) -> list[Finding]:
        """Judge a wish by every rule, in the order in which they are told."""
        return [check(self, wish, now) for check in _CHECKS]

    def is_free(self, wish: Period, now: datetime) -> bool:
        """Tell whether a wish keeps to every rule: the same ones, up to the first that it breaks."""
        return all(check(self, wish, now).is_kept for check in _CHECKS)

    def offers(self, minutes: int) -> bool:
        """Tell whether the room takes bookings of a length."""
        rules = self.rules
        return rules.shortest <= minutes <= rules.longest and not minutes % rules.step

    def needs_request(self, wish: Period) -> bool:
        """Tell whether a part of the wish lies where staff are asked first."""
        return any(opening.by_request and opening.period.meets(wish) for opening in self.openings)

    def starts(self) -> Iterator[datetime]:
        """Give the instants on which a booking may begin on the days, in order and each once."""
        there, step = ZoneInfo(self.rules.zone), timedelta(minutes=self.rules.step)
        found: set[datetime] = set()
        for opening in self.openings:
            at = opening.period.starts_at
            while at < opening.period.ends_at:
                if self.first <= at.astimezone(there).date() <= self.last:
                    found.add(at)
                at += step
        return iter(sorted(found))

    def slots(self, minutes: int, now: datetime) -> list[Slot]:
        """List the times of a length that can be booked on the days."""
        length = timedelta(minutes=minutes)
        wishes = (Period(at, at + length) for at in self.starts())
        return [Slot(wish, self.needs_request(wish)) for wish in wishes if self.is_free(wish, now)]

    def near(self, wish: Period) -> list[Opening]:
        """List the openings that may hold a part of the wish."""
        after = bisect_right(self._starts, wish.ends_at)
        return [opening for opening in self.openings[:after] if opening.period.ends_at > wish.starts_at]


def _offered(calendar: Calendar, _wish: Period, _now: datetime) -> Finding:
    return Finding(Rule.OFFERED, calendar.rules.is_active)


def _notice(calendar: Calendar, wish: Period, now: datetime) -> Finding:
    return Finding(Rule.NOTICE, wish.starts_at >= now + calendar.rules.notice * _MINUTE)


def _advance(calendar: Calendar, wish: Period, now: datetime) -> Finding:
    there = ZoneInfo(calendar.rules.zone)
    last = now.astimezone(there).date() + timedelta(days=calendar.rules.advance_days)
    return Finding(Rule.ADVANCE, wish.starts_at.astimezone(there).date() <= last)


def _length(calendar: Calendar, wish: Period, _now: datetime) -> Finding:
    rules, length = calendar.rules, wish.ends_at - wish.starts_at
    is_kept = rules.shortest * _MINUTE <= length <= rules.longest * _MINUTE and not length % (
        rules.step * _MINUTE
    )
    return Finding(Rule.LENGTH, is_kept)


def _hours(calendar: Calendar, wish: Period, _now: datetime) -> Finding:
    closed = gaps(wish, calendar.near(wish))
    return Finding(Rule.HOURS, not closed, tuple(closed))


def _start(calendar: Calendar, wish: Period, _now: datetime) -> Finding:
    step = calendar.rules.step * _MINUTE
    begins = (
        opening.period.starts_at
        for opening in calendar.near(wish)
        if opening.period.starts_at <= wish.starts_at < opening.period.ends_at
    )
    return Finding(Rule.START, any(not (wish.starts_at - begin) % step for begin in begins))


def _closure(calendar: Calendar, wish: Period, _now: datetime) -> Finding:
    against = tuple(one for one in calendar.rules.closures if one.period.meets(wish))
    return Finding(Rule.CLOSURE, not against, against)


def _free(calendar: Calendar, wish: Period, now: datetime) -> Finding:
    blocked = blocked_by(wish, calendar.rules)
    against = tuple(one for one in calendar.taken if one.blocked.meets(blocked) and one.counts_at(now))
    return Finding(Rule.FREE, not against, against)


_CHECKS: tuple[Callable[[Calendar, Period, datetime], Finding], ...] = (
    _offered,
    _notice,
    _advance,
    _length,
    _hours,
    _start,
    _closure,
    _free,
)


def blocked_by(wish: Period, rules: RoomRules) -> Period:
    """Give the time that a booking keeps: what is shown, and the room's buffers around it (rule 8)."""
    return wish.widened(rules.buffer_before, rules.buffer_after)


def broken(findings: Sequence[Finding]) -> list[Finding]:
    """List the findings that stand against a wish."""
    return [finding for finding in findings if not finding.is_kept]


def facts(finding: Finding) -> dict[str, Any]:
    """Give a finding for a machine: its rule, whether it is kept, and the times that stand against it."""
    return {
        "rule": finding.rule.value,
        "is_kept": finding.is_kept,
        "against": [_times(one) for one in finding.against],
    }


def _times(one: Period | Closed | Taken) -> dict[str, str]:
    period = one if isinstance(one, Period) else one.shown if isinstance(one, Taken) else one.period
    told = {"starts_at": period.starts_at.isoformat(), "ends_at": period.ends_at.isoformat()}
    return told | ({"reason": one.reason} if isinstance(one, Closed) else {})
