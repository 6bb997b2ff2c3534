"""Amounts as people of each language write and paste them; what is no amount is refused, never guessed."""

# ruff: noqa: RUF001  # the digits of other scripts are what is tested

from __future__ import annotations

from typing import Any

import pytest
from babel.numbers import format_currency, format_decimal
from flask import Flask

from app.resources import Field, Kind, On
from app.resources.kinds import Unreadable, parse

PRICE = Field("price", On.FORM, "Price", kind=Kind.MONEY)
MINORS = (0, 5, 50_000, 125_050, 123_456_789)


@pytest.mark.parametrize("numbering", ["latn", "default"])
@pytest.mark.parametrize("currency", ["EUR", "INR", "USD", "CAD"])
@pytest.mark.parametrize("locale", ["en", "de", "es", "hi", "ar", "ar_EG", "de_AT", "de_CH", "en_IN", "fr"])
def test_an_amount_is_read_as_a_spreadsheet_of_each_language_writes_it(
    app: Flask, locale: str, currency: str, numbering: Any
) -> None:
    for minor in MINORS:
        facts = {"locale": locale, "numbering_system": numbering}
        if locale != "fr" or currency in ("EUR", "INR"):  # $US is written in no language of ours
            sheet = format_currency(minor / 100, currency, **facts)
            assert parse(PRICE, sheet, currency) == minor, sheet
        bare = format_decimal(minor / 100, "#,##0.00", **facts)
        assert parse(PRICE, bare, currency) == minor, bare
        assert parse(PRICE, f"{bare} {currency.lower()}", currency) == minor


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("1.250,00 €", 125_000), ("€1,250.00", 125_000), ("1 250,00", 125_000), ("1\u202f250,00\u00a0€", 125_000),
        ("EUR 1’250.50", 125_050), ("1250 eur", 125_000), ("\u200f1,250.00\u00a0€", 125_000),
        ("\u202d1250,5\u202c", 125_050), ("١٢٣٫٥٠", 12_350), ("١٬٢٥٠٫٥٠ €", 125_050), ("१,२५,०००.५०", 12_500_050),
        ("1.250", 125_000), ("1,250,000", 125_000_000), ("١٫٢٥٠", 125), (1.25, 125), (12, 1_200),
    ],
)  # fmt: skip
def test_signs_blanks_and_digits_of_any_script_are_read(app: Flask, written: Any, minor: int) -> None:
    assert parse(PRICE, written) == minor


@pytest.mark.parametrize(
    "written",
    [
        "1E+05", "1.5E3", "1e400", "EUR 12 (was 15)", "2 x 50", "12k", "100/2", "=1+1", "+1+1", "12 15", "1 25", "5-",
        "€ 12 €", "EUR €12", "12 €€", "$12", "12 USD", "₹500", "€", "EUR", "-", "()", "(12", "12%", "½", "1²", "0x10",
        "12\n345", "\u202e05.21", "1,250.5.5", "1'250 000", "١٫٢٥٤", "1٫2٫3", "1_000", "NaN", "inf", "9" * 500,
        1.234, float("inf"), float("nan"), True, [12],
    ],
)  # fmt: skip
def test_what_is_no_amount_of_the_currency_is_refused(app: Flask, written: Any) -> None:
    with pytest.raises(Unreadable, match=r"Give an amount such as 1250\.00\."):
        parse(PRICE, written)


@pytest.mark.parametrize(
    "written", ["-500", "−500", "(500)", "-€500", "€-500", "(€ 500,00)", "−١٢", "-500 €"]
)
def test_less_than_nothing_is_refused_with_its_own_sentence(app: Flask, written: str) -> None:
    with pytest.raises(Unreadable, match="must not be negative"):
        parse(PRICE, written)


def test_a_lone_mark_before_three_digits_begins_the_decimals_where_a_currency_has_three(app: Flask) -> None:
    assert parse(PRICE, "1.250", "KWD") == 1_250
    assert parse(PRICE, "١٫٢٥٠ د.ك.\u200f", "KWD") == 1_250
    assert parse(PRICE, "1 250", "KWD") == 1_250_000
    assert parse(PRICE, "$ 5", "CAD") == parse(PRICE, "CA$5", "CAD") == 500
    assert parse(PRICE, "5", "€1") == 500, "no currency has a sign of its own here"
