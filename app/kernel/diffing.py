"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape

MOST_WORDS = 1_500
"""Of longer texts the lines are compared, not the words."""

_WORDS = re.compile(
    r"\s+|[^\w\s]|[^\W_]+(?:[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u064b-\u065f\u200c\u200d'\u2019_-]*[^\W_]+)*[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u064b-\u065f]*|."
)
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_BLOCK_ENDS = re.compile(r"<\s*(?:br|/p|/li|/h\d|/div|/blockquote)[^>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `sign` is "+" for what was added, "-" for what was removed, "" for what stayed."""

    sign: str
    text: str


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """Tell what to take out of the old text and what to put in to get the new one."""
    if old == new:
        return (Piece("", new),) if new else ()
    if not old or not new:
        return tuple(Piece(sign, text) for sign, text in (("-", old), ("+", new)) if text)
    before, after = _split(old), _split(new)
    return tuple(_joined(_steps(before, after)))


def readable(html: str) -> str:
    """Write rich text as a reader reads it, without its marks."""
    return unescape(_TAGS.sub("", _BLOCK_ENDS.sub("\n", html))).strip()


def shortened(pieces: Sequence[Piece], around: int = 60) -> tuple[Piece, ...]:
    """Leave out of what stayed all but the words next to a change."""
    found = []
    for place, piece in enumerate(pieces):
        text = piece.text
        if not piece.sign and len(text) > 2 * around + 20:
            head = text[:around] if place else ""
            tail = text[-around:] if place < len(pieces) - 1 else ""
            text = f"{head}…{tail}"
        found.append(Piece(piece.sign, text))
    return tuple(found)


def _split(text: str) -> list[str]:
    words = _WORDS.findall(text)
    return words if len(words) <= MOST_WORDS else _LINES.findall(text)


def _steps(before: list[str], after: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("", "".join(before[i1:i2]))
            continue
        if i1 < i2:
            yield Piece("-", "".join(before[i1:i2]))
        if j1 < j2:
            yield Piece("+", "".join(after[j1:j2]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join changes that only a space keeps apart: "two words" reads better than "two" and "words"."""
    removed = added = ""
    gap = ""
    for piece in pieces:
        if piece.sign == "":
            if (removed or added) and not gap and not piece.text.strip() and "\n" not in piece.text:
                gap = piece.text
                continue
            yield from _changed(removed, added)
            yield Piece("", gap + piece.text)
            removed = added = gap = ""
        else:
            if gap:
                removed, added, gap = removed + gap, added + gap, ""
            removed += piece.text if piece.sign == "-" else ""
            added += piece.text if piece.sign == "+" else ""
    yield from _changed(removed, added)
    if gap:
        yield Piece("", gap)


def _changed(removed: str, added: str) -> Iterator[Piece]:
    if removed.strip() or (removed and not added.strip()):
        yield Piece("-", removed)
    if added:
        yield Piece("+", added)
