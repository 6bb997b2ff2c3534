"""What other rules would mean for the time to come: which bookings they would no longer allow, and what is left free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domains.bookings.models import BookingStatus
from app.domains.bookings.queries.availability import Calendar, Finding, Taken, broken
from app.domains.bookings.queries.simulation.simulating import (
    Judged,
    Request,
    Verdict,
    open_pieces,
    outside,
    price_under,
    stood_blocked,
)
from app.domains.venues.queries import RoomRules, quote
from app.kernel.values import Money, Period

_WEEK = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Left:
    """What of a room can still be booked: how long, from how many starts, and what all of it would bring."""

    minutes: int
    starts: int
    worth: Money | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A room's time to come; `breaking` are the bookings that stand and could not be made under the tried rules."""

    standing: int
    breaking: tuple[Judged, ...]
    before: Left
    after: Left


def project(
    today: RoomRules, tried: RoomRules, standing: Sequence[Request], window: Period, now: datetime
) -> Ahead:
    """Hold the bookings that stand against the tried rules, and count what is left free before and after."""
    return Ahead(
        len(standing),
        tuple(_breaking(today, tried, standing)),
        left(today, _taken(today, today, standing), window, now),
        left(tried, _taken(today, tried, standing), window, now),
    )


def _breaking(today: RoomRules, tried: RoomRules, standing: Sequence[Request]) -> list[Judged]:
    """List the bookings that rules refuse which do not refuse them today.

    Notice and days ahead are asked as of the moment at which it was booked.
    """
    if not standing:
        return []
    found = []
    before, after = (_calendar(today, rules, standing) for rules in (today, tried))
    for one in standing:
        stood = {finding.rule for finding in _against(before, one)}
        against = tuple(finding for finding in _against(after, one) if finding.rule not in stood)
        if against:
            price = price_under(one, today, tried)
            found.append(Judged(one, Verdict.REFUSED, against, one.total, price))
    return found


def _calendar(today: RoomRules, rules: RoomRules, standing: Sequence[Request]) -> Calendar:
    there = ZoneInfo(rules.zone)
    days = [one.period.starts_at.astimezone(there).date() for one in standing]
    return Calendar(rules, _taken(today, rules, standing), min(days), max(days))


def _against(calendar: Calendar, request: Request) -> list[Finding]:
    kept = calendar.taken
    calendar.taken = [one for one in kept if one.booking_id != request.id]
    found = broken(calendar.judge(request.period, request.asked_at))
    calendar.taken = kept
    return found


def _taken(today: RoomRules, rules: RoomRules, standing: Sequence[Request]) -> list[Taken]:
    """List what keeps others out: where requests compete, those that wait do not."""
    return [
        Taken(stood_blocked(one, today, rules), one.period, one.id, one.id)
        for one in standing
        if not (rules.competes and one.status is BookingStatus.PENDING)
    ]


def left(rules: RoomRules, taken: Sequence[Taken], window: Period, now: datetime) -> Left:
    """Count what can still be booked of a room within a time: with its buffers, its notice and its days ahead."""
    pieces = _free_pieces(rules, taken, window, now)
    if not pieces:
        return Left(0, 0, None)
    return Left(sum(pieces), _starts(rules, taken, window, now), _worth(pieces, rules))


def _free_pieces(rules: RoomRules, taken: Sequence[Taken], window: Period, now: datetime) -> list[int]:
    """List the minutes of the free parts that hold a booking, each cut to whole steps."""
    there = ZoneInfo(rules.zone)
    last = now.astimezone(there).date() + timedelta(days=rules.advance_days + 1)
    starts_at = max(window.starts_at, now + timedelta(minutes=rules.notice))
    ends_at = min(window.ends_at, datetime.combine(last, time(0), there))
    if not rules.is_active or ends_at <= starts_at:
        return []
    kept = [one.blocked.widened(rules.buffer_after, rules.buffer_before) for one in taken]
    free = (part for piece in open_pieces(rules, Period(starts_at, ends_at)) for part in outside(piece, kept))
    usable = (part.minutes // rules.step * rules.step for part in free)
    return [minutes for minutes in usable if minutes >= rules.shortest]


def _starts(rules: RoomRules, taken: Sequence[Taken], window: Period, now: datetime) -> int:
    """Count the starts that are offered for the shortest booking, week by week, so that few stand against each."""
    there = ZoneInfo(rules.zone)
    first = window.starts_at.astimezone(there).date()
    last = min(
        (window.ends_at - timedelta(microseconds=1)).astimezone(there).date(),
        now.astimezone(there).date() + timedelta(days=rules.advance_days),
    )
    counted = 0
    while first <= last:
        until = min(first + (_WEEK - 1) * _DAY, last)
        begin, end = (datetime.combine(day, time(0), there) for day in (first - 2 * _DAY, until + 3 * _DAY))
        around = Period(begin, end).widened(0, rules.shortest)
        near = [one for one in taken if one.blocked.meets(around)]
        counted += len(Calendar(rules, near, first, until).slots(rules.shortest, now))
        first = until + _DAY
    return counted


def _worth(pieces: Sequence[int], rules: RoomRules) -> Money | None:
    """Give what the free parts would bring, booked whole: in bookings of the longest kind and one for the rest."""
    if not rules.tiers:
        return None
    prices = {minutes: _price(minutes, rules) for minutes in set(pieces)}
    return Money(sum(prices[minutes] for minutes in pieces), rules.currency)


def _price(minutes: int, rules: RoomRules) -> int:
    whole, rest = divmod(minutes, rules.longest)
    lengths = [rules.longest] * whole + ([rest] if rest >= rules.shortest else [])
    return sum(quote(length, rules.tiers, rules.currency).total.minor for length in lengths)
