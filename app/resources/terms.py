"""The words of a declaration: where a field appears, and what its value is."""

from __future__ import annotations

from enum import Enum, Flag, auto


class On(Flag):
    """Where a field appears. A field with no place appears nowhere."""

    LIST = auto()
    FORM = auto()
    FILTER = auto()
    SEARCH = auto()
    API = auto()
    PUBLIC = auto()
    TRANSLATE = auto()
    TRANSFER = auto()


class Kind(Enum):
    """What a value is; it decides how the value is typed in, checked and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    SLUG = "slug"
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    DECIMAL = "decimal"
    MINUTES = "minutes"
    MONEY = "money"
    SWITCH = "switch"
    DATE = "date"
    TIME = "time"
    INSTANT = "instant"
    CHOICE = "choice"
    RELATION = "relation"
    RELATIONS = "relations"
    JSON = "json"
    RATING = "rating"
    COUNTRY = "country"
    LOCALE = "locale"
    CURRENCY = "currency"
    PICTURE = "picture"
    TAGS = "tags"
    BYTES = "bytes"
    RICH_TEXT = "rich_text"
    COLOUR = "colour"
    ZONE = "zone"


TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
WRITTEN = TEXTS | {Kind.RICH_TEXT}
"""What people write and translators translate."""


class DeclarationError(Exception):
    """A declaration that contradicts its model; the program does not start."""
