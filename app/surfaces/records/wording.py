"""How a value is worded for a reader: in their language, with its exact form at hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from datetime import time as wall_time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    format_time,
    format_timedelta,
    get_datetime_format,
    get_timezone_location,
)
from babel.numbers import format_decimal, get_currency_precision
from babel.units import format_unit
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.access.babel import zone_of_request
from app.kernel import clock, durations
from app.kernel.locales import name_in
from app.kernel.values import Money
from app.resources import Field, Kind, On
from app.resources.kinds import plain
from app.resources.rich_text import plain_text
from app.surfaces.screens.pages import Cell

LONGEST_CELL = 90
EMPTY = Cell("empty", "")
EMPTY_FIGURE = Cell("empty-figure", "")
"""Stands where figures stand: at the end of its column."""
_FIGURES = (Kind.NUMBER, Kind.MINUTES, Kind.DECIMAL, Kind.MONEY, Kind.RATING, Kind.BYTES)


def reader() -> str:
    """Give the locale of whoever reads, as Babel writes it."""
    return str(get_locale() or "en")


def cell(
    field: Field, value: Any, locale: str, currency: str = "EUR", title: str = "", url: str = ""
) -> Cell:
    """Word a value; `title` and `url` are those of the related record, or the path of a picture.

    For a field with names `title` is the value that its codes are read with, for one on clocks their zone.
    """
    kind = field.kind or Kind.TEXT
    if value is None or (isinstance(value, (str, list)) and not value):
        return EMPTY_FIGURE if kind in _FIGURES else EMPTY
    if field.names is not None:
        return Cell("relation" if url else "text", field.names.of(str(value), title), url=url)
    if kind is Kind.CHOICE:
        option = field.option(value)
        if option is None:
            return Cell("choice", str(value), tone="secondary")
        return Cell("choice", str(option.label), tone=option.tone if _is_status(field) else "")
    if kind is Kind.PICTURE:
        return Cell("thumbnail", title, picture=url)
    if kind is Kind.RELATION:
        return Cell("relation", title, url=url)
    if kind is Kind.SWITCH:
        return Cell("switch", _("Yes") if value else _("No"), tone=field.tone if value else "secondary")
    if kind is Kind.MONEY:
        return Cell("money", money(int(value), currency, locale))
    if kind is Kind.BYTES:
        return Cell("number", weight(int(value), locale))
    if kind is Kind.DATE:
        return Cell("date", day(value, locale))
    if kind is Kind.INSTANT:
        return _instant(
            value.astimezone(UTC), locale, title if field.clock else ""
        )  # FAB's own are naive local
    return Cell(kind.value, _plain_words(kind, value, locale), hint=_hint(kind, value))


def _instant(value: datetime, locale: str, there: str) -> Cell:
    """Word an instant: on the clocks of its place by day and hour, else by how long ago it is."""
    if there:
        told = moment(value, there, locale)
        return Cell("instant", told, hint=_("%(time)s (%(place)s)", time=told, place=zone(there, locale)))
    return Cell("instant", ago(value, locale), hint=exact(value, locale))


def _is_status(field: Field) -> bool:
    return field.name in ("status", "state") and not field.on & On.FORM


def _plain_words(kind: Kind, value: Any, locale: str) -> str:
    if kind is Kind.COUNTRY:
        return country(str(value), locale)
    if kind is Kind.LOCALE:
        return language(str(value), locale)
    if kind is Kind.NUMBER:
        return number(value, locale)
    if kind is Kind.MINUTES:
        return durations.told(int(value), locale)
    if kind is Kind.TIME:
        return time_of_day(value, locale)
    if kind is Kind.DECIMAL:
        return decimal(value, locale)
    if kind is Kind.RATING:
        return number(value, locale)
    if kind in (Kind.RELATIONS, Kind.TAGS):
        return ", ".join(str(item) for item in value)
    if kind is Kind.ZONE:
        return zone(str(value), locale)
    text = plain_text(value).replace("\n", " ") if kind is Kind.RICH_TEXT else str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1].rstrip() + "…"


def _hint(kind: Kind, value: Any) -> str:
    if kind is Kind.ZONE:
        return str(value)
    value = plain_text(value) if kind is Kind.RICH_TEXT else value
    return value if isinstance(value, str) and len(value) > LONGEST_CELL else ""


@lru_cache(maxsize=4096)
def money(minor: int, currency: str, locale: str) -> str:
    """Write an amount as the reader does: €1,250.00."""
    return Money(minor, currency).written(locale)


@lru_cache(maxsize=1024)
def amount(minor: int, currency: str, locale: str) -> str:
    """Write an amount as the reader types it: with their marks and the currency's decimals, without its sign."""
    whole = _locale(locale).decimal_formats[None].pattern.partition(".")[0]
    digits = get_currency_precision(currency)
    pattern = f"{whole}.{'0' * digits}" if digits else whole
    return format_decimal(Money(minor, currency).amount, pattern, locale=locale)


