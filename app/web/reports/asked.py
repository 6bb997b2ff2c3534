"""What the address of a report asks for: the period and the currency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import ngettext

from app.insights import periods
from app.insights.periods import Period
from app.kernel.errors import BadParameter
from app.resources.kinds import YEARS
from app.surfaces.records import wording

_CURRENCY = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True)
class Asked:
    """A period of the latest `weeks`, or from a day to a day (then `weeks` is 0), and a currency or none."""

    period: Period
    weeks: int
    currency: str = ""

    @property
    def pairs(self) -> dict[str, str]:
        """Write it as the pairs of an address; what is standard is left out."""
        pairs: dict[str, str] = {}
        if not self.weeks:
            pairs |= {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        elif self.weeks != periods.STANDARD:
            pairs["weeks"] = str(self.weeks)
        return pairs | ({"currency": self.currency} if self.currency else {})

    def url(self, path: str, **changed: str) -> str:
        """Give the address of a page about the same period, with some pairs changed; an empty one is left out."""
        pairs = {name: value for name, value in (self.pairs | changed).items() if value}
        return f"{path}?{urlencode(pairs)}" if pairs else path


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """One of the periods that are offered."""

    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PeriodBar:
    """reports/_period.html."""

    url: str
    choices: tuple[PeriodChoice, ...]
    words: str
    before: str
    first: str
    last: str
    is_own: bool
    currency: str


def read_asked(args: Mapping[str, str], today: date) -> Asked:
    """Read `weeks`, or `from` and `to`, and `currency`. Raises BadParameter."""
    currency = args.get("currency", "")
    if currency and not _CURRENCY.match(currency):
        raise BadParameter("currency", _("Give a currency by its three letters, such as EUR."))
    if args.get("from") or args.get("to"):
        last = _day("to", args.get("to", "")) or today
        first = _day("from", args.get("from", "")) or last
        if first > last:
            raise BadParameter("from", _("The last day cannot come before the first."))
        if (last - first).days > 7 * periods.MOST_WEEKS:
            raise BadParameter("from", _("Choose at most %(limit)s weeks.", limit=periods.MOST_WEEKS))
        return Asked(periods.spanning(first, last), 0, currency)
    weeks = args.get("weeks") or str(periods.STANDARD)
    if weeks not in {str(choice) for choice in periods.CHOICES}:
        raise BadParameter("weeks", _("Choose one of: %(options)s.", options="4, 12, 52"))
    return Asked(periods.latest(int(weeks), today), int(weeks), currency)


def period_bar(asked: Asked, path: str, today: date) -> PeriodBar:
    """Word the choice of periods of a page."""
    choices = tuple(
        PeriodChoice(
            ngettext("%(num)s week", "%(num)s weeks", weeks),
            Asked(periods.latest(weeks, today), weeks, asked.currency).url(path),
            asked.weeks == weeks,
        )
        for weeks in periods.CHOICES
    )
    period = asked.period
    return PeriodBar(
        path,
        choices,
        span(period),
        span(period.before),
        period.first.isoformat(),
        period.last.isoformat(),
        not asked.weeks,
        asked.currency,
    )


def span(period: Period) -> str:
    """Write a period from its first day to its last."""
    locale = wording.reader()
    return f"{wording.day(period.first, locale)} \u2013 {wording.day(period.last, locale)}"


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadParameter(name, _("Give a date such as 2027-05-24.")) from None
    if day.year not in YEARS:
        raise BadParameter(name, _("The date is too far away."))
    return day
