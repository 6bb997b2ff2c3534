"""The forms that a language counts with, by the rules of CLDR."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from app.kernel.locales import parse_locale
from app.translation.checks import sentences
from app.translation.checks.finding import WARNING, Finding, Look

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_TRIED = (*range(201), 1_000, 1_001, 10_000, 1_000_000)
_FEW_FORMS = 2
"""So many are often the same, rightly: fish, "Zeichen", every noun of Turkish beside a number."""


@lru_cache(maxsize=256)
def categories(locale: str) -> tuple[str, ...]:
    """Name the forms that whole numbers take in a language, in CLDR's order: one form to six."""
    known = parse_locale(locale)
    if known is None:
        return ("other",)
    found = {known.plural_form(number) for number in _TRIED}
    return tuple(name for name in CATEGORIES if name in found)


@lru_cache(maxsize=256)
def covers_one_number(locale: str, category: str) -> bool:
    """Tell whether a form is for one number alone, which it then need not name."""
    known = parse_locale(locale)
    return known is None or sum(known.plural_form(number) == category for number in _TRIED) <= 1


def missing_forms(locale: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Name the forms of a language that have no text yet."""
    return tuple(name for name in categories(locale) if not texts.get(name, "").strip())


def check(look: Look) -> Iterator[Finding]:
    """Look at the forms of a sentence together. `siblings` holds the text of every form of the language."""
    if look.plural is None or look.siblings is None:
        return
    forms = {**look.siblings, look.plural: look.text}
    if missing := [name for name, text in forms.items() if not text.strip()]:
        names = ", ".join(_ordered(missing))
        yield Finding("plural_missing", WARNING, sentences.FORMS_MISSING.with_(forms=names), detail=names)
    said = {" ".join(text.split()) for text in forms.values()}
    are_alike = len(set(look.source_forms)) == 1
    if len(forms) > _FEW_FORMS and len(said) == 1 and not are_alike:
        yield Finding("plural_same", WARNING, sentences.FORMS_ALIKE)


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: CATEGORIES.index(name) if name in CATEGORIES else len(CATEGORIES))
