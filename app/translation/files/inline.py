"""Text with its markup and placeholders told apart, so that a translator's program protects them: and back again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""
_PROTECTED = re.compile(
    r"</?[A-Za-z][^<>]*>"  # markup
    r"|%\([A-Za-z_]\w*\)[-+ #0-9.]*[A-Za-z]"  # %(name)s
    r"|\{\{\s*[\w.]+\s*\}\}|\{[A-Za-z_][\w.]*\}"  # {{ name }}, {name}
    rf"|{UNWRITABLE.pattern}"
)
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_LONE = frozenset({"br", "hr", "img", "input", "wbr"})


@dataclass(frozen=True, slots=True)
class Code:
    """A piece that is no text. A pair's two ends have the same `id` and `end` "open" and "close"; others "alone"."""

    native: str
    end: str = "alone"
    id: int = 0

    @property
    def kind(self) -> str:
        """Name what it is, as XLIFF's `ctype` wants it."""
        name = _NAME.match(self.native)
        if name:
            return f"x-html-{name[1].lower()}"
        return "x-placeholder" if len(self.native) > 1 else "x-character"

    @property
    def is_character(self) -> bool:
        """Tell whether it stands for one sign that XML cannot hold."""
        return self.kind == "x-character"


Piece = str | Code


def pieces_of(text: str, like: Sequence[Piece] = ()) -> list[Piece]:
    """Take a text apart; codes that `like` has too get the same ids as there."""
    codes: list[Piece] = list(_raw(text))
    partners = _partners(codes)
    known: dict[tuple[str, str], list[int]] = defaultdict(list)
    highest = 0
    for piece in like:
        if isinstance(piece, Code):
            highest = max(highest, piece.id)
            if piece.end != "close":
                known[piece.native, piece.end].append(piece.id)
    for at, piece in enumerate(codes):
        if not isinstance(piece, Code) or piece.end == "close":
            continue
        if ids := known[piece.native, piece.end]:
            number = ids.pop(0)
        else:
            highest += 1
            number = highest
        codes[at] = replace(piece, id=number)
        if (partner := partners.get(at)) is not None:
            codes[partner] = replace(_code(codes[partner]), id=number)
    return codes


def _code(piece: Piece) -> Code:
    return piece if isinstance(piece, Code) else Code(piece)


def _raw(text: str) -> Iterator[Piece]:
    at = 0
    for found in _PROTECTED.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        yield Code(found[0])
        at = found.end()
    if at < len(text):
        yield text[at:]


def _partners(codes: list[Piece]) -> dict[int, int]:
    """Find the pairs, each closed inside of what it was opened in; marks their ends in `codes`."""
    pairs: dict[int, int] = {}
    opened: list[tuple[str, int]] = []
    for at, piece in enumerate(codes):
        name = _NAME.match(piece.native) if isinstance(piece, Code) else None
        if name is None or not isinstance(piece, Code):
            continue
        tag = name[1].lower()
        if piece.native.startswith("</"):
            if opened and opened[-1][0] == tag:
                pairs[opened.pop()[1]] = at
        elif tag not in _LONE and not piece.native.endswith("/>"):
            opened.append((tag, at))
    for first, last in pairs.items():
        codes[first] = replace(_code(codes[first]), end="open")
        codes[last] = replace(_code(codes[last]), end="close")
    return pairs


@dataclass(slots=True)
class Natives:
    """The codes of a source by their ids, for a translator's program that keeps these alone."""

    opens: dict[str, str]
    closes: dict[str, str]

    def take(self, number: str, native: str, *, is_close: bool = False) -> None:
        """Remember a code."""
        (self.closes if is_close else self.opens).setdefault(number, native)
