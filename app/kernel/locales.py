"""The languages the product is shipped in, and the order in which a text falls back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale, UnknownLocaleError

SHIPPED = ("en", "de", "es", "hi", "ar")
"""The languages whose catalogues come with the product; those of the content are in `app.kernel.languages`."""
SOURCE = "en"
"""The language that the rows' own columns are written in."""

RTL_LANGUAGES = frozenset(
    {
        "apc",
        "ar",
        "arc",
        "azb",
        "bal",
        "bgn",
        "bqi",
        "ckb",
        "dv",
        "fa",
        "glk",
        "he",
        "khw",
        "ks",
        "lrc",
        "mzn",
        "nqo",
        "pnb",
        "ps",
        "rhg",
        "sd",
        "sdh",
        "skr",
        "syr",
        "trw",
        "ug",
        "ur",
        "yi",
    }
)
RTL_SCRIPTS = frozenset(
    {"adlm", "arab", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa", "yezi"}
)
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)(?P<extensions>(?:-[a-z0-9](?:-[a-z0-9]{2,8})+)*)"
)
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "no": "nb", "tl": "fil"}


@lru_cache(maxsize=256)
def parse_locale(tag: str) -> Locale | None:
    """Read a BCP 47 tag such as `de-AT`; None when it names no language.

    A region that nobody has written down habits for, `de-IN`, is read as its language.
    """
    found = _TAG.fullmatch(str(tag).replace("_", "-").lower())
    if found is None or found["language"] == "und":
        return None
    parts = [part for part in (found["language"], found["script"], found["region"]) if part]
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("_".join(parts[:length]))
        except (ValueError, UnknownLocaleError):
            continue
    return None


def canonical(tag: str) -> str | None:
    """Write a language's tag as BCP 47 does: `pt-br` as pt-BR, `zh_hant` as zh-Hant; None when it names none."""
    found = _TAG.fullmatch(tag.strip().replace("_", "-").lower())
    if found is None or found["extensions"] or parse_locale(tag.strip()) is None:
        return None
    language = _RENAMED.get(found["language"], found["language"])
    script, region = (found["script"] or "").title(), (found["region"] or "").upper()
    return "-".join(part for part in (language, script, region) if part) + found["variants"]


@lru_cache(maxsize=256)
def fallback_chain(tag: str, default: str = SOURCE) -> tuple[str, ...]:
    """List the locales to try, best first: `de-AT` gives ("de-AT", "de", "en"); it never repeats one."""
    return tuple(dict.fromkeys([*shorter(tag), default, SOURCE]))


@lru_cache(maxsize=256)
def own_name(tag: str) -> str:
    """Give a language's name in itself: "Deutsch"."""
    name = name_in(tag, tag)
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=512)
def name_in(tag: str, reader: str) -> str:
    """Give a language's name in another: "German", "Portuguese (Brazil)"."""
    locale, words = parse_locale(tag), parse_locale(reader)
    found = _TAG.fullmatch(tag.replace("_", "-").lower())
    if locale is None or words is None or found is None:
        return tag
    name = locale.get_display_name(words) or tag
    script, region = (found["script"] or "").title(), (found["region"] or "").upper()
    more = [words.scripts.get(script, script)] if script and locale.script is None else []
    more += [words.territories.get(region, region)] if region and locale.territory is None else []
    return f"{name} ({', '.join(more)})" if more else name


@lru_cache(maxsize=256)
def direction(tag: str) -> str:
    """Tell in which direction the language is written, by its script where it names one: "ltr" or "rtl"."""
    found = _TAG.fullmatch(tag.replace("_", "-").lower())
    if found is None:
        return "ltr"
    is_rtl = found["script"] in RTL_SCRIPTS if found["script"] else found["language"] in RTL_LANGUAGES
    return "rtl" if is_rtl else "ltr"


def best_match(header: str, offered: Iterable[str] = SHIPPED) -> str | None:
    """Choose the offered locale that an Accept-Language header likes best; None when it likes none."""
    ranked, known = [], {tag.lower(): tag for tag in offered}
    for position, part in enumerate(header.split(",")[:20]):
        tag, _, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag and quality > 0:
            ranked.append((-quality, position, tag.strip()))
    for _quality, _position, tag in sorted(ranked):
        for candidate in shorter(tag):
            if candidate.lower() in known:
                return known[candidate.lower()]
    return None


def shorter(tag: str) -> list[str]:
    """List the tag and what is left of it, part by part: `de-AT` gives de-AT, de."""
    parts = tag.replace("_", "-").split("-")[:8]
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
