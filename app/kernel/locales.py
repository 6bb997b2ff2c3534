"""The languages the product is shipped in, and the order in which a text falls back."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

SHIPPED = ("en", "de", "es", "hi", "ar")
SOURCE = "en"
"""The language that the rows' own columns are written in."""


@lru_cache(maxsize=256)
def parse_locale(tag: str) -> Locale | None:
    """Read a BCP 47 tag such as `de-AT`; None when it names no language."""
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError, TypeError):
        return None


@lru_cache(maxsize=256)
def fallback_chain(tag: str, default: str = SOURCE) -> tuple[str, ...]:
    """List the locales to try, best first: `de-AT` gives ("de-AT", "de", "en"); it never repeats one."""
    return tuple(dict.fromkeys([*_shorter(tag), default, SOURCE]))


@lru_cache(maxsize=64)
def own_name(tag: str) -> str:
    """Give a language's name in itself: "Deutsch"."""
    locale = parse_locale(tag)
    return (locale.get_display_name(tag.replace("-", "_")) or tag).capitalize() if locale else tag


@lru_cache(maxsize=64)
def direction(tag: str) -> str:
    """Tell in which direction the language is written: "ltr" or "rtl"."""
    locale = parse_locale(tag)
    return locale.text_direction if locale else "ltr"


def best_match(header: str, offered: tuple[str, ...] = SHIPPED) -> str | None:
    """Choose the offered locale that an Accept-Language header likes best; None when it likes none."""
    ranked = []
    for position, part in enumerate(header.split(",")[:20]):
        tag, _, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag and quality > 0:
            ranked.append((-quality, position, tag.strip()))
    for _quality, _position, tag in sorted(ranked):
        for candidate in _shorter(tag):
            if candidate.lower() in offered:
                return candidate.lower()
    return None


def _shorter(tag: str) -> list[str]:
    """List the tag and what is left of it, part by part: `de-AT` gives de-AT, de."""
    parts = tag.replace("_", "-").split("-")[:8]
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
