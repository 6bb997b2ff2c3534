"""Which of CLDR's plural categories a gettext catalogue's forms stand for: found by trying numbers out."""

from __future__ import annotations

import gettext
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.messages.plurals import get_plural

from app.kernel.locales import parse_locale

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
TEXT = "text"
FIELDS = (TEXT, *CATEGORIES)
"""The fields under which a message's translations are kept: one text, or one for each form of a plural."""
_TRIED = (*range(201), 1_000, 1_001, 1_002, 1_005, 1_011, 10_000, 100_000, 1_000_000)
_ALONE = {"0": "zero", "1": "one", "2": "two"}


@dataclass(frozen=True, slots=True)
class Plurals:
    """The forms of a catalogue, each under the name of its category, in the order of its indexes."""

    forms: tuple[str, ...]
    rule: str
    samples: tuple[str, ...] = ()
    """The first numbers that take each form: "0, 2, 3"."""

    @property
    def index_of(self) -> Callable[[int], int]:
        """Give the function that tells a number's form."""
        return gettext.c2py(self.rule)

    def fields_of(self, msgid_plural: str) -> tuple[str, ...]:
        """Name the fields that a message needs."""
        return self.forms if msgid_plural else (TEXT,)


def plurals_of(tag: str, count: int = 0, rule: str = "") -> Plurals:
    """Give the plurals of a language, or of a catalogue whose header has a rule of its own."""
    locale = parse_locale(tag)
    if not count or not rule:
        known = get_plural(str(locale) if locale else "en")
        count, rule = known.num_plurals, known.plural_expr
    return _plurals(str(locale) if locale else "en", count, rule)


@lru_cache(maxsize=256)
def _plurals(locale: str, count: int, rule: str) -> Plurals:
    index_of = gettext.c2py(rule)
    category_of = Locale.parse(locale).plural_form
    votes: Counter[tuple[int, str]] = Counter()
    numbers: dict[int, list[str]] = {}
    for number in _TRIED:
        index = int(index_of(number))
        votes[index, category_of(number)] += 1
        numbers.setdefault(index, []).append(str(number))
    samples = tuple(", ".join(numbers.get(index, [])[:4]) for index in range(count))
    return Plurals(_named(count, votes, numbers), rule, samples)


def _named(count: int, votes: Counter[tuple[int, str]], numbers: Mapping[int, list[str]]) -> tuple[str, ...]:
    """Give each index the category that most of its numbers have; no category stands for two.

    One that is left, because its catalogue tells more apart than CLDR, has the name of its one number.
    """
    names: dict[int, str] = {}
    for (index, category), _number in votes.most_common():
        if index < count and index not in names and category not in names.values():
            names[index] = category
    spare = [name for name in ("other", "many", "few", "two", "zero", "one") if name not in names.values()]
    for index in range(count):
        if index not in names:
            alone = _ALONE.get(" ".join(numbers.get(index, [])), "")
            names[index] = alone if alone in spare else spare[0]
            spare.remove(names[index])
    return tuple(names[index] for index in range(count))
