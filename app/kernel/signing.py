"""Keys for one purpose each, made from the program's secret: what is signed for one is noise to all others."""

from __future__ import annotations

import hmac
from functools import lru_cache

from flask import current_app


def sign(purpose: str, message: bytes) -> bytes:
    """Give the 32 bytes that only this program can make of a message for a purpose (HMAC-SHA-256)."""
    return hmac.digest(_key(current_app.config["SECRET_KEY"], purpose), message, "sha256")


@lru_cache(maxsize=32)
def _key(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"festoon.{purpose}".encode(), "sha256")


def is_signed(purpose: str, message: bytes, mark: bytes) -> bool:
    """Tell whether a mark is the beginning, 16 bytes or more, of what `sign` gives; in constant time."""
    return len(mark) >= 16 and hmac.compare_digest(sign(purpose, message)[: len(mark)], mark)
