"""Keys: UUIDv7, made in Python, ordered by the time they were made."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Make a key that sorts after every key made before it on this machine (RFC 9562, version 7)."""
    return uuid_utils.compat.uuid7()


def parse_id(text: object) -> UUID | None:
    """Read a key from an address or a file; None when it is none."""
    try:
        return text if isinstance(text, UUID) else UUID(str(text))
    except ValueError:
        return None
