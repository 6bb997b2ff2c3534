"""What was typed becomes a value of its kind, or a sentence that says what to type."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.resources import Field, Kind, On, Option
from app.resources.kinds import Unreadable, parse, plain, recorded

KEY = UUID("01a1fc98-3af5-761a-b252-b115269307b7")
LONG_DOMAIN = ".".join(["b" * 49] * 5) + ".com"  # 253 characters


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
        (Kind.DATE, "1900-01-01", date(1900, 1, 1)),
        (Kind.DATE, "2200-12-31", date(2200, 12, 31)),
        (Kind.TIME, "09:00", time(9)),
        (Kind.TIME, " 9:05:00 ", time(9, 5)),
        (Kind.TIME, "23:59", time(23, 59)),
        (Kind.DECIMAL, "52,520008", Decimal("52.520008")),
        (Kind.DECIMAL, "-0.5", Decimal("-0.5")),
        (Kind.DECIMAL, "\u22121.250,50", Decimal("-1250.5")),
        (Kind.DECIMAL, 1.25, Decimal("1.25")),
        (Kind.DECIMAL, 3, Decimal(3)),
        (Kind.DECIMAL, "-0.0", Decimal(0)),
        (Kind.RELATIONS, f"{KEY},{KEY}", [KEY]),
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
        (Kind.TEXT, " \u202e\u200b ", None),
        (Kind.TEXT, "\u200d\u00ad\u3164\u2800\ufe0f", None),
        (Kind.EMAIL, f"{'a' * 64}@{'b' * 63}.{'c' * 63}.com", f"{'a' * 64}@{'b' * 63}.{'c' * 63}.com"),
        (Kind.EMAIL, f"a@{LONG_DOMAIN}", f"a@{LONG_DOMAIN}"),
        (Kind.EMAIL, "\u202aann@example.com\u202c", "ann@example.com"),
        (Kind.PHONE, "\u202a+49 30 123456\u202c", "+49 30 123456"),
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
        (Kind.EMAIL, f"ann@{'b' * 64}.com"),
        (Kind.EMAIL, f"ann@example.{'c' * 64}"),
        (Kind.EMAIL, f"a@b{LONG_DOMAIN}"),
        (Kind.EMAIL, f"{'a' * 65}@example.com"),
        (Kind.EMAIL, "ann@-example.com"),
        (Kind.EMAIL, "ann@example-.com"),
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
        (Kind.TIME, "24:00"),
        (Kind.TIME, "9"),
        (Kind.TIME, "09:00:30"),
        (Kind.TIME, "09:00+02:00"),
        (Kind.TIME, 540),
        (Kind.DECIMAL, "NaN"),
        (Kind.DECIMAL, "1e5"),
        (Kind.DECIMAL, True),
        (Kind.DECIMAL, 1e300),
        (Kind.DECIMAL, float("inf")),
        (Kind.DECIMAL, {"minor": 5}),
        (Kind.DECIMAL, "five"),
        (Kind.DECIMAL, "9" * 50),
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


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.DATE, "0001-01-01"),
        (Kind.DATE, "1899-12-31"),
        (Kind.DATE, "2201-01-01"),
        (Kind.DATE, "9999-12-31"),
        (Kind.INSTANT, "0001-01-01T00:00+14:00"),
        (Kind.INSTANT, "1900-01-01T00:00+01:00"),
        (Kind.INSTANT, "2200-12-31T23:00-02:00"),
        (Kind.INSTANT, "9999-12-31T23:59-12:00"),
    ],
)
def test_a_day_that_nobody_can_mean_is_too_far_away(app: Flask, kind: Kind, raw: str) -> None:
    with pytest.raises(Unreadable, match="too far away"):
        parse(of(kind), raw)


@pytest.mark.parametrize(
    "mark", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff"]
)
def test_what_turns_or_hides_the_text_around_it_is_dropped_from_a_line(mark: str) -> None:
    assert parse(of(Kind.TEXT), f"Amal{mark} Had{mark}dad{mark}") == "Amal Haddad"
    assert parse(of(Kind.TEXT), f"exe{mark}gpj") == "exegpj"


@pytest.mark.parametrize(
    "text",
    [
        "क्\u200dष",  # Hindi, a joiner keeps the half letter
        "می\u200cخواهم",  # noqa: RUF001  # Persian, a non-joiner parts the verb's prefix
        "שלום\u200f!",
        "Fest\u00adzelt",
        "👩\u200d🎤 in 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ],
)
def test_what_a_script_or_a_picture_character_is_written_with_stays(text: str) -> None:
    assert parse(of(Kind.TEXT), text) == text


def test_letters_that_nobody_sees_are_dropped() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")
    assert parse(of(Kind.TEXT), f"Amal{hidden}") == "Amal"


@pytest.mark.parametrize(
    ("precision", "scale", "raw", "value"),
    [
        (9, 6, "1.250", "1.250"),
        (9, 6, "-179,999999", "-179.999999"),
        (9, 6, "52.5200080000", "52.520008"),
        (6, 2, "1.250", "1250"),
        (3, 3, "0.125", "0.125"),
        (3, 3, "0", "0"),
    ],
)
def test_a_lone_mark_begins_decimals_where_three_may_follow(
    precision: int, scale: int, raw: str, value: str
) -> None:
    assert parse(of(Kind.DECIMAL, precision=precision, scale=scale), raw) == Decimal(value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("1.1234567", "6 digits after"),
        (0.1234567, "6 digits after"),
        ("1000", "3 digits before"),
        ("-1000.5", "3 digits before"),
        (10**20, "3 digits before"),
    ],
)
def test_a_decimal_finer_or_larger_than_its_column_is_refused(app: Flask, raw: Any, words: str) -> None:
    with app.test_request_context("/"), pytest.raises(Unreadable, match=words):
        parse(of(Kind.DECIMAL, precision=9, scale=6), raw)


@given(st.decimals(min_value=-999, max_value=999, places=6))
def test_a_decimal_written_is_read_back(value: Decimal) -> None:
    field = of(Kind.DECIMAL, precision=9, scale=6)
    written = plain(field, value)
    assert parse(field, written) == value
    assert not written.endswith((".", ".0")) and "E" not in written


@given(st.times())
def test_a_time_written_is_read_back_to_the_minute(value: time) -> None:
    field = of(Kind.TIME)
    assert parse(field, plain(field, value)) == value.replace(second=0, microsecond=0)


def test_what_the_database_wrote_as_json_has_its_type_again() -> None:
    assert recorded(of(Kind.TIME), "09:00:00") == time(9)
    assert recorded(of(Kind.DECIMAL), 52.520008) == Decimal("52.520008")
    assert recorded(of(Kind.DATE), "2027-05-24") == date(2027, 5, 24)
    assert recorded(of(Kind.TEXT), "09:00") == "09:00"
    assert recorded(of(Kind.TIME), None) is None


def test_a_choice_takes_its_options_alone() -> None:
    field = of(Kind.CHOICE, options=(Option("a", "A"), Option("b", "B")))
    assert parse(field, "a") == "a"
    with pytest.raises(Unreadable, match="a, b"):
        parse(field, "c")


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_money_written_is_read_back(minor: int, currency: str) -> None:
    field = of(Kind.MONEY)
    assert parse(field, plain(field, minor, currency), currency) == minor
