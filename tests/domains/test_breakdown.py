"""Every open minute of a room is booked, held, blocked or free, and is counted once (rule 20)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.bookings.queries.breakdown import Breakdown, Piece, Use, breakdown, cut, pieces
from app.kernel.values import Period

BEGIN = datetime(2027, 5, 3, tzinfo=UTC)
MOST = 600


def at(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


def period(start: int, end: int) -> Period:
    return Period(at(start), at(end))


times = st.tuples(st.integers(0, MOST), st.integers(1, 120)).map(lambda t: period(t[0], t[0] + t[1]))
uses = st.sampled_from([Use.BOOKED, Use.HELD, Use.BLOCKED])
kept = st.lists(st.tuples(uses, times), max_size=12)


def by_minutes(opened: list[Period], keeping: list[tuple[Use, Period]]) -> dict[Use, int]:
    """Count minute by minute: slow and plain."""
    counted = dict.fromkeys(Use, 0)
    for minute in range(MOST + 121):
        here = period(minute, minute + 1)
        if any(one.meets(here) for one in opened):
            found = {use for use, one in keeping if one.meets(here)}
            counted[next((use for use in Use if use in found), Use.FREE)] += 1
    return counted


@given(st.lists(times, max_size=8), kept, st.lists(times, max_size=3))
def test_the_breakdown_adds_up_and_agrees_with_a_count_by_minutes(
    opened: list[Period], keeping: list[tuple[Use, Period]], waiting: list[Period]
) -> None:
    told = breakdown(pieces(opened, keeping), waiting)

    assert told.total == told.booked + told.held + told.blocked + told.free
    assert {use: getattr(told, use.value) for use in Use} == by_minutes(opened, keeping)
    assert told.waiting == sum(one.minutes for one in waiting), "who waits is told apart"
    assert told + told == breakdown(pieces(opened, keeping) * 2, waiting * 2)


@given(st.lists(times, max_size=8), kept, st.sets(st.integers(0, MOST + 121), min_size=1, max_size=6))
def test_stretches_share_the_pieces_without_loss(
    opened: list[Period], keeping: list[tuple[Use, Period]], ends: set[int]
) -> None:
    found = pieces(opened, keeping)
    last = MOST + 200
    shared = cut(found, [at(end) for end in sorted({*ends, last})])

    assert sum((breakdown(part) for part in shared), Breakdown()) == breakdown(found)
    for end, part in zip(sorted({*ends, last}), shared, strict=True):
        assert all(piece.period.ends_at <= at(end) for piece in part)
    assert all(one.period.ends_at <= two.period.starts_at for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("keeping", "told"),
    [
        ([], (60, 0, 0, 0, 60)),
        ([(Use.BOOKED, period(0, 60)), (Use.BLOCKED, period(0, 60))], (60, 60, 0, 0, 0)),
        ([(Use.HELD, period(30, 90)), (Use.BLOCKED, period(50, 70))], (60, 0, 30, 0, 30)),
        ([(Use.BLOCKED, period(-30, 10)), (Use.BOOKED, period(60, 90))], (60, 0, 0, 10, 50)),
    ],
)
def test_a_booking_counts_before_a_hold_and_a_hold_before_a_closure(
    keeping: list[tuple[Use, Period]], told: tuple[int, ...]
) -> None:
    found = breakdown(pieces([period(0, 60)], keeping))
    assert (found.total, found.booked, found.held, found.blocked, found.free) == told


def test_what_goes_on_is_one_piece() -> None:
    opened = [period(0, 60), period(60, 120)]
    assert pieces(opened, []) == [Piece(period(0, 120), Use.FREE)]