@lru_cache(maxsize=4096)
def day(value: date, locale: str) -> str:
    """Write a date: 24 May 2027."""
    return format_date(value, "medium", locale=locale)


@lru_cache(maxsize=4096)
def weekday(value: date, locale: str) -> str:
    """Write a date with its weekday: Mon, May 24, 2027."""
    return str(format_skeleton("yMMMEd", value, locale=locale))


@lru_cache(maxsize=2048)
def time_of_day(value: wall_time, locale: str) -> str:
    """Write a time of the clock: 09:00, 9:00 AM."""
    return format_time(value, "short", locale=locale)


@lru_cache(maxsize=4096)
def decimal(value: Decimal, locale: str, *, typed: bool = False) -> str:
    """Write an exact number with all of its decimals; as it is `typed` into a form, no mark groups its digits."""
    whole = "0" if typed else _locale(locale).decimal_formats[None].pattern.partition(".")[0]
    decimals = plain(_DECIMAL, value).partition(".")[2]
    return format_decimal(value, f"{whole}.{'0' * len(decimals)}" if decimals else whole, locale=locale)


_DECIMAL = Field("decimal", On.LIST, "", kind=Kind.DECIMAL)


def exact(value: datetime, locale: str) -> str:
    """Write an instant to the minute, in the reader's time zone and naming it."""
    return _exact(value, locale, zone_of_request())


@lru_cache(maxsize=4096)
def _exact(value: datetime, locale: str, zone: str) -> str:
    if zone == "UTC":
        return format_datetime(value.astimezone(UTC), "d MMMM y, HH:mm", locale=locale) + " UTC"
    return format_datetime(value, "d MMMM y, HH:mm ZZZZ", tzinfo=ZoneInfo(zone), locale=locale)


@lru_cache(maxsize=4096)
def moment(value: datetime, zone: str, locale: str) -> str:
    """Write an instant as the clocks of a zone show it, with its weekday."""
    there = value.astimezone(ZoneInfo(zone))
    joined = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    at = format_time(there, "short", locale=locale)
    return joined.replace("{0}", at).replace("{1}", weekday(there.date(), locale))


def time(value: datetime, locale: str) -> str:
    """Write the time of day of an instant, in the reader's time zone and naming it."""
    zone = zone_of_request()
    if zone == "UTC":
        return format_time(value.astimezone(UTC), "HH:mm", locale=locale) + " UTC"
    return format_time(value, "HH:mm ZZZZ", tzinfo=ZoneInfo(zone), locale=locale)


def is_of_today(value: datetime) -> bool:
    """Tell whether an instant is of the day that it is now in the reader's time zone."""
    there = ZoneInfo(zone_of_request())
    return value.astimezone(there).date() == clock.now().astimezone(there).date()


def ago(value: datetime, locale: str) -> str:
    """Write how long ago an instant was; after two weeks, its date."""
    seconds = int((value - clock.now()).total_seconds())
    if abs(seconds) > 14 * 86_400:
        return day(value.astimezone(UTC).date(), locale)
    if abs(seconds) < 60:
        return _("just now")
    step = 60 if abs(seconds) < 3600 else 3600 if abs(seconds) < 86_400 else 86_400
    return _ago(int(seconds / step) * step, locale)


@lru_cache(maxsize=1024)
def _ago(seconds: int, locale: str) -> str:
    return format_timedelta(seconds, add_direction=True, locale=locale, threshold=1)


@lru_cache(maxsize=4096)
def number(value: Any, locale: str) -> str:
    """Write a number with the reader's separators."""
    return format_decimal(value, locale=locale)


def words_done(done: int, words: int, locale: str) -> str:
    """Say how many words of all are done."""
    return ngettext(
        "%(done)s of %(total)s word",
        "%(done)s of %(total)s words",
        words,
        done=number(done, locale),
        total=number(words, locale),
    )


@lru_cache(maxsize=4096)
def weight(value: int, locale: str) -> str:
    """Write how large a file is: 1.2 MB."""
    steps = (("megabyte", 1_000_000), ("kilobyte", 1_000), ("byte", 1))
    unit, step = next(pair for pair in steps if value >= pair[1] or pair[1] == 1)
    shown = round(value / step, 1 if step > 1_000 and value < 10 * step else 0)
    return format_unit(int(shown) if shown == int(shown) else shown, unit, "short", locale=locale)


@lru_cache(maxsize=512)
def country(code: str, locale: str) -> str:
    """Name a country in the reader's language."""
    return _locale(locale).territories.get(code, code)


@lru_cache(maxsize=512)
def language(tag: str, locale: str) -> str:
    """Name a language in the reader's language."""
    return name_in(tag, locale)


@lru_cache(maxsize=2048)
def zone(name: str, locale: str) -> str:
    """Name a time zone by its city in the reader's language."""
    return get_timezone_location(name, locale=locale, return_city=True) if "/" in name else name


@lru_cache(maxsize=64)
def _locale(locale: str) -> Locale:
    return Locale.parse(locale)
