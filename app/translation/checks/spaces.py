"""Spaces and line breaks around a text and in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.translation.checks import sentences
from app.translation.checks.finding import ERROR, WARNING, Finding, Look

_LEADING = re.compile(r"\A\s*+")
_DOUBLE = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_PARAGRAPH = re.compile(r"\n\s*\n")


def check(look: Look) -> Iterator[Finding]:
    """Find spaces that the source has not, or has."""
    yield from _around(look)
    if look.is_html:
        return
    if look.is_interface or "\n" in look.source:
        yield from _paragraphs(look)
    if not _DOUBLE.search(look.source):
        for found in _DOUBLE.finditer(look.text):
            fix = _DOUBLE.sub(" ", look.text)
            yield Finding("double_space", WARNING, sentences.DOUBLE_SPACE, found.span(), fix)
            break


def _edges(text: str) -> tuple[str, str]:
    leading = _LEADING.match(text)
    left = leading[0] if leading else ""
    return left, text[len(text.rstrip()) :] if len(left) < len(text) else ""


def _around(look: Look) -> Iterator[Finding]:
    """A break at one end alone is refused by gettext's own tools; a space puts words together that are not."""
    there, here = _edges(look.source), _edges(look.text)
    fix = there[0] + look.text.strip() + there[1]
    if [edge.count("\n") > 0 for edge in there] != [edge.count("\n") > 0 for edge in here]:
        severity = ERROR if look.is_interface else WARNING
        yield Finding("breaks", severity, sentences.BREAKS, fix=fix)
    elif [bool(edge) for edge in there] != [bool(edge) for edge in here]:
        yield Finding("spaces", WARNING, sentences.SPACES, fix=fix)


def _paragraphs(look: Look) -> Iterator[Finding]:
    there, here = (len(_PARAGRAPH.split(text.strip())) for text in (look.source, look.text))
    if there != here:
        yield Finding("paragraphs", WARNING, sentences.PARAGRAPHS.with_(there=there, here=here))
