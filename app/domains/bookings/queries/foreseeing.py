"""What other rules would change ahead: the bookings that stand against them, and what is left to be booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domains.bookings.queries.availability import Calendar, Rule, Taken, broken
from app.domains.bookings.queries.simulating import (
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

_KEPT_WHEN_ASKED = frozenset({Rule.NOTICE, Rule.ADVANCE})


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to be booked: free minutes, starts that are offered, and what all of it would bring."""

    minutes: int
    starts: int
    worth: Money | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """The bookings that stand and would not be possible, and what is left before and after."""

    breaking: tuple[Judged, ...]
    before: Left
    after: Left


def foresee(
    today: RoomRules, tried: RoomRules, standing: Sequence[Request], window: Period, now: datetime
) -> Ahead:
    """Hold tried rules against what stands in a room in the time to come."""
    breaking = []
    for one in standing:
        before, after = (_against(rules, today, one, standing) for rules in (today, tried))
        if after and not before:
            price = price_under(one, today, tried)
            breaking.append(Judged(one, Verdict.REFUSED, after, one.total, price))
    return Ahead(
        tuple(breaking),
        _left(today, today, standing, window, now),
        _left(tried, today, standing, window, now),
    )


def _against(
    rules: RoomRules, today: RoomRules, one: Request, standing: Sequence[Request]
) -> tuple[Any, ...]:
    day = one.period.starts_at.astimezone(ZoneInfo(rules.zone)).date()
    calendar = Calendar(rules, _taken(rules, today, standing, one.id), day, day)
    found = broken(calendar.judge(one.period, one.asked_at))
    return tuple(finding for finding in found if finding.rule not in _KEPT_WHEN_ASKED)


def _taken(
    rules: RoomRules, today: RoomRules, standing: Sequence[Request], but: UUID | None = None
) -> list[Taken]:
    return [
        Taken(stood_blocked(one, today, rules), one.period, one.id, one.id)
        for one in standing
        if one.id != but
    ]


def _left(
    rules: RoomRules, today: RoomRules, standing: Sequence[Request], window: Period, now: datetime
) -> Left:
    there = ZoneInfo(rules.zone)
    taken = _taken(rules, today, standing)
    last = window.ends_at - timedelta(microseconds=1)
    calendar = Calendar(
        rules, taken, window.starts_at.astimezone(there).date(), last.astimezone(there).date()
    )
    slots = [
        slot for slot in calendar.slots(rules.shortest, now) if window.starts_at <= slot.period.starts_at
    ]
    free = [
        piece
        for opened in open_pieces(rules, window)
        for piece in outside(opened, [one.blocked for one in taken if one.blocked.meets(opened)])
    ]
    worth = None
    if rules.tiers:
        whole = sum(
            quote(piece.minutes, rules.tiers, rules.currency).total.minor for piece in free if piece.minutes
        )
        worth = Money(whole, rules.currency)
    return Left(sum(piece.minutes for piece in free), len(slots), worth)
