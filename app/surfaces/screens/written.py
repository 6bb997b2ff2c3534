"""Days and times as a reader writes them: read when the whole text is one, and never guessed at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache

from babel import Locale

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[t ].+)?")
_FORMS = ("short", "medium", "long")
_PIECE = re.compile(r"'(?P<quoted>[^']*)'|(?P<letters>([A-Za-z])\3*)|(?P<between>[^A-Za-z']+)")
_PARTS = {"d": r"(?P<day>\d{1,2})", "y": r"(?P<year>\d{4}|\d{2})"}
_MONTH = r"(?P<month>\d{1,2})"
_LATER = 2000
_NOON = 12


def day_of(text: str, locale: str) -> date | None:
    """Read a day: by ISO, in figures as the locale writes them, or in its words (24 May 2027)."""
    bare = _plain(text)
    if _ISO.fullmatch(bare) is not None:
        return _iso(bare.upper())
    patterns, months = _days(locale)
    for pattern in patterns:
        if (found := pattern.fullmatch(bare)) is not None:
            month = months.get(found["month"].rstrip(".॰")) or found["month"]
            year = int(found["year"]) + (_LATER if len(found["year"]) == len("27") else 0)
            try:
                return date(year, int(month), int(found["day"]))
            except ValueError:
                continue
    return None


def time_of(text: str, locale: str) -> time | None:
    """Read a time of the clock: 9:05, 09:05:00, or with the locale's words for the halves of the day (9:05 PM)."""
    clock, late, early = _times(locale)
    found = clock.fullmatch(_plain(text))
    if found is None:
        return None
    hour = int(found["hour"])
    half = found["before"] or found["after"]
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half in late and half not in early else 0)
    elif found["minute"] is None:
        return None
    try:
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError:
        return None


def _iso(text: str) -> date | None:
    """Read what begins as an ISO day; with an hour, as spreadsheets copy days, it is one at midnight alone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.date() if at.time() == time() else None


def _plain(text: str) -> str:
    """Write a text with Latin figures, single spaces, small letters and none of the marks of direction."""
    signs = (
        str(figure) if (figure := unicodedata.decimal(sign, None)) is not None else sign
        for sign in unicodedata.normalize("NFC", text)
        if unicodedata.category(sign) != "Cf"
    )
    return " ".join("".join(signs).split()).casefold()


@lru_cache(maxsize=64)
def _days(locale: str) -> tuple[tuple[re.Pattern[str], ...], dict[str, str]]:
    """Make the patterns of a locale's days, and tell which month each of its names is."""
    known = Locale.parse(locale)
    months = {
        _plain(name).rstrip(".॰"): str(number)
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in known.months[context][width].items()
    }
    names = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True))
    named = rf"(?P<month>(?:{names})[.॰]?)"
    written = {str(known.date_formats[form].pattern): None for form in _FORMS}
    made = (_pattern(one, named) for one in written)
    return tuple(re.compile(one) for one in made if one), months


def _pattern(written: str, named: str) -> str:
    """Turn a pattern of the locale's (d. MMMM y) into an expression; nothing where it asks for more than a day."""
    parts = []
    for piece in _PIECE.finditer(written):
        letters = piece["letters"]
        if not letters:
            parts.append(_between(piece["quoted"] or piece["between"] or ""))
        elif letters[0] in "ML":
            parts.append(_MONTH if len(letters) < len("MMM") else named)
        elif letters[0] in _PARTS:
            parts.append(_PARTS[letters[0]])
        else:
            return ""
    return "".join(parts)


def _between(text: str) -> str:
    """Expect what stands between two parts; a space may be left out beside another mark."""
    bare = _plain(text)
    if not bare:
        return r"\s+" if text.strip("\u200e\u200f\u061c") else ""
    return rf"\s*{re.escape(bare)}\s*"


@lru_cache(maxsize=64)
def _times(locale: str) -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    """Make the pattern of a locale's times, and tell its words for the second and the first half of the day."""
    known = Locale.parse(locale)
    late = frozenset({"pm", "p.m.", *_halves(known, "pm")})
    early = frozenset({"am", "a.m.", *_halves(known, "am")})
    halves = "|".join(re.escape(word) for word in sorted(late | early, key=len, reverse=True))
    mark = "[:.]" if "." in str(known.time_formats["short"].pattern) else ":"
    figures = rf"(?P<hour>\d{{1,2}})(?:{mark}(?P<minute>\d{{2}})(?:{mark}(?P<second>\d{{2}}))?)?"
    pattern = rf"(?:(?P<before>{halves})\s*)?{figures}(?:\s*(?P<after>{halves}))?"
    return re.compile(pattern), late, early


def _halves(locale: Locale, half: str) -> Iterator[str]:
    for widths in locale.day_periods.values():
        for names in widths.values():
            if half in names and (word := _plain(names[half])):
                yield word
