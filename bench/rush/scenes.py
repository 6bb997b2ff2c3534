"""What the clients want: all the same time, times that overlap at random, or neighbours that do not meet."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.rush.clients import Asked, Wish, ask_at_once

FIRST_AFTER = timedelta(days=200)
"""Where the demo has booked nothing."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

Times = list[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A kind of rush: which times the clients of a run want, and how it is told."""

    name: str
    about: str
    times: Callable[[int, int], Times]
    """Gives the times of a run with so many clients."""


@dataclass(slots=True)
class Found:
    """What came of all runs of a scene on one server."""

    winners: list[int] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    overlaps: int = 0
    refused_falsely: int = 0

    @property
    def failures(self) -> int:
        """Count the answers that are neither a hold nor a refusal."""
        return sum(count for status, count in self.statuses.items() if status not in (201, 409))

    @property
    def p99(self) -> float:
        """Give the seconds that 99 of 100 clients waited at most."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]

    @property
    def rate(self) -> float:
        """Give the answers of a second, over all runs."""
        return len(self.seconds) / self.elapsed

    def is_right(self) -> bool:
        """Tell whether nobody has what another has, nobody was refused what was free, and nothing broke."""
        return not (self.overlaps or self.refused_falsely or self.failures) and min(self.winners) > 0


def _first() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + FIRST_AFTER


def _one_slot(run: int, clients: int) -> Times:
    at = _first() + run * _DAY
    return [(at, at + 2 * _HOUR)] * clients


def _overlapping(run: int, clients: int) -> Times:
    chance = random.Random(run)  # no secret: the same times in every run of the program
    starts = [_first() + run * _DAY + chance.randrange(36) * _HOUR / 2 for _ in range(clients)]
    return [(at, at + chance.randrange(2, 13) * _HOUR / 2) for at in starts]


def _neighbours(run: int, clients: int) -> Times:
    at = _first() + run * clients * _HOUR
    return [(at + number * _HOUR, at + (number + 1) * _HOUR) for number in range(clients)]


SCENES = (
    Scene("one slot", "all want the same two hours", _one_slot),
    Scene("overlapping", "each wants one to six hours of one day, at random", _overlapping),
    Scene("neighbours", "each wants an hour of its own, one after the other", _neighbours),
)


def play(scene: Scene, port: int, path: str, room: str, clients: int, runs: int) -> Found:
    """Play a scene again and again on one server, and once before that for the server to be warm."""
    found = Found()
    for run in range(runs + 1):
        if run == 1:
            found = Found()  # the first is forgotten
        times = scene.times(run, clients)
        wishes = [{"room": room, "starts_at": a.isoformat(), "ends_at": b.isoformat()} for a, b in times]
        answers, elapsed = ask_at_once(port, path, wishes, run)
        held = [answer for answer in answers if answer.status == 201]
        found.winners.append(len(held))
        found.statuses.update(answer.status for answer in answers)
        found.seconds += [answer.seconds for answer in answers]
        found.elapsed += elapsed
        found.overlaps += _overlaps(held)
        refused = (answer for answer in answers if answer.status == 409)
        found.refused_falsely += sum(not any(_meet(one.wish, of.wish) for of in held) for one in refused)
    return found


def _overlaps(held: Sequence[Asked]) -> int:
    """Count the pairs that have an instant in common."""
    return sum(_meet(one.wish, of.wish) for number, one in enumerate(held) for of in held[:number])


def _meet(one: Wish, other: Wish) -> bool:
    """Compare ISO texts, all in UTC and of one length."""
    return one["starts_at"] < other["ends_at"] and other["starts_at"] < one["ends_at"]
