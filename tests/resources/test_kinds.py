"""What was typed becomes a value of its kind, or a sentence that says what to type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.resources import Field, Kind, On, Option
from app.resources.kinds import Unreadable, parse, plain

KEY = UUID("01a1fc98-3af5-761a-b252-b115269307b7")


def of(kind: Kind, **facts: Any) -> Field:
    return Field("thing", On.FORM, "Thing", kind=kind, **facts)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.TEXT, "  two   words ", "two words"),
        (Kind.LONG_TEXT, " one\r\ntwo ", "one\ntwo"),
        (Kind.SLUG, "Garden-Party", "garden-party"),
        (Kind.EMAIL, " Ann@Example.com ", "ann@example.com"),
        (Kind.PHONE, "+49 30 123456", "+49 30 123456"),
        (Kind.NUMBER, "-12", -12),
        (Kind.RATING, "5", 5),
        (Kind.MONEY, "1250", 125_000),
        (Kind.MONEY, "1,250.50", 125_050),
        (Kind.MONEY, "1.250,50", 125_050),
        (Kind.MONEY, "1,250", 125_000),
        (Kind.MONEY, "12,5", 1_250),
        (Kind.MONEY, "1 250.5", 125_050),
        (Kind.MONEY, {"minor": 5, "currency": "EUR"}, 5),
        (Kind.SWITCH, "on", True),
        (Kind.SWITCH, "", False),
        (Kind.SWITCH, None, False),
        (Kind.SWITCH, False, False),
        (Kind.DATE, "2027-05-24", date(2027, 5, 24)),
        (Kind.INSTANT, "2027-05-24T18:00", datetime(2027, 5, 24, 18, tzinfo=UTC)),
        (Kind.INSTANT, "2027-05-24T18:00+02:00", datetime(2027, 5, 24, 16, tzinfo=UTC)),
        (Kind.RELATION, str(KEY), KEY),
        (Kind.RELATION, {"id": str(KEY), "name": "x"}, KEY),
        (Kind.JSON, '{"a": [1]}', {"a": [1]}),
        (Kind.JSON, {"a": 1}, {"a": 1}),
        (Kind.COUNTRY, "in", "IN"),
        (Kind.CURRENCY, "eur", "EUR"),
        (Kind.LOCALE, "de_AT", "de-AT"),
        (Kind.TEXT, "   ", None),
    ],
)
def test_a_value_is_read(kind: Kind, raw: Any, value: Any) -> None:
    assert parse(of(kind), raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.TEXT, "bell\x07"),
        (Kind.TEXT, 5),
        (Kind.SLUG, "no spaces"),
        (Kind.SLUG, "-edge-"),
        (Kind.EMAIL, "ann@@example.com"),
        (Kind.EMAIL, "ann@example"),
        (Kind.PHONE, "call me"),
        (Kind.NUMBER, "1.5"),
        (Kind.NUMBER, True),
        (Kind.NUMBER, str(2**40)),
        (Kind.RATING, "6"),
        (Kind.RATING, "0"),
        (Kind.MONEY, "-1"),
        (Kind.MONEY, "1.234.5"),
        (Kind.MONEY, "12.345"[:6] + "6"),
        (Kind.MONEY, "NaN"),
        (Kind.MONEY, {"minor": 1.5}),
        (Kind.SWITCH, "perhaps"),
        (Kind.DATE, "24.05.2027"),
        (Kind.INSTANT, "tomorrow"),
        (Kind.RELATION, "1; drop table"),
        (Kind.JSON, "{"),
        (Kind.COUNTRY, "XX"),
        (Kind.CURRENCY, "ZZZ"),
        (Kind.LOCALE, "klingonese"),
    ],
)
def test_what_is_no_value_is_refused_with_a_sentence(app: Flask, kind: Kind, raw: Any) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse(of(kind), raw)
    assert str(refusal.value.sentence)


def test_a_choice_takes_its_options_alone() -> None:
    field = of(Kind.CHOICE, options=(Option("a", "A"), Option("b", "B")))
    assert parse(field, "a") == "a"
    with pytest.raises(Unreadable, match="a, b"):
        parse(field, "c")


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_money_written_is_read_back(minor: int, currency: str) -> None:
    field = of(Kind.MONEY)
    assert parse(field, plain(field, minor, currency), currency) == minor
