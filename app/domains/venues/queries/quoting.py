"""What a time in a room costs, line by line: the cheapest set of its prices that covers the time (decision 0028)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, gcd

from app.kernel.values import Money


@dataclass(frozen=True, slots=True, order=True)
class Tier:
    """What so many minutes cost."""

    minutes: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """So many times a price."""

    minutes: int
    times: int
    price: Money

    @property
    def total(self) -> Money:
        """Give what the line comes to."""
        return Money(self.price.minor * self.times, self.price.currency)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a time costs, and why. `minutes` were asked for, `paid_minutes` are what the lines cover."""

    minutes: int
    lines: tuple[QuoteLine, ...]
    total: Money

    @property
    def paid_minutes(self) -> int:
        """Give how long the lines are together."""
        return sum(line.minutes * line.times for line in self.lines)


class NoPrice(LookupError):
    """The room has no price, so no time in it has one."""


def quote(minutes: int, tiers: Iterable[Tier], currency: str) -> Quote:
    """Cover the minutes at the least cost; of covers that cost the same, the one of fewer and longer pieces.

    Raises NoPrice. No money is ever rounded: all of it is prices times whole numbers.
    """
    prices = sorted(tiers, reverse=True)
    if minutes < 1:
        raise ValueError("there is no time to cover")
    if not prices:
        raise NoPrice
    unit = gcd(*(tier.minutes for tier in prices))
    wanted = ceil(minutes / unit)
    best: list[tuple[int, int, int]] = [(0, 0, -1)]  # cost, pieces, the piece that was put last
    for length in range(1, wanted + 1):
        best.append(
            min(
                (before[0] + tier.price_minor, before[1] + 1, index)
                for index, tier in enumerate(prices)
                for before in (best[max(0, length - tier.minutes // unit)],)
            )
        )
    counted: Counter[int] = Counter()
    left = wanted
    while left > 0:
        index = best[left][2]
        counted[index] += 1
        left = max(0, left - prices[index].minutes // unit)
    lines = tuple(
        QuoteLine(prices[index].minutes, times, Money(prices[index].price_minor, currency))
        for index, times in sorted(counted.items())
    )
    return Quote(minutes, lines, Money(best[wanted][0], currency))
