"""The next true date of each festival, and its names, from the `holidays` package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays
from holidays import HolidayBase

from app.demo.content import LANGUAGES, content

_NOT_THE_DAY = re.compile(r"\((observed|in lieu|substitute)", re.IGNORECASE)
_REMARK = re.compile(r"\s*\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A festival as it comes next; `text` holds name, description and default_message by language."""

    slug: str
    country: str
    category: str
    starts_on: date
    ends_on: date
    zone: str
    facts: dict[str, Any] | None
    pictures: tuple[str, ...]
    text: dict[str, dict[str, str]]


def next_occasions(today: date) -> list[Occasion]:
    """Give every festival whose days the package knows, by the date it next ends on or after `today`."""
    found = (_next_of(entry, today) for entry in content("festivals"))
    return sorted((one for one in found if one is not None), key=lambda one: (one.starts_on, one.slug))


def _next_of(entry: dict[str, Any], today: date) -> Occasion | None:
    years = range(today.year - 1, today.year + 3)
    days = sorted(_fixed_days(entry["fixed"], years) if "fixed" in entry else _known_days(entry, years))
    run = next((run for run in _runs(days) if run[-1] >= today), None)
    if run is None:
        return None
    return Occasion(
        entry["slug"],
        entry["country"],
        entry["category"],
        run[0],
        run[-1],
        entry["zone"],
        entry.get("facts"),
        tuple(entry["pictures"]),
        {locale: _texts(entry, locale, days) for locale in ("en", *LANGUAGES)},
    )


def _fixed_days(days: list[str], years: range) -> Iterator[date]:
    return (date(year, *map(int, day.split("-"))) for year in years for day in days)


def _known_days(entry: dict[str, Any], years: range) -> Iterator[date]:
    names = set(entry["days"])
    for day, told in calendar(entry["country"], "en", years).items():
        if any(plain(name) in names for name in told.split("; ") if not _NOT_THE_DAY.search(name)):
            yield day


def _runs(days: Iterable[date]) -> Iterator[list[date]]:
    run: list[date] = []
    for day in days:
        if run and day - run[-1] > timedelta(days=1):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _texts(entry: dict[str, Any], locale: str, days: list[date]) -> dict[str, str]:
    told = entry["text"][locale]
    return told if "name" in told else {"name": _name(entry, locale, days), **told}


def _name(entry: dict[str, Any], locale: str, days: list[date]) -> str:
    if locale == "en":
        return str(entry["days"][0])
    names = calendar(entry["country"], locale, range(days[0].year, days[-1].year + 1))
    known = calendar(entry["country"], "en", range(days[0].year, days[-1].year + 1))
    for day in days:
        alone = ";" not in names.get(day, ";") and plain(known[day]) == entry["days"][0]
        if alone:  # on a day with two names one cannot tell which translation is whose
            return plain(names[day])
    raise LookupError(f"{entry['slug']} has no name in {locale}: write one in festivals.json")


def plain(name: str) -> str:
    """Leave out remarks such as "(estimated)"."""
    return _REMARK.sub("", name).strip()


@lru_cache(maxsize=256)
def calendar(country: str, locale: str, years: range) -> HolidayBase:
    """Read every kind of holiday of a country, with names in the language nearest to the locale."""
    kind = getattr(holidays, country)
    spoken = [tag for tag in kind.supported_languages or () if tag.split("_")[0] == locale]
    language = "en_US" if "en_US" in spoken else (spoken[0] if spoken else None)
    calendar_: HolidayBase = holidays.country_holidays(
        country, years=years, language=language, categories=kind.supported_categories
    )
    return calendar_
