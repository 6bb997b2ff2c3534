"""What a time costs, and what is paid back (rules 16, 17, 18)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.venues.queries import NoPrice, PolicyStep, Tier, quote, refund
from app.kernel.values import Money

TIERS = (Tier(60, 4000), Tier(240, 14000), Tier(600, 30000))
STARTS_AT = datetime(2027, 5, 24, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "lines", "total"),
    [
        (60, [(1, 60)], 4000),
        (30, [(1, 60)], 4000),
        (150, [(3, 60)], 12000),
        (210, [(1, 240)], 14000),
        (300, [(1, 240), (1, 60)], 18000),
        (480, [(2, 240)], 28000),
        (540, [(1, 600)], 30000),
        (660, [(1, 600), (1, 60)], 34000),
    ],
)
def test_a_time_is_covered_by_the_prices_that_cost_least(
    minutes: int, lines: list[tuple[int, int]], total: int
) -> None:
    found = quote(minutes, TIERS, "EUR")
    assert [(line.times, line.minutes) for line in found.lines] == lines
    assert found.total == Money(total, "EUR")
    assert sum(line.total.minor for line in found.lines) == total
    assert found.paid_minutes >= minutes


def test_of_covers_that_cost_the_same_the_one_of_fewer_pieces_is_told() -> None:
    found = quote(120, [Tier(60, 5000), Tier(120, 10000)], "EUR")
    assert [(line.times, line.minutes) for line in found.lines] == [(1, 120)]


def test_a_room_without_prices_has_no_quote() -> None:
    with pytest.raises(NoPrice):
        quote(60, [], "EUR")
    with pytest.raises(ValueError, match="no time"):
        quote(0, TIERS, "EUR")


@given(
    st.integers(1, 24),
    st.lists(
        st.tuples(st.integers(1, 8), st.integers(0, 500)), min_size=1, max_size=3, unique_by=lambda t: t[0]
    ),
)
def test_no_set_of_prices_that_covers_the_time_costs_less(length: int, prices: list[tuple[int, int]]) -> None:
    tiers = [Tier(quarters * 15, price) for quarters, price in prices]
    least = min(
        sum(tier.price_minor for tier in chosen)
        for number in range(1, length + 1)
        for chosen in combinations_with_replacement(tiers, number)
        if sum(tier.minutes for tier in chosen) >= length * 15
    )
    found = quote(length * 15, tiers, "INR")
    assert found.total.minor == least
    assert sum(line.total.minor for line in found.lines) == least
    assert found.paid_minutes >= length * 15


STEPS = (PolicyStep(168, 100), PolicyStep(48, 50))


# Rule 18
@pytest.mark.parametrize(
    ("hours", "percent", "minor"),
    [(169, 100, 12501), (168, 100, 12501), (167, 50, 6251), (48, 50, 6251), (47, 0, 0), (-1, 0, 0)],
)
def test_the_earlier_it_is_called_off_the_more_is_paid_back(hours: int, percent: int, minor: int) -> None:
    found = refund(STEPS, STARTS_AT, STARTS_AT - timedelta(hours=hours), Money(12501, "EUR"))
    assert (found.percent, found.amount) == (percent, Money(minor, "EUR"))


def test_a_refund_names_the_step_and_until_when_it_holds() -> None:
    found = refund(STEPS, STARTS_AT, STARTS_AT - timedelta(days=30), Money(100, "JPY"))
    assert found.step == PolicyStep(168, 100)
    assert found.until == STARTS_AT - timedelta(days=7)
    assert refund((), STARTS_AT, STARTS_AT - timedelta(days=30), Money(100, "JPY")).until is None


@given(
    st.lists(st.builds(PolicyStep, st.integers(0, 500), st.integers(0, 100)), max_size=5),
    st.integers(-10, 600),
    st.integers(0, 10**9),
)
def test_a_refund_is_never_more_than_was_paid_and_grows_with_time_left(
    steps: list[PolicyStep], hours: int, paid: int
) -> None:
    now, earlier = (
        refund(steps, STARTS_AT, STARTS_AT - timedelta(hours=left), Money(paid, "EUR")).amount.minor
        for left in (hours, hours + 1)
    )
    assert 0 <= now <= earlier <= paid
