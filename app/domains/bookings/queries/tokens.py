"""The secret part of an address that somebody is given: it names a row and its serial, and lies nowhere."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from app.kernel.signing import is_signed, sign

_MARK = 16


def write_token(purpose: str, key: UUID, serial: int) -> str:
    """Make a token for a purpose: it proves by 128 bits that this program wrote it, and is made anew each time."""
    subject = key.bytes + serial.to_bytes(2)
    return base64.urlsafe_b64encode(subject + sign(purpose, subject)[:_MARK]).decode().rstrip("=")


def read_token(purpose: str, token: str) -> tuple[UUID, int] | None:
    """Read (key, serial) from a token that this program wrote for the purpose; None from any other text."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    subject, mark = raw[:18], raw[18:]
    if len(mark) != _MARK or not is_signed(purpose, subject, mark):
        return None
    return UUID(bytes=subject[:16]), int.from_bytes(subject[16:])
