"""What stands in a file for translators, whichever its format: texts on their way out, entries on their way in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from app.kernel.ids import parse_id

MOST_BYTES = 20 * 2**20
MOST_ENTRIES = 50_000
LONGEST = 100_000
"""Of one text in a file; what a field takes is less, and is looked at where it is written."""

TOOL = "Festoon"
_PLACE = re.compile(r"([a-z][a-z0-9_]{0,62})\.([a-z][a-z0-9_]{0,62}):([0-9a-fA-F-]{32,36})\Z")
_SEEN = re.compile(r"([a-z_0-9]+)=([a-z_]+)/([0-9a-f]{16}|-)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text belongs; written `package.name:` and the key of the record."""

    content_type: str
    field: str
    object_id: UUID

    def __str__(self) -> str:
        return f"{self.content_type}.{self.field}:{self.object_id}"


def read_place(text: str) -> Place | None:
    """Read where an entry belongs; None where it is none of ours."""
    found = _PLACE.match(text.strip())
    key = parse_id(found[3]) if found else None
    return Place(found[1], found[2], key) if found and key else None


@dataclass(frozen=True, slots=True)
class Seen:
    """How a text stood when the file was written: its state, and the mark of what it said ("-": nothing)."""

    state: str
    mark: str

    def __str__(self) -> str:
        return f"{self.state}/{self.mark}"

    @property
    def is_unsure(self) -> bool:
        """Tell whether it was to be looked at again."""
        return self.mark != NOTHING and self.state != "approved"


NOTHING = "-"


def mark_of(text: str) -> str:
    """Fingerprint a translation, so that the file itself tells whether its translator changed it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else NOTHING


def write_seen(seen: dict[str, Seen]) -> str:
    """Write how texts stood, by field: `name=approved/0123456789abcdef`."""
    return " ".join(f"{name}={one}" for name, one in seen.items())


def read_seen(text: str) -> dict[str, Seen]:
    """Read it back; what a program made of it that is not ours is left out."""
    return {name: Seen(state, mark) for name, state, mark in _SEEN.findall(text)}


@dataclass(frozen=True, slots=True)
class Plural:
    """The message that a form belongs to: gettext's two sources, and the key by which its forms are one."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text on its way out. `previous` is the source that it was made from, where that is another now."""

    place: Place
    source: str
    text: str
    state: str
    previous: str = ""
    title: str = ""
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    plural: Plural | None = None
    is_obsolete: bool = False

    @property
    def seen(self) -> Seen:
        """Give what the file keeps of how the text stands."""
        return Seen(self.state, mark_of(self.text))

    @property
    def is_unsure(self) -> bool:
        """Tell whether there is a text that does not count as done."""
        return self.seen.is_unsure


@dataclass(frozen=True, slots=True)
class Entry:
    """A text on its way in, with its line; `seen` is None where the file lost what was kept in it."""

    place: Place
    source: str
    text: str
    is_unsure: bool
    seen: Seen | None
    line: int


@dataclass(frozen=True, slots=True)
class Malformed:
    """A part of a file that is no entry: its line, and why."""

    line: int
    sentence: Any


Found = Entry | Malformed


@dataclass(slots=True)
class Incoming:
    """A file that is being read: the language it says it is in ("" until then), and its entries, once."""

    name: str
    kind: str
    language: str
    entries: Iterator[Found] = field(repr=False)


def not_ours(context: str) -> Any:
    """Say that an entry names no text."""
    if not context:
        return _l("It does not say which text it belongs to.")
    return _l("“%(name)s” is no name of a text here.", name=context[:80])
