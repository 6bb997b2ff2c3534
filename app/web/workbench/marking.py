"""A source text cut into pieces, so that what is easily overlooked is seen: spaces, breaks, placeholders, terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

PLACEHOLDER = re.compile(
    r"%\([^)\s]+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]"  # %(name)s
    r"|%(?:\d+\$)?[#0\-+]*\d*(?:\.\d+)?[sdifgcxX]\b"  # %s, %1$d
    r"|\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{[A-Za-z0-9_.!:\[\]]*\}"  # {{ name }}, ${name}, {name}, {0}
    r"|https?://[^\s<>\"']+"
    r"|</?[a-zA-Z][^<>]*>"
)
_LEFT_TO_RIGHT = Markup('<bdi dir="ltr">%s</bdi>')
_SPACES = re.compile(r"^[ \t]+|[ \t]+$|(?<=\S)[ \t]{2,}(?=\S)|\t|\u00a0|\u202f|\u200b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece: `kind` is "" for plain words, else "held" (a placeholder), "space", "break" or "term"."""

    kind: str
    text: str
    title: str = ""


def held(text: str) -> Markup:
    """Write a text with each placeholder from left to right: in a line that runs the other way it stays in one piece."""
    parts, at = [], 0
    for found in PLACEHOLDER.finditer(text):
        parts += [escape(text[at : found.start()]), _LEFT_TO_RIGHT % found[0]]
        at = found.end()
    return Markup().join([*parts, escape(text[at:])])


def mark(text: str, terms: Iterable[tuple[int, int, str]] = ()) -> tuple[Mark, ...]:
    """Cut a text; `terms` are (from, to, what the glossary says), and give way to placeholders."""
    spans: list[tuple[int, int, str, str]] = []
    spans += [(found.start(), found.end(), "held", "") for found in PLACEHOLDER.finditer(text)]
    spans += [(found.start(), found.end(), "space", "") for found in _SPACES.finditer(text)]
    spans += [(place, place + 1, "break", "") for place, sign in enumerate(text) if sign == "\n"]
    spans += [(begin, end, "term", title) for begin, end, title in terms]
    return tuple(_cut(text, spans))


def _cut(text: str, spans: list[tuple[int, int, str, str]]) -> Iterator[Mark]:
    order = {"held": 0, "break": 1, "space": 2, "term": 3}
    taken: list[tuple[int, int, str, str]] = []
    for span in sorted(spans, key=lambda one: (order[one[2]], one[0])):
        if all(span[1] <= begin or span[0] >= end for begin, end, *_rest in taken):
            taken.append(span)
    at = 0
    for begin, end, kind, title in sorted(taken):
        if begin > at:
            yield Mark("", text[at:begin])
        yield Mark(kind, text[begin:end], title)
        at = end
    if at < len(text):
        yield Mark("", text[at:])
