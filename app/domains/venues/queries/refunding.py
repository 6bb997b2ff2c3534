"""What a client gets back who calls a booking off, by the promise that was made when it was booked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.values import Money


@dataclass(frozen=True, slots=True, order=True)
class PolicyStep:
    """Until so many hours before the start so many percent are paid back."""

    hours_before: int
    percent: int


@dataclass(frozen=True, slots=True)
class Refund:
    """What is paid back of what was paid, by which step, and until when that step holds."""

    amount: Money
    percent: int
    step: PolicyStep | None
    until: datetime | None


def refund(steps: Iterable[PolicyStep], starts_at: datetime, at: datetime, paid: Money) -> Refund:
    """Give what is paid back to who cancels at an instant.

    Of the steps whose hour has not passed the one that pays most counts; when all have, nothing is paid back.
    A half of the smallest unit is rounded up, once, on this line.
    """
    still_open = [step for step in steps if at <= starts_at - timedelta(hours=step.hours_before)]
    if not still_open:
        return Refund(Money(0, paid.currency), 0, None, None)
    best = max(still_open, key=lambda step: (step.percent, -step.hours_before))
    minor = (paid.minor * best.percent * 2 + 100) // 200
    until = starts_at - timedelta(hours=best.hours_before)
    return Refund(Money(minor, paid.currency), best.percent, best, until)
