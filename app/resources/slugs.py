"""The name of a record in web addresses, in the letters of a language."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from babel.core import get_global
from flask_babel import lazy_gettext as _l

from app.kernel.locales import parse_locale
from app.resources.kinds import Unreadable, read_shown

_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_PLAINLY = _l("Use small letters, digits and hyphens only, such as garden-party.")
_IN_ITS_LETTERS = _l("Use the language's letters, digits and hyphens only.")
_HELD_TOGETHER = ("L", "M", "N")  # letters, what is written at them, digits


def read_address(raw: Any, locale: str, longest: int) -> str:
    """Read an address in a language: plain letters where it is written in Latin ones, else its own too.

    Empty text is none. Raises Unreadable.
    """
    text = unicodedata.normalize("NFC", " ".join(read_shown(raw).split()).lower())
    if not text:
        return ""
    if writes_latin(locale) and not _PLAIN.match(text):
        raise Unreadable(_PLAINLY)
    if not all(part and _is_word(part) for part in text.split("-")):
        raise Unreadable(_IN_ITS_LETTERS)
    if longest and len(text) > longest:
        raise Unreadable(_l("Use at most %(limit)s characters.", limit=longest))
    return text


def _is_word(part: str) -> bool:
    """Tell whether a part is plain, or of letters none of which could be mistaken for a plain one's accent."""
    if _PLAIN.match(part):
        return True
    if unicodedata.category(part[0]).startswith("M"):
        return False
    return all(
        unicodedata.category(letter)[0] in _HELD_TOGETHER and "LATIN" not in unicodedata.name(letter, "LATIN")
        for letter in part
    )


@lru_cache(maxsize=256)
def writes_latin(locale: str) -> bool:
    """Tell whether a language is written in Latin letters; one that nobody knows counts as none."""
    known = parse_locale(locale) if locale else None
    if known is None:
        return False
    if known.script:
        return known.script == "Latn"
    likely = get_global("likely_subtags")
    told = likely.get(f"{known.language}_{known.territory}") or likely.get(known.language) or ""
    return "Latn" in told.split("_")
