"""Text with headings, lists and links: kept as a little HTML that can do no harm."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3

from app.resources.well_nested import well_nested

TAGS = frozenset({"p", "br", "h2", "h3", "strong", "em", "s", "ul", "ol", "li", "blockquote", "a", "hr"})
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
MOST_ROUNDS = 4
"""So often is a text read anew: once for what was typed, once more where the sanitizer changed anything."""
_BREAKS = re.compile(r"<(?:br|hr)>|</(?:p|h2|h3|li|blockquote)>")
_TAG = re.compile(r"<[^>]*>")


@lru_cache(maxsize=2048)
def clean(text: str) -> str:
    """Give the text with nothing but the tags we know; text without any becomes paragraphs.

    Cleaning what is clean changes nothing. Text that shows nothing is empty.
    """
    for _round in range(MOST_ROUNDS):
        ordered = _in_paragraphs(well_nested(text))
        text = _only_known(ordered)
        if text == ordered:
            break
    else:  # nothing that we know of comes here; what does shall do no harm and change no more
        text = "".join(
            f"<p>{html.escape(line, quote=False)}</p>" for line in plain_text(text).split("\n") if line
        )
    return text if "<hr>" in text or plain_text(text) else ""


def _in_paragraphs(text: str) -> str:
    if "<" in text:
        return text
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    shown = (part.replace("\n", "<br>") for part in parts if part.replace("&nbsp;", "").strip())
    return "".join(f"<p>{part}</p>" for part in shown)


def _only_known(text: str) -> str:
    return nh3.clean(
        text, tags=set(TAGS), attributes={"a": {"href"}}, url_schemes=set(SCHEMES), link_rel="noopener"
    )


@lru_cache(maxsize=2048)
def plain_text(text: str) -> str:
    """Give what a reader sees of it, a line for each paragraph, heading or item."""
    broken = _TAG.sub("", _BREAKS.sub("\n", text))
    lines = (" ".join(line.split()) for line in html.unescape(broken).split("\n"))
    return "\n".join(line for line in lines if line)
