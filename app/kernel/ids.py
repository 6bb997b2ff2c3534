"""Keys: UUIDv7, made in Python, ordered by the time they were made; and how the database writes one for people."""

import re
from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Make a key that sorts after every key made before it on this machine (RFC 9562, version 7)."""
    return uuid_utils.compat.uuid7()


_MISTAKEN = str.maketrans("ILO", "110", " -")
_REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{9}")


def spelt_reference(text: str) -> str:
    """Write a number as `festoon_reference` does, such as 4TX-0PQ-7KM, however somebody typed it; "" for what is none."""
    signs = text.upper().translate(_MISTAKEN)
    return f"{signs[:3]}-{signs[3:6]}-{signs[6:]}" if _REFERENCE.fullmatch(signs) else ""


def parse_id(text: object) -> UUID | None:
    """Read a key from an address or a file; None when it is none."""
    try:
        return text if isinstance(text, UUID) else UUID(str(text))
    except ValueError:
        return None
