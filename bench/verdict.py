"""The targets of this stage, and whether a run met them."""

from __future__ import annotations

from dataclasses import dataclass

from bench.rounds import Results

OURS = "festoon"
FASTAPI = "fastapi"
STOCK = "flask-appbuilder"


@dataclass(frozen=True, slots=True)
class Target:
    """A work must cost at most `most` of what the peer needs; it `gates` when this stage asks for it."""

    work: str
    peer: str
    most: float
    gates: bool = True


TARGETS = (
    Target("W1", FASTAPI, 1 / 3),
    Target("W2", FASTAPI, 1 / 3),
    Target("W3", FASTAPI, 1 / 2),
    Target("W4", FASTAPI, 1 / 2),
    Target("W5", STOCK, 1 / 10),
    Target("W5d", STOCK, 1 / 10, gates=False),
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
        ours, theirs = results.cost(OURS, target.work), results.cost(target.peer, target.work)
        if ours is not None and theirs is not None:
            verdicts.append(Verdict(target, ours / theirs))
    return verdicts


def told(ratio: float, digits: int = 1) -> str:
    """Write a ratio as a part: 0.25 is 1/4.0."""
    return f"1/{1 / ratio:.{digits}f}"


def is_passed(verdicts: list[Verdict]) -> bool:
    """Tell whether every target that this stage asks for was measured and met."""
    met = {verdict.target for verdict in verdicts if verdict.is_met}
    return all(target in met for target in TARGETS if target.gates)
