"""Values that are no bare numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from unicodedata import category

from babel import Locale
from babel.numbers import format_currency, get_currency_precision

_TOUCHING = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_UNSEEN = "\u115f\u1160\u2800\u3164\uffa0"  # letters and a pattern without ink
_SIGNS = re.compile(r"(?<=[A-Z])[$¥£]")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in the smallest unit of its currency (ISO 4217): 1250 EUR is 12.50 euros."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """Give the amount in whole units, exact."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def written(self, locale: str | Locale) -> str:
        """Write the amount as its reader does: €1,250.00, and AED 1,950.00, as letters do not touch figures.

        Among letters that run from right to left a sign such as MX$ is kept together.
        """
        text = format_currency(self.amount, self.currency, locale=locale)
        text = _TOUCHING.sub("\N{NO-BREAK SPACE}", text)
        is_rtl = text.startswith("\N{RIGHT-TO-LEFT MARK}")
        return _SIGNS.sub("\\g<0>\N{LEFT-TO-RIGHT MARK}", text) if is_rtl else text

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Money:
        """Make money from whole units; raises ValueError when the amount is finer than the currency."""
        try:
            minor = amount.scaleb(get_currency_precision(currency))
        except InvalidOperation as error:
            raise ValueError("not an amount") from error
        if minor != minor.to_integral_value():
            raise ValueError("finer than the currency's smallest unit")
        return cls(int(minor), currency)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open time between two aware instants: what ends at ten and what begins at ten do not meet."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a period is between instants, which have a zone")
        if self.ends_at <= self.starts_at:
            raise ValueError("a period ends after it starts")

    @property
    def minutes(self) -> int:
        """Give how many whole minutes pass in it, by no clock on a wall."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def meets(self, other: Period) -> bool:
        """Tell whether the two have an instant in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def within(self, other: Period) -> Period:
        """Give the part that lies in another, which it meets."""
        return Period(max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at))

    def widened(self, before: int, after: int) -> Period:
        """Give the period with so many minutes more at its ends."""
        return Period(self.starts_at - timedelta(minutes=before), self.ends_at + timedelta(minutes=after))


def is_blank(text: str) -> bool:
    """Tell whether a text says nothing: blanks, marks that stand on nothing, and signs that nobody sees."""
    return not any(category(sign)[0] in "LNPS" and sign not in _UNSEEN for sign in text)
