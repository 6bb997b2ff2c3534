"""What would have become of bookings under other rules: facts in, result out; it reads nothing and writes nothing.

The rules are the ones that every booking is judged by (`Calendar.judge`, `quote`, `refund`). Every request is judged
anew at the moment at which it was made, against those before it that would stand. What stood although today's rules
refuse it counts as standing: it was made under older rules, or staff overruled them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domains.bookings.models import BookingStatus
from app.domains.bookings.queries.availability import Calendar, Finding, Rule, Taken, broken
from app.domains.venues.queries import PolicyStep, RoomRules, quote, refund
from app.kernel.values import Money, Period

COUNTED = frozenset({BookingStatus.CONFIRMED, BookingStatus.COMPLETED})
"""What counts as booked and earned, as in the reports."""

STANDING = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})
_AT_CONFIRMATION = frozenset({Rule.CLOSURE, Rule.FREE})
"""What is asked once more when a request that competes with others is confirmed (rule 3)."""

_ASKED, _CONFIRMED, _TURNED_AWAY = range(3)
"""What happens to a request, in the order in which it does where all of it is in one instant."""


class Verdict(StrEnum):
    """What other rules make of a request, next to what became of it."""

    KEPT = "kept"
    REFUSED = "refused"
    POSSIBLE = "possible"
    ALREADY = "already"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Request:
    """A booking as it was asked for: when, for what, what was promised, and until when it kept others out.

    `total` is its whole price, of which `time_minor` is for the time in the room.
    """

    id: UUID
    reference: str
    client_name: str
    room_id: UUID
    period: Period
    blocked: Period
    asked_at: datetime
    status: BookingStatus
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    total: Money | None = None
    time_minor: int | None = None
    policy: tuple[PolicyStep, ...] = ()
    follows_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A request and what the tried rules make of it; `against` are the rules that refuse it."""

    request: Request
    verdict: Verdict
    against: tuple[Finding, ...] = ()
    price_before: Money | None = None
    price_after: Money | None = None
    back_before: Money | None = None
    back_after: Money | None = None

    @property
    def counts(self) -> bool:
        """Tell whether it was booked and earned something."""
        return self.request.status in COUNTED


@dataclass(slots=True)
class Sums:
    """How much of something there is; money by currency, in its smallest unit."""

    bookings: int = 0
    minutes: int = 0
    open_minutes: int = 0
    revenue: Counter[str] = field(default_factory=Counter)
    paid_back: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.bookings + other.bookings,
            self.minutes + other.minutes,
            self.open_minutes + other.open_minutes,
            _joined(self.revenue, other.revenue),
            _joined(self.paid_back, other.paid_back),
        )

    @property
    def occupancy(self) -> float | None:
        """Give the booked part of the open time; None where there is none."""
        return self.minutes / self.open_minutes if self.open_minutes else None


@dataclass(frozen=True, slots=True)
class Past:
    """A room's requests of a time that is over, judged anew, and what they come to before and after."""

    judged: tuple[Judged, ...]
    before: Sums
    after: Sums


def replay(today: RoomRules, tried: RoomRules, requests: Sequence[Request], window: Period) -> Past:
    """Judge a room's requests in the order in which they were made, under today's rules and under the tried ones.

    One that was rejected because the time was taken is newly possible where it would have been free then; it does
    not stand against later ones, for nobody knows whether it would have stayed.
    """
    before = _Run(today, requests, today).go()
    after = _Run(tried, requests, today, frozenset(key for key, found in before.items() if found)).go()
    judged = tuple(
        _judge(today, tried, one, before.get(one.id, ()), after.get(one.id, ())) for one in requests
    )
    return Past(judged, _sums(judged, today, window, tried=False), _sums(judged, tried, window, tried=True))


