"""What became of the time that a room is open: every minute is booked, held, blocked or free (rule 20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.kernel.values import Period

_MINUTE = timedelta(minutes=1)


class Use(StrEnum):
    """What a time is; where several meet the first of these counts."""

    BOOKED = "booked"
    HELD = "held"
    BLOCKED = "blocked"
    FREE = "free"


_ORDER = tuple(Use)


@dataclass(frozen=True, slots=True)
class Piece:
    """A time that is the same use throughout."""

    period: Period
    use: Use


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Minutes of a time in which a room is open. `waiting` is no part of them: it is what others wait for."""

    total: int = 0
    booked: int = 0
    held: int = 0
    blocked: int = 0
    free: int = 0
    waiting: int = 0

    def __add__(self, other: Breakdown) -> Breakdown:
        return Breakdown(
            self.total + other.total,
            self.booked + other.booked,
            self.held + other.held,
            self.blocked + other.blocked,
            self.free + other.free,
            self.waiting + other.waiting,
        )


def pieces(opened: Iterable[Period], kept: Iterable[tuple[Use, Period]]) -> list[Piece]:
    """Cut the time that is open into pieces by what keeps it; what is kept while it is closed counts nowhere.

    A booking counts before a hold, a hold before a closure or a buffer: each moment once.
    """
    marks: list[tuple[datetime, int, Use]] = []
    for use, period in (*((Use.FREE, one) for one in opened), *kept):
        marks += [(period.starts_at, 1, use), (period.ends_at, -1, use)]
    marks.sort(key=lambda mark: mark[0])
    standing: Counter[Use] = Counter()
    found: list[Piece] = []
    before: datetime | None = None
    for at, step, use in marks:
        if before is not None and at > before and standing[Use.FREE]:
            _append(found, Period(before, at), next(one for one in _ORDER if standing[one]))
        standing[use] += step
        before = at
    return found


def breakdown(found: Iterable[Piece], waiting: Iterable[Period] = ()) -> Breakdown:
    """Add the pieces up: total = booked + held + blocked + free, to the minute; who waits is told apart."""
    spent: Counter[Use] = Counter()
    for piece in found:
        spent[piece.use] += piece.period.minutes
    return Breakdown(
        total=spent.total(),
        booked=spent[Use.BOOKED],
        held=spent[Use.HELD],
        blocked=spent[Use.BLOCKED],
        free=spent[Use.FREE],
        waiting=sum(period.minutes for period in waiting),
    )


def cut(found: Iterable[Piece], ends: Iterable[datetime]) -> list[list[Piece]]:
    """Share pieces, in the order of time, among stretches by their ends; what lies beyond the last is left out."""
    shared: list[list[Piece]] = []
    left = list(reversed(list(found)))
    for end in ends:
        mine: list[Piece] = []
        while left and left[-1].period.starts_at < end:
            piece = left.pop()
            if piece.period.ends_at > end:
                left.append(Piece(Period(end, piece.period.ends_at), piece.use))
                piece = Piece(Period(piece.period.starts_at, end), piece.use)
            mine.append(piece)
        shared.append(mine)
    return shared


def _append(found: list[Piece], period: Period, use: Use) -> None:
    """Add a piece, to the one before where that goes on."""
    if found and found[-1].use is use and found[-1].period.ends_at == period.starts_at:
        found[-1] = Piece(Period(found[-1].period.starts_at, period.ends_at), use)
    else:
        found.append(Piece(period, use))
