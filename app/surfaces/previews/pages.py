"""What the templates of a preview are given: the parts of a generated page, in the language they are read in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.surfaces.screens.form_pages import SourceChange


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is shown; `place` is where it is translated, empty where that is not for the reader of the page.

    `locale` is the language it came from. `state` is that of the language previewed, "missing" where it has
    none of its own. `most_lines` is what its place holds.
    """

    text: str
    locale: str
    direction: str
    label: str
    state: str = ""
    state_text: str = ""
    place: str = ""
    is_html: bool = False
    most_lines: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the words for who does not see it."""

    url: str
    width: int
    height: int
    alt: Words | None = None
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that is no text: a date, a place, stars."""

    label: str
    text: str
    kind: str
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong to the record: lines of texts and facts."""

    label: str
    rows: tuple[tuple[Words | Fact, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A longer text under its own heading; the first one has none."""

    label: str
    words: Words


@dataclass(frozen=True, slots=True)
class Shown:
    """staff/preview_frame.html."""

    locale: str
    direction: str
    title: Words
    price: str = ""
    chips: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    facts: tuple[Fact, ...] = ()
    groups: tuple[Group, ...] = ()
    pictures: tuple[Picture, ...] = ()
    theme: str = ""
    in_lists: str = ""

    @property
    def lead(self) -> Words | None:
        """Give the text that stands below the title in lists."""
        return next((part.words for part in self.parts if not part.words.is_html), None)


@dataclass(frozen=True, slots=True)
class Language:
    """A language to preview in."""

    locale: str
    name: str
    direction: str
    url: str
    active: bool = False


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """staff/preview.html: the bar, and the frame in which the page stands."""

    name: str
    id: str
    title: str
    list_url: str
    list_title: str
    show_url: str
    edit_url: str
    frame_url: str
    locale: str
    language: str
    direction: str
    languages: tuple[Language, ...]
    can_translate: bool
    to_do: int = 0
    hidden: str = ""  # why readers do not see it
    site_url: str = ""  # the sample site, where it can be translated as well


@dataclass(frozen=True, slots=True)
class TextPage:
    """staff/text_in_place.html: one text to be translated where it stands."""

    url: str
    field: str
    title: str
    locale: str
    language: str
    direction: str
    kind: str  # a Kind's lower-case name
    source: str
    source_hash: str
    is_html: bool
    value: str
    state: str
    state_text: str
    revision: int
    outcome: str
    reason: str = ""
    change: SourceChange | None = None
    findings: tuple[Any, ...] = ()
    max_length: int = 0
    tool: str = ""