@dataclass(slots=True)
class _Run:
    """One way through the requests; `standing` are those that stand whatever the rules say."""

    rules: RoomRules
    requests: Sequence[Request]
    today: RoomRules
    standing: Collection[UUID] | None = None
    found: dict[UUID, tuple[Finding, ...]] = field(default_factory=dict)

    def go(self) -> dict[UUID, tuple[Finding, ...]]:
        """Give the rules that refuse each request, by its key."""
        if not self.requests:
            return {}
        there = ZoneInfo(self.rules.zone)
        days = [one.period.starts_at.astimezone(there).date() for one in self.requests]
        calendar = Calendar(self.rules, (), min(days), max(days))
        for at, step, request in sorted(self._moments(), key=lambda one: (one[0], one[1], one[2].id)):
            self._live(calendar, at, step, request)
        return self.found

    def _moments(self) -> Iterator[tuple[datetime, int, Request]]:
        for one in self.requests:
            yield one.asked_at, _ASKED, one
            if self.rules.competes and one.confirmed_at is not None:
                yield one.confirmed_at, _CONFIRMED, one
            if one.status is BookingStatus.REJECTED and one.ended_at is not None:
                yield one.ended_at, _TURNED_AWAY, one

    def _live(self, calendar: Calendar, at: datetime, step: int, request: Request) -> None:
        others = [one for one in calendar.taken if one.booking_id not in (request.id, request.follows_id)]
        mine, calendar.taken = calendar.taken, others
        against = broken(calendar.judge(request.period, at))
        calendar.taken = mine
        if step != _ASKED:
            against = [finding for finding in against if finding.rule in _AT_CONFIRMATION]
        if against and request.id not in self.found:
            self.found[request.id] = tuple(against)
        is_refused = self.standing is not None and request.id in self.found
        stands = not is_refused or request.id in (self.standing or ())
        if stands and step == (_CONFIRMED if self.rules.competes else _ASKED):
            blocked = stood_blocked(request, self.today, self.rules)
            calendar.taken = [
                *calendar.taken,
                Taken(blocked, request.period, request.id, request.id, request.ended_at),
            ]


def stood_blocked(request: Request, today: RoomRules, tried: RoomRules) -> Period:
    """Give what a booking keeps: as it does today, unless other buffers are tried."""
    if (today.buffer_before, today.buffer_after) == (tried.buffer_before, tried.buffer_after):
        return request.blocked
    return request.period.widened(tried.buffer_before, tried.buffer_after)


def _judge(
    today: RoomRules, tried: RoomRules, request: Request, before: Sequence[Finding], after: Sequence[Finding]
) -> Judged:
    if request.status is BookingStatus.REJECTED:
        verdict = Verdict.POSSIBLE if before and not after else Verdict.APART
    elif after:
        verdict = Verdict.ALREADY if before else Verdict.REFUSED
    else:
        verdict = Verdict.KEPT
    price = price_under(request, today, tried)
    return Judged(
        request,
        verdict,
        tuple(after),
        request.total,
        None if verdict in (Verdict.REFUSED, Verdict.APART) else price,
        _paid_back(request, request.policy, request.total),
        None
        if verdict is Verdict.REFUSED
        else _paid_back(request, request.policy if today.policy == tried.policy else tried.policy, price),
    )


def price_under(request: Request, today: RoomRules, tried: RoomRules) -> Money | None:
    """Give what a request would cost: what was promised, unless other prices are tried."""
    if today.tiers == tried.tiers:
        return request.total
    if not tried.tiers:
        return None
    new = quote(request.period.minutes, tried.tiers, tried.currency).total
    if request.total is None or request.total.currency != tried.currency:
        return new
    beside = request.total.minor - request.time_minor if request.time_minor is not None else 0
    return Money(beside + new.minor, new.currency)


def _paid_back(request: Request, policy: Sequence[PolicyStep], paid: Money | None) -> Money | None:
    """Give what goes back to who cancelled, had all of it been paid."""
    if request.status is not BookingStatus.CANCELLED or request.ended_at is None or paid is None:
        return None
    return refund(policy, request.period.starts_at, request.ended_at, paid).amount


def _sums(judged: Sequence[Judged], rules: RoomRules, window: Period, *, tried: bool) -> Sums:
    sums = Sums(open_minutes=open_minutes(rules, window))
    for one in judged:
        price, back = (one.price_after, one.back_after) if tried else (one.price_before, one.back_before)
        if back is not None:
            sums.paid_back[back.currency] += back.minor
        if one.counts and not (tried and one.verdict is Verdict.REFUSED):
            sums.bookings += 1
            sums.minutes += one.request.period.minutes
            if price is not None:
                sums.revenue[price.currency] += price.minor
    return sums


def _joined(one: Counter[str], other: Counter[str]) -> Counter[str]:
    return Counter({name: one[name] + other[name] for name in [*one, *other]})


def open_pieces(rules: RoomRules, window: Period) -> list[Period]:
    """List the parts of a time in which a room is open and not shut by a closure."""
    opened = [one.period for one in rules.openings_around(window)]
    closed = outside(window, opened)
    return outside(window, [*closed, *(one.period for one in rules.closures)])


def open_minutes(rules: RoomRules, window: Period) -> int:
    """Give how long a room is open within a time."""
    return sum(piece.minutes for piece in open_pieces(rules, window))


def outside(window: Period, periods: Sequence[Period]) -> list[Period]:
    """List the parts of a time that none of the periods meets."""
    found, at = list[Period](), window.starts_at
    for period in sorted(periods):
        if period.starts_at >= window.ends_at:
            break
        if period.starts_at > at:
            found.append(Period(at, period.starts_at))
        at = max(at, period.ends_at)
    return [*found, Period(at, window.ends_at)] if at < window.ends_at else found
