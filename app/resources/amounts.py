"""Reads amounts as people write them: in their digits, grouped as they group, with their marks."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision, get_currency_symbol

from app.kernel.locales import SHIPPED, parse_locale

_LONGEST_AMOUNT = 40
_GROUPED = re.compile(
    r"(?P<whole>-?[1-9][0-9]{0,2}(?P<mark>[.,' ])(?:[0-9]{2,3}(?P=mark))*[0-9]{3})"
    r"(?:(?!(?P=mark))[.,](?P<decimals>[0-9]+))?"
)
_UNGROUPED = re.compile(r"(?P<whole>-?[0-9]+)(?:[.,](?P<decimals>[0-9]*))?")
_LONE_MARK = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
"""How a spreadsheet writes what is below zero."""
_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202d\u2060\u2066-\u2069\ufeff]")
"""What comes along with a cell in an Arabic sheet. What turns digits around is none of it."""
_DECIMAL_MARK = "\u066b"
_WRITTEN_ALIKE = str.maketrans({"\u066c": "'", "\u2019": "'", "\u2212": "-"})


class Figure(str):
    """A number as a machine writes it: its point, if any, begins the decimals, also before three digits."""

    __slots__ = ()


def read_amount(text: str, currency: str) -> Decimal:
    """Read 1250, 1250.5, 1,250.50, 1.250,50 or 1 250,50 €; raises ValueError, also for what is no part of it.

    A lone mark before three digits groups thousands, unless the currency has three decimals.
    """
    if isinstance(text, Figure):
        return _finite(Decimal(text))
    return _read(_without_sign(_bare(text), currency), groups_alone=get_currency_precision(currency) != 3)


def read_decimal(text: str, scale: int) -> Decimal:
    """Read 52.520008, -0,5 or 1 250; raises ValueError.

    A lone mark before three digits groups thousands, unless there may be three decimals.
    """
    if isinstance(text, Figure):
        value = _finite(Decimal(text))
        if abs(value.adjusted()) > _LONGEST_AMOUNT:
            raise ValueError(text)
    else:
        value = _read(_bare(text), groups_alone=scale < 3)
    return value or Decimal(0)  # there is no zero below zero


def _read(amount: str, *, groups_alone: bool) -> Decimal:
    is_marked = amount.count(_DECIMAL_MARK) == 1  # this one never groups
    amount = amount.replace(_DECIMAL_MARK, ".", 1)
    if len(amount) > _LONGEST_AMOUNT:  # a number of a million digits takes minutes to read
        raise ValueError(amount[:_LONGEST_AMOUNT])
    if _LONE_MARK.fullmatch(amount) and not is_marked and groups_alone:
        return Decimal(re.sub(r"[.,]", "", amount))
    found = _UNGROUPED.fullmatch(amount) or _GROUPED.fullmatch(amount)
    if found is None:
        raise ValueError(amount)
    return Decimal(re.sub(r"[.,' ]", "", found["whole"]) + "." + (found["decimals"] or "0"))


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError(str(number))
    return number


def _bare(text: str) -> str:
    """Write digits, blanks and marks of any script the one way, and drop what is not seen around them."""
    if len(text) > 4 * _LONGEST_AMOUNT:
        raise ValueError(text[:_LONGEST_AMOUNT])
    text = _HIDDEN.sub("", text).strip().translate(_WRITTEN_ALIKE)
    return "".join(
        " " if unicodedata.category(sign) == "Zs" else str(unicodedata.decimal(sign, sign)) for sign in text
    )


def _without_sign(text: str, currency: str) -> str:
    """Take the currency's own sign or code off one end; brackets around all of it are a minus."""
    if found := _IN_BRACKETS.fullmatch(text):
        text = "-" + found[1].strip()
    minus, text = ("-", text[1:].lstrip()) if text.startswith("-") else ("", text)
    found = _beside_amount(currency).fullmatch(text)
    amount = (found["before"] or found["after"]) if found else text
    if minus and amount.startswith("-"):
        raise ValueError(text)
    return minus + amount


@lru_cache(maxsize=256)
def _beside_amount(currency: str) -> re.Pattern[str]:
    signs = (
        "|".join(re.escape(sign) for sign in sorted(_signs_of(currency), key=len, reverse=True)) or r"(?!)"
    )
    amount = r"(?P<{}>[-0-9].*)"
    return re.compile(
        rf"(?:{signs}) ?{amount.format('before')}|{amount.format('after').replace('.*', '.*?')} ?(?:{signs})",
        re.IGNORECASE,
    )


def _signs_of(currency: str) -> set[str]:
    """List how a currency is written: another one's sign says that the amount is not one of this currency."""
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        return set()
    locales = [locale for tag in SHIPPED if (locale := parse_locale(tag)) is not None]
    written = {_bare(get_currency_symbol(currency, locale)) for locale in locales}
    # Where a currency is at home, CA$ is $.
    short = {sign[-1] for sign in written if sign and unicodedata.category(sign[-1]) == "Sc"}
    return {sign for sign in {currency, *written, *short} if sign}
