"""The targets of this stage, and whether a run met them."""

from __future__ import annotations

from dataclasses import dataclass

from bench.contestants import STOCK, STOCK_EQUAL
from bench.rounds import Results

OURS = "festoon"
FASTAPI = "fastapi"


@dataclass(frozen=True, slots=True)
class Target:
    """A work must cost at most `most` of what the peer needs; it `gates` when this stage asks for it.

    The peer does the same work, unless `peer_work` names another one.
    """

    work: str
    peer: str
    most: float
    gates: bool = True
    peer_work: str = ""

    @property
    def against(self) -> str:
        """Name what the work is compared with."""
        return f"{self.peer}, {self.peer_work}" if self.peer_work else self.peer


TARGETS = (
    Target("W1", FASTAPI, 1 / 3),
    Target("W2", FASTAPI, 1 / 3),
    Target("W3", FASTAPI, 1 / 2),
    Target("W4", FASTAPI, 1 / 2),
    Target("W5", FASTAPI, 1 / 3),
    Target("W5d", FASTAPI, 1 / 4.5),
    Target("W5", STOCK, 1 / 40),
    Target("W5d", STOCK, 1 / 40),
    Target("W5", STOCK_EQUAL, 1 / 40, gates=False),
    Target("W5d", STOCK_EQUAL, 1 / 40, gates=False),
    Target("W5d", OURS, 1.2, peer_work="W5"),
    Target("W5", OURS, 1.2, peer_work="W5d"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target and the ratio that was measured."""

    target: Target
    ratio: float

    @property
    def is_met(self) -> bool:
        """Tell whether the ratio is small enough."""
        return self.ratio <= self.target.most


def judge(results: Results) -> list[Verdict]:
    """Compare the medians with the targets, where both sides were measured."""
    verdicts = []
    for target in TARGETS:
        ours = results.cost(OURS, target.work)
        theirs = results.cost(target.peer, target.peer_work or target.work)
        if ours is not None and theirs is not None:
            verdicts.append(Verdict(target, ours / theirs))
    return verdicts


def told(ratio: float, digits: int = 1) -> str:
    """Write a ratio as a part, 0.25 is 1/4.0, or as times when the two are nearly the same: 1.2x."""
    return f"1/{1 / ratio:.{digits}f}" if ratio < 0.8 else f"{ratio:.2f}x"


def is_passed(verdicts: list[Verdict]) -> bool:
    """Tell whether every target that this stage asks for was measured and met."""
    met = {verdict.target for verdict in verdicts if verdict.is_met}
    return all(target in met for target in TARGETS if target.gates)
