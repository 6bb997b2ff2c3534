"""On whose clocks instants are typed and read, where that is not the reader's affair: a closure's are its venue's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Clock:
    """The clocks of the record that the relation `beside` points at.

    `zone(key)` makes of an expression for that record's key one for the name of its time zone.
    """

    beside: str
    zone: Callable[[Any], Any]
