"""Text with headings, lists and links: kept as a little HTML that can do no harm."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3

TAGS = frozenset({"p", "br", "h2", "h3", "strong", "em", "s", "ul", "ol", "li", "blockquote", "a", "hr"})
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_OTHER_NAMES = {
    "b": "strong",
    "i": "em",
    "strike": "s",
    "del": "s",
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "div": "p",
}
_RENAMED = re.compile(r"<(/?)(b|i|strike|del|h1|h4|h5|div)(?=[\s/>])", re.IGNORECASE)
_EMPTY = re.compile(r"<(p|h2|h3|li|blockquote|strong|em|s)>(?:\s|<br>|&nbsp;)*</\1>")
_BREAKS = re.compile(r"<(?:br|hr)>|</(?:p|h2|h3|li|blockquote)>")
_TAG = re.compile(r"<[^>]*>")


@lru_cache(maxsize=2048)
def clean(text: str) -> str:
    """Give the text with nothing but the tags we know; text without any becomes paragraphs.

    Cleaning what is clean changes nothing. Text that shows nothing is empty.
    """
    cleaned = _RENAMED.sub(lambda found: f"<{found[1]}{_OTHER_NAMES[found[2].lower()]}", text)
    before = ""
    # What is written anew may be read anew otherwise: a heading in a heading closes it.
    while before != cleaned:
        before, cleaned = cleaned, _EMPTY.sub("", _only_known(cleaned)).strip()
    if "<" not in cleaned:
        lines = (part.strip().replace("\n", "<br>") for part in re.split(r"\n\s*\n", cleaned))
        cleaned = "".join(f"<p>{line}</p>" for line in lines if line)
    return cleaned if "<hr>" in cleaned or plain_text(cleaned) else ""


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
