"""Where the records of a week stand: each in a lane of its own over all of its days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

WEEK = 7


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its days; `at` is its moment where it has one."""

    id: str
    title: str
    first: date
    last: date
    at: datetime | None = None
    status: Any = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry in a week: its first column there from 1 on, how many columns it takes, its lane from 1 on."""

    entry: Entry
    start: int
    span: int
    lane: int
    came_before: bool
    goes_on: bool


def place(entries: Sequence[Entry], begin: date, lanes: int) -> list[Placed]:
    """Place the entries that touch the week, the longest first; what finds no lane is left out."""
    end = begin + timedelta(days=WEEK - 1)
    here = [entry for entry in entries if entry.first <= end and entry.last >= begin]
    here.sort(key=lambda entry: (max(entry.first, begin), -(entry.last - entry.first).days))
    taken = [[False] * (lanes + 1) for _day in range(WEEK + 1)]
    placed = []
    for entry in here:
        start = (max(entry.first, begin) - begin).days + 1
        stop = (min(entry.last, end) - begin).days + 1
        lane = next(
            (n for n in range(1, lanes + 1) if not any(taken[day][n] for day in range(start, stop + 1))), 0
        )
        if not lane:
            continue
        for day in range(start, stop + 1):
            taken[day][lane] = True
        placed.append(Placed(entry, start, stop - start + 1, lane, entry.first < begin, entry.last > end))
    return placed
