"""The countries and the currencies, named and ordered as the reader does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pycountry
from babel import Locale
from babel.core import get_global

from app.surfaces.records import wording
from app.surfaces.screens.pages import Choice


@lru_cache(maxsize=16)
def _named(locale: str) -> tuple[tuple[str, str], ...]:
    pairs = [(country.alpha_2, wording.country(country.alpha_2, locale)) for country in pycountry.countries]
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))


@lru_cache(maxsize=16)
def _currencies(locale: str) -> tuple[tuple[str, str], ...]:
    known = Locale.parse(locale).currencies
    codes = sorted(
        {code for country in get_global("territory_currencies").values() for code in _now(country)}
    )
    return tuple((code, f"{code} · {known.get(code, code)}") for code in codes)


def _now(country: Any) -> Iterator[str]:
    """Give the currencies that a country pays with today."""
    return (code for code, _start, end, is_tender in country if end is None and is_tender)


def currency_choices(value: object) -> tuple[Choice, ...]:
    """List the currencies of today, and the held one, chosen."""
    named = dict(_currencies(wording.reader()))
    if value and str(value) not in named:
        named[str(value)] = str(value)
    return tuple(Choice(code, name, code == value) for code, name in named.items())


def country_choices(value: object) -> tuple[Choice, ...]:
    """List all countries with the held one chosen."""
    return tuple(Choice(code, name, code == value) for code, name in _named(wording.reader()))
