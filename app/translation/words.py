"""Words of any language: with the marks that belong to them, and each sign of a script without spaces alone."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Japanese syllables
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
)
UNSPACED = re.compile(f"[{_UNSPACED}]")
_JOINERS = "\u200c\u200d"
_TAGGED = re.compile(r"</?[a-zA-Z][^<>]*>")


@cache
def _marks() -> str:
    """Give the combining marks as ranges of a pattern: to `re` the vowel signs of Hindi are no letters."""
    ranges: list[list[int]] = []
    for code in range(0x300, min(sys.maxunicode, 0x1FFFF)):
        if unicodedata.category(chr(code))[0] == "M":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in ranges)


@cache
def word_pattern() -> re.Pattern[str]:
    """Find words; an apostrophe between two letters belongs to the word."""
    marks = _marks() + _JOINERS
    sign = f"[{_UNSPACED}][{marks}]*+"
    letters = f"(?:(?![{_UNSPACED}])[^\\W_][{marks}]*+)"
    return re.compile(f"{sign}|{letters}++(?:['\u2019]{letters}++)*+")


def words(text: str) -> Iterator[re.Match[str]]:
    """List the words of a text with their places."""
    return word_pattern().finditer(text)


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """Write a word without capitals and accents, so that "Ball" is found in "Bälle"."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def without_tags(text: str) -> str:
    """Put spaces in the place of tags; all other places stay the same."""
    return _TAGGED.sub(lambda found: " " * len(found[0]), text)
