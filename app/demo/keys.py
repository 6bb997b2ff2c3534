"""Keys that are the same on every machine and every run, so that loading twice changes nothing."""

from __future__ import annotations

import hashlib
from uuid import UUID

_FIRST = 1_767_225_600_000
"""The instant the keys count from, in milliseconds: the start of 2026."""


def stable_key(kind: str, name: str, number: int = 0) -> UUID:
    """Make the UUIDv7 of a thing of the demo; keys sort by `number`."""
    chance = int.from_bytes(hashlib.sha256(f"festoon {kind} {name}".encode()).digest()[:10])
    value = (_FIRST + number) << 80 | chance
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
