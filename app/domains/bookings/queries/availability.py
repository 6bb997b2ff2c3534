"""What is free in a room, and why: one list of rules, asked by search, by explanation and by every booking (rule 23).

Most rules are times that a wish may not meet: barriers. A wish is judged by those that it meets; search walks once
along the starts and the barriers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domains.venues.queries import Closed, Opening, RoomRules, gaps, instant
from app.kernel.values import Period

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_EVER = Period(datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))


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


@dataclass(frozen=True, slots=True)
class Barrier:
    """A time that no wish may meet, or in which none may begin; with what stands there."""

    rule: Rule
    period: Period
    what: Closed | Taken | None = None
    stops_starts_alone: bool = False

    def stops(self, wish: Period) -> bool:
        """Tell whether a wish comes up against it."""
        if self.stops_starts_alone:
            return self.period.starts_at <= wish.starts_at < self.period.ends_at
        return self.period.meets(wish)

    def starts_stopped(self, length: timedelta) -> tuple[datetime, datetime]:
        """Give the half-open time in which nothing of a length may begin."""
        if self.stops_starts_alone:
            return self.period.starts_at, self.period.ends_at
        return self.period.starts_at - length + timedelta.resolution, self.period.ends_at

    def against(self, wish: Period) -> tuple[Period | Closed | Taken, ...]:
        """Tell what a wish meets there; of closed hours the part that it would need."""
        if self.what is not None:
            return (self.what,)
        return () if self.stops_starts_alone else (self.period.within(wish),)


@dataclass(slots=True)
class Calendar:
    """A room with its rules, its openings and what is taken, over some local days."""

    rules: RoomRules
    taken: Sequence[Taken]
    first: date
    last: date
    openings: list[Opening] = field(init=False)
    _closed_hours: list[Barrier] = field(init=False)
    _asked_first: list[Period] = field(init=False)

    def __post_init__(self) -> None:
        self.taken = sorted(self.taken, key=lambda one: (one.blocked.starts_at, one.claim_id))
        spill = self.rules.longest // 1440 + 2  # what begins on the last day may last so many days more
        self.openings = self.rules.openings(self.first - _DAY, self.last + timedelta(days=spill))
        self._closed_hours = [Barrier(Rule.HOURS, period) for period in gaps(_EVER, self.openings)]
        self._asked_first = [opening.period for opening in self.openings if opening.by_request]

    def judge(self, wish: Period, now: datetime) -> list[Finding]:
        """Judge a wish by every rule, in the order in which they are told."""
        met = [barrier for barrier in self.barriers(now, wish) if barrier.stops(wish)]
        kept = {
            Rule.OFFERED: self.rules.is_active,
            Rule.LENGTH: self.offers(wish.ends_at - wish.starts_at),
            Rule.START: self._is_start(wish.starts_at),
        }
        return [Finding(rule, kept[rule]) if rule in kept else _finding(rule, wish, met) for rule in Rule]

    def is_free(self, wish: Period, now: datetime) -> bool:
        """Tell whether a wish keeps to every rule."""
        return not broken(self.judge(wish, now))

    def barriers(self, now: datetime, around: Period = _EVER) -> list[Barrier]:
        """List what may not be met: too soon, too far ahead, closed hours, closures, and what is taken around a time."""
        rules, kept_free = self.rules, blocked_by(around, self.rules)
        there = ZoneInfo(rules.zone)
        beyond = now.astimezone(there).date() + timedelta(days=rules.advance_days + 1)
        soonest, latest = now + rules.notice * _MINUTE, instant(beyond, time(0), there)
        return [
            Barrier(Rule.NOTICE, Period(_EVER.starts_at, soonest), stops_starts_alone=True),
            Barrier(Rule.ADVANCE, Period(latest, _EVER.ends_at), stops_starts_alone=True),
            *self._closed_hours,
            *(Barrier(Rule.CLOSURE, one.period, one) for one in rules.closures),
            *(
                Barrier(Rule.FREE, one.blocked.widened(rules.buffer_after, rules.buffer_before), one)
                for one in self.taken
                if one.blocked.meets(kept_free) and one.counts_at(now)
            ),
        ]

    def offers(self, length: timedelta) -> bool:
        """Tell whether the room takes bookings of a length."""
        rules = self.rules
        fits = rules.shortest * _MINUTE <= length <= rules.longest * _MINUTE
        return fits and not length % (rules.step * _MINUTE)

    def needs_request(self, wish: Period) -> bool:
        """Tell whether a part of the wish lies where staff are asked first."""
        return any(period.meets(wish) for period in self._asked_first)

    def starts(self) -> list[datetime]:
        """Give the instants on which a booking may begin on the days, in order and each once."""
        there, step = ZoneInfo(self.rules.zone), self.rules.step * _MINUTE
        first, end = (instant(day, time(0), there) for day in (self.first, self.last + _DAY))
        found: set[datetime] = set()
        for opening in self.openings:
            at, until = opening.period.starts_at, min(opening.period.ends_at, end)
            while at < until:
                if at >= first:
                    found.add(at)
                at += step
        return sorted(found)

    def slots(self, minutes: int, now: datetime) -> list[Slot]:
        """List the times of a length that can be booked on the days."""
        length = timedelta(minutes=minutes)
        if not self.rules.is_active or not self.offers(length):
            return []
        stopped = sorted(barrier.starts_stopped(length) for barrier in self.barriers(now))
        free = (Period(at, at + length) for at in _outside(self.starts(), stopped))
        return [Slot(period, self.needs_request(period)) for period in free]

    def _is_start(self, at: datetime) -> bool:
        """Tell whether a booking may begin at an instant: some steps after an opening's begin."""
        step = self.rules.step * _MINUTE
        periods = (opening.period for opening in self.openings)
        begins = (period.starts_at for period in periods if period.starts_at <= at < period.ends_at)
        return any(not (at - begin) % step for begin in begins)


def _finding(rule: Rule, wish: Period, met: Iterable[Barrier]) -> Finding:
    """Say how a rule of barriers judges a wish."""
    its = [barrier for barrier in met if barrier.rule is rule]
    return Finding(rule, not its, tuple(what for barrier in its for what in barrier.against(wish)))


def _outside(starts: Iterable[datetime], stopped: Sequence[tuple[datetime, datetime]]) -> Iterator[datetime]:
    """Give the starts that lie in none of the times; both come in the order of time."""
    passed, reach = 0, _EVER.starts_at
    for at in starts:
        while passed < len(stopped) and stopped[passed][0] <= at:
            reach = max(reach, stopped[passed][1])
            passed += 1
        if at >= reach:
            yield at


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
