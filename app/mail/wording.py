"""The words of a mail: its reader's language without a request, and values as that language writes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_time,
    format_timedelta,
    get_datetime_format,
    get_timezone_location,
)
from babel.numbers import format_decimal
from flask import current_app
from flask_babel import force_locale

from app.kernel import languages
from app.kernel.locales import SOURCE, direction, parse_locale
from app.kernel.values import Money
from app.kernel.zones import is_zone


@dataclass(frozen=True, slots=True)
class Voice:
    """How one reader is spoken to: `words` is a shipped language, `formats` may be closer to theirs (de-AT)."""

    words: str
    formats: Locale

    @property
    def direction(self) -> str:
        """Tell in which direction it is written: "ltr" or "rtl"."""
        return direction(self.words)

    def day(self, value: date) -> str:
        """Write a date with its weekday."""
        return format_date(value, "full", locale=self.formats)

    def short_day(self, value: date) -> str:
        """Write a date for a subject."""
        return format_date(value, "long", locale=self.formats)

    def instant(self, value: datetime, zone: str = "UTC") -> str:
        """Write an instant as the clocks of a zone show it, and say whose: "5 January 2027, 09:15 (Lisbon)"."""
        zone = zone if is_zone(zone) else "UTC"
        there = value.astimezone(ZoneInfo(zone))
        day = format_date(there.date(), "long", locale=self.formats)
        time = format_time(there.time(), "short", locale=self.formats)
        pattern = str(get_datetime_format("medium", locale=self.formats)).replace("'", "")
        is_city = "/" in zone and not zone.startswith("Etc/")
        place = get_timezone_location(zone, self.formats, return_city=True) if is_city else zone
        return f"{pattern.replace('{1}', day).replace('{0}', time)} ({place})"

    def money(self, value: Money) -> str:
        """Write an amount."""
        return value.written(self.formats)

    def number(self, value: int) -> str:
        """Write a number."""
        return format_decimal(value, locale=self.formats)

    def span(self, value: timedelta) -> str:
        """Write how long something lasts: "30 minutes"."""
        return format_timedelta(value, threshold=2, locale=self.formats)


def voice_of(tag: str) -> Voice:
    """Choose the language of the screens nearest to a locale, and the locale's own way to write values."""
    words = languages.best_words(tag) or str(current_app.config["BABEL_DEFAULT_LOCALE"])
    asked, formats = parse_locale(tag), parse_locale(words) or Locale.parse(SOURCE)
    return Voice(words, asked if asked and asked.language == formats.language else formats)


@contextmanager
def speaking(tag: str) -> Iterator[Voice]:
    """Let gettext and lazy texts speak a reader's language; needs an application's context, no request."""
    voice = voice_of(tag)
    with force_locale(parse_locale(voice.words)):
        yield voice
