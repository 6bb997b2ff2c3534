"""In which order a screen puts what is stored as codes: as the words stand that its reader sees, not as the codes.

Countries, languages, time zones and names stand by the alphabet of the reader. Choices stand in their declared
order, which every select and board shows: a status goes through its life, and no language shuffles it.
A cursor holds the code, never the rank: between two pages the words may change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import pycountry
from psycopg.types.json import Jsonb

from app.kernel import languages
from app.resources import Field, Kind, Resource
from app.resources.kinds import zones
from app.surfaces.records import wording
from app.translation.words import folded


def ranks_of(resource: Resource, columns: Iterable[str]) -> Mapping[str, Jsonb]:
    """Give for each of the columns that hold codes what a statement looks their ranks up in.

    A code that is in none is its own rank, behind all others.
    """
    locale = wording.reader()
    found = {name: _ranks(field, locale) for name in columns if (field := resource.field(name)) is not None}
    return {name: ranks for name, ranks in found.items() if ranks is not None}


def _ranks(field: Field, locale: str) -> Jsonb | None:
    if field.names is not None:
        return _in_order(_by_word(field.names.choices()))
    if field.kind is Kind.CHOICE:
        return _in_order(option.value for option in field.options)
    if field.kind is Kind.LOCALE:
        return _by_name(wording.language, tuple(known.tag for known in languages.every()), locale)
    if field.kind is Kind.COUNTRY:
        return _by_name(wording.country, tuple(country.alpha_2 for country in pycountry.countries), locale)
    return _by_name(wording.zone, tuple(sorted(zones())), locale) if field.kind is Kind.ZONE else None


@lru_cache(maxsize=64)
def _by_name(name: Callable[[str, str], str], codes: tuple[str, ...], locale: str) -> Jsonb:
    return _in_order(_by_word({code: name(code, locale) for code in codes}))


def _by_word(words: Mapping[str, str]) -> list[str]:
    return sorted(words, key=lambda code: (folded(words[code]), code))


def _in_order(codes: Iterable[str]) -> Jsonb:
    return Jsonb({code: f"{rank:04}" for rank, code in enumerate(codes)})
