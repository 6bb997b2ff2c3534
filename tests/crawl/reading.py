"""Reads what a person is told by a page: its texts, and the attributes that are spoken or shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

SPOKEN = {
    "title",
    "aria-label",
    "aria-description",
    "aria-valuetext",
    "placeholder",
    "alt",
    "label",
    "summary",
}
BUTTONS = {"submit", "button", "reset"}
UNREAD = {"script", "style", "code", "kbd", "samp", "template", "textarea"}
"""What is for machines, and what somebody typed."""
LISTS_OF_CODES = {"data-to", "data-names", "data-hx-trigger"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_WORDS = re.compile(r"[^\W\d_]{2,} +[^\W\d_]{2,}")
_CODE = re.compile(r"[{}\[\]<>=#/@]|&")


class Reader(HTMLParser):
    """Gathers the texts of a page, each with where it stands."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.told: list[tuple[str, str]] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attributes}
        self.told += [(f"<{tag} {name}>", value) for name, value in spoken(tag, known)]
        if tag not in VOID:
            self.open.append((tag, tag in UNREAD or known.get("translate") == "no"))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(is_unread for _tag, is_unread in self.open):
            self.told.append((f"<{self.open[-1][0] if self.open else ''}>", " ".join(data.split())))


def spoken(tag: str, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give the attributes that reach a person: by a hint, by a screen reader, or by a script that writes them."""
    for name, value in known.items():
        is_button = tag == "input" and name == "value" and known.get("type") in BUTTONS
        # What is kept for a script is a sentence when it looks like one; codes and addresses are not.
        is_sentence = (
            name.startswith("data-")
            and name not in LISTS_OF_CODES
            and _WORDS.search(value)
            and not _CODE.search(value)
        )
        if value.strip() and (name in SPOKEN or is_button or is_sentence):
            yield name, " ".join(value.split())


def texts_of(page: str) -> list[tuple[str, str]]:
    """List what a page tells: (where, text)."""
    reader = Reader()
    reader.feed(page)
    return reader.told
