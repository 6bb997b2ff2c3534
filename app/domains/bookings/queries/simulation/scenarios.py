"""What is tried out: rules that stand in the place of a room's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.domains.venues.queries import Line, PolicyStep, RoomRules, Tier

NUMBERS = ("buffer_before", "buffer_after", "notice", "advance_days", "step", "shortest", "longest")
"""The rules of a room that are a number."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Other rules; what is None stays as each room has it. `percent` is of the prices that a room has."""

    hours: tuple[Line, ...] | None = None
    tiers: tuple[Tier, ...] | None = None
    percent: int | None = None
    policy: tuple[PolicyStep, ...] | None = None
    competes: bool | None = None
    buffer_before: int | None = None
    buffer_after: int | None = None
    notice: int | None = None
    advance_days: int | None = None
    step: int | None = None
    shortest: int | None = None
    longest: int | None = None

    def on(self, rules: RoomRules) -> RoomRules:
        """Give a room's rules with those of the scenario in their place."""
        names = ("hours", "tiers", "policy", "competes", *NUMBERS)
        tried: dict[str, Any] = {name: value for name in names if (value := getattr(self, name)) is not None}
        if self.percent is not None:
            tried["tiers"] = tuple(
                Tier(tier.minutes, (tier.price_minor * self.percent * 2 + 100) // 200) for tier in rules.tiers
            )
        return replace(rules, **tried)

    @property
    def is_unchanged(self) -> bool:
        """Tell whether it tries nothing."""
        return self == Scenario()
