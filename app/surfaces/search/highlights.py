"""Which parts of a text a search found: marked in it, and the lines around them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

Piece = tuple[str, bool]
"""A part of a text, and whether it was sought."""

ALIKE = 0.7
SHORTEST_STEM = 4
AROUND = 60


def marked(text: str, q: str) -> tuple[Piece, ...]:
    """Cut a text into pieces, those that were sought marked: as written, by their stem, or mistyped."""
    pieces: list[Piece] = []
    at = 0
    for begin, end in _merged(_spans(text, q)):
        if begin > at:
            pieces.append((text[at:begin], False))
        pieces.append((text[begin:end], True))
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return tuple(pieces)


def excerpt(text: str, q: str) -> str:
    """Cut out what stands around the first place that was sought; nothing where there is none."""
    spans = _spans(text, q)
    if not spans:
        return ""
    begin, end = max(0, spans[0][0] - AROUND), min(len(text), spans[0][1] + 2 * AROUND)
    if begin:
        begin = text.find(" ", begin, spans[0][0]) + 1 or begin
    if end < len(text):
        end = max(text.rfind(" ", spans[0][1], end), spans[0][1])
    cut = " ".join(text[begin:end].split())
    return f"{'…' if begin else ''}{cut}{'…' if end < len(text) else ''}"


def is_found_in(text: str, q: str) -> bool:
    """Tell whether something of the search stands in the text."""
    return bool(_spans(text, q))


def _spans(text: str, q: str) -> list[tuple[int, int]]:
    sought = _sought(q)
    spans = []
    for begin, end in _words(text):
        word = _folded(text[begin:end])
        for wanted in sought:
            found = _within(word, wanted)
            if found is not None:
                exact = len(word) == end - begin
                spans.append((begin + found[0], begin + found[1]) if exact else (begin, end))
                break
    return spans


def _within(word: str, wanted: str) -> tuple[int, int] | None:
    """Find the part of a word that was wanted: itself or a part of it, else the whole word where it is alike."""
    at = word.find(wanted)
    if at == 0 or (at > 0 and len(wanted) >= 3):
        return at, at + len(wanted)
    if len(wanted) < SHORTEST_STEM or len(word) < SHORTEST_STEM - 1:
        return None
    stem = max(SHORTEST_STEM, len(wanted) - 2)
    if word.startswith(wanted[:stem]):
        return 0, len(word)
    likeness = SequenceMatcher(None, word, wanted, autojunk=False)
    if likeness.quick_ratio() >= ALIKE and likeness.ratio() >= ALIKE:
        return 0, len(word)
    return None


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


@lru_cache(maxsize=256)
def _sought(q: str) -> tuple[str, ...]:
    words = (_folded(q[begin:end]) for begin, end in _words(q))
    return tuple(dict.fromkeys(word for word in words if word not in ("or", "")))


def _words(text: str) -> list[tuple[int, int]]:
    """List where the words of letters, marks and numbers stand."""
    found, begin = [], -1
    for at, sign in enumerate(text):
        if unicodedata.category(sign)[0] in "LMN":
            begin = at if begin < 0 else begin
        elif begin >= 0:
            found.append((begin, at))
            begin = -1
    if begin >= 0:
        found.append((begin, len(text)))
    return found


def _folded(word: str) -> str:
    """Drop capitals and the accents of Latin, Greek and Cyrillic letters; other scripts' signs stay."""
    apart = unicodedata.normalize("NFD", word.lower())
    return "".join(sign for sign in apart if not "\u0300" <= sign <= "\u036f")
