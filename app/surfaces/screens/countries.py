"""The countries, named and ordered as the reader does."""

from __future__ import annotations

from functools import lru_cache

import pycountry

from app.surfaces.records import wording
from app.surfaces.screens.pages import Choice


@lru_cache(maxsize=16)
def _named(locale: str) -> tuple[tuple[str, str], ...]:
    pairs = [(country.alpha_2, wording.country(country.alpha_2, locale)) for country in pycountry.countries]
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))


def country_choices(value: object) -> tuple[Choice, ...]:
    """List all countries with the held one chosen."""
    return tuple(Choice(code, name, code == value) for code, name in _named(wording.reader()))
