"""How a value is worded for a reader: in their language, with its exact form at hand."""

from __future__ import annotations

from collections.abc import Callable
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
from app.resources import Field, Kind, Names, On
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


Words = Callable[[Any, str, str, str], Cell]
"""Words a value that is there: of the value, a currency, and the `title` and `url` that `cell` takes."""


def cell(
    field: Field, value: Any, locale: str, currency: str = "EUR", title: str = "", url: str = ""
) -> Cell:
    """Word a value; `title` and `url` are those of the related record, or the path of a picture.

    For a field with names `title` is the value that its codes are read with, for one on clocks their zone.
    """
    return words_of(field, locale)(value, currency, title, url)


def words_of(field: Field, locale: str) -> Words:
    """Give what words the values of a field as `cell` does: found once, for many of them."""
    empty = EMPTY_FIGURE if field.kind in _FIGURES else EMPTY
    present = _named(field.names) if field.names else _WORDS.get(field.kind, _plain)(field, locale)

    def words(value: Any, currency: str, title: str, url: str) -> Cell:
        if value is None or (isinstance(value, (str, list)) and not value):
            return empty
        return present(value, currency, title, url)

    return words


def _named(names: Names) -> Words:
    return lambda value, _currency, title, url: Cell(
        "relation" if url else "text", names.of(str(value), title), url=url
    )


def _choice(field: Field, _locale: str) -> Words:
    is_status = field.name in ("status", "state") and not field.on & On.FORM

    def words(value: Any, *_more: str) -> Cell:
        option = field.option(value)
        if option is None:
            return Cell("choice", str(value), tone="secondary")
        return Cell("choice", str(option.label), tone=option.tone if is_status else "")

    return words


def _switch(field: Field, _locale: str) -> Words:
    on, off = Cell("switch", _("Yes"), tone=field.tone), Cell("switch", _("No"), tone="secondary")
    return lambda value, *_more: on if value else off


def _instant(field: Field, locale: str) -> Words:
    """Word instants: on the clocks of their place by day and hour, else by how long ago they are."""
    on_clocks, now, here = field.clock is not None, clock.now(), zone_of_request()

    def words(value: datetime, _currency: str, title: str, _url: str) -> Cell:
        value = value.astimezone(UTC)  # FAB's own are naive local
        if on_clocks and title:
            told = moment(value, title, locale)
            place = _("%(time)s (%(place)s)", time=told, place=zone(title, locale))
            return Cell("instant", told, place)
        return Cell("instant", _since(value, now, locale), _exact(value, locale, here))

    return words


def _rich_text(_field: Field, _locale: str) -> Words:
    def words(value: Any, *_more: str) -> Cell:
        text = plain_text(value)
        return Cell(
            "rich_text", _shortened(text.replace("\n", " ")), text if len(text) > LONGEST_CELL else ""
        )

    return words


def _plain(field: Field, _locale: str) -> Words:
    """Word what reads as it is kept, cut where it is long."""
    kind = (field.kind or Kind.TEXT).value

    def words(value: Any, *_more: str) -> Cell:
        text = str(value)
        if len(text) <= LONGEST_CELL:
            return Cell(kind, text)
        return Cell(kind, _shortened(text), text if isinstance(value, str) else "")

    return words


def _said(kind: Kind, say: Callable[[Any, str], str]) -> Callable[[Field, str], Words]:
    """Word the values of a kind by a function of the value and the locale."""
    word = kind.value
    return lambda _field, locale: lambda value, *_more: Cell(word, say(value, locale))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1].rstrip() + "…"


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
    """Write an instant to the minute, in the reader's time zone and naming it: Oct 3, 2026, 12:55 UTC."""
    return _exact(value, locale, zone_of_request())


@lru_cache(maxsize=4096)
def _exact(value: datetime, locale: str, zone: str) -> str:
    there = value.astimezone(ZoneInfo(zone))
    at = format_time(there, "HH:mm", locale=locale)
    whose = zone if zone == "UTC" else format_datetime(there, "ZZZZ", locale=locale)
    return f"{_joined(day(there.date(), locale), at, locale)} {whose}"


@lru_cache(maxsize=4096)
def moment(value: datetime, zone: str, locale: str) -> str:
    """Write an instant as the clocks of a zone show it, with its weekday."""
    there = value.astimezone(ZoneInfo(zone))
    return _joined(weekday(there.date(), locale), format_time(there, "short", locale=locale), locale)


def _joined(on: str, at: str, locale: str) -> str:
    joined = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    return joined.replace("{0}", at).replace("{1}", on)


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
    return _since(value, clock.now(), locale)


def _since(value: datetime, now: datetime, locale: str) -> str:
    seconds = int((value - now).total_seconds())
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


_WORDS: dict[Kind | None, Callable[[Field, str], Words]] = {
    Kind.CHOICE: _choice,
    Kind.PICTURE: lambda *_: lambda _value, _currency, title, url: Cell("thumbnail", title, picture=url),
    Kind.RELATION: lambda *_: lambda _value, _currency, title, url: Cell("relation", title, url=url),
    Kind.SWITCH: _switch,
    Kind.MONEY: lambda _field, locale: (
        lambda value, currency, *_more: Cell("money", money(int(value), currency, locale))
    ),
    Kind.INSTANT: _instant,
    Kind.RICH_TEXT: _rich_text,
    Kind.BYTES: lambda _field, locale: lambda value, *_more: Cell("number", weight(int(value), locale)),
    Kind.ZONE: lambda _field, locale: (
        lambda value, *_more: Cell("zone", zone(str(value), locale), str(value))
    ),
    **{
        kind: _said(kind, say)
        for kind, say in (
            (Kind.DATE, day),
            (Kind.TIME, time_of_day),
            (Kind.COUNTRY, lambda value, locale: country(str(value), locale)),
            (Kind.LOCALE, lambda value, locale: language(str(value), locale)),
            (Kind.NUMBER, number),
            (Kind.RATING, number),
            (Kind.DECIMAL, decimal),
            (Kind.MINUTES, lambda value, locale: durations.told(int(value), locale)),
            (Kind.RELATIONS, lambda value, _locale: ", ".join(str(item) for item in value)),
            (Kind.TAGS, lambda value, _locale: ", ".join(str(item) for item in value)),
        )
    },
}
