"""Rich text lets through what is known and nothing that could do harm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.resources import Field, Kind, On
from app.resources.kinds import Unreadable, parse, zones
from app.resources.rich_text import TAGS, clean, plain_text
from app.surfaces.records.wording import amount

MONEY = Field("price_minor", On.FORM, "", kind=Kind.MONEY)
COLOUR = Field("colour", On.FORM, "", kind=Kind.COLOUR)
ZONE = Field("zone", On.FORM, "", kind=Kind.ZONE)
JSON = Field("facts", On.FORM, "", kind=Kind.JSON)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("One\n\nTwo <3 & three", "<p>One</p><p>Two &lt;3 &amp; three</p>"),
        ("<b>Bold</b> <i>slanted</i>", "<strong>Bold</strong> <em>slanted</em>"),
        ("<div>One</div><div><br></div>", "<p>One</p>"),
        ("<h1>Big</h1><h4>Small</h4>", "<h2>Big</h2><h3>Small</h3>"),
        ("<p onclick='x()' style='color:red'>Text</p>", "<p>Text</p>"),
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<p><a href='javascript:alert(1)'>a</a></p>", '<p><a rel="noopener">a</a></p>'),
        (
            "<p><a href='https://example.com' target=_top>a</a></p>",
            '<p><a href="https://example.com" rel="noopener">a</a></p>',
        ),
        ("<p> <br> </p>", ""),
        ("<h1>One<b<li><h1>Two", "<h2>One</h2><h2>Two</h2>"),
    ],
)
def test_what_is_typed_is_kept_without_harm(typed: str, kept: str) -> None:
    assert clean(typed) == kept


MARKS = (
    "<script> </script> <p> <b onerror= ' \" > <svg/onload=x> javascript: <a href= text &lt; <math> <style> "
    "<!-- --> <li> <iframe src=x> </ <h1> <hr> <div>"
)
PIECES = st.sampled_from([*MARKS.split(" "), "\n\n", " "])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_is_typed_only_known_tags_remain_and_cleaning_again_changes_nothing(typed: str) -> None:
    kept = clean(typed)
    assert clean(kept) == kept
    opened = {part.split(">")[0].split()[0].strip("/") for part in kept.split("<")[1:]}
    assert opened <= TAGS
    assert "<script" not in kept.lower()


def test_the_plain_text_has_a_line_for_each_block() -> None:
    assert plain_text("<h2>A &amp; B</h2><ul><li>one</li><li><b>two</b></li></ul>") == "A & B\none\ntwo"


@pytest.mark.parametrize(
    ("typed", "kept"), [("#8F2468", "#8f2468"), ("abc", "#aabbcc"), (" #123 ", "#112233")]
)
def test_a_colour_is_kept_as_six_digits(typed: str, kept: str) -> None:
    assert parse(COLOUR, typed) == kept


@pytest.mark.parametrize("typed", ["red", "#12345", "#12345g", "url(x)"])
def test_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable):
        parse(COLOUR, typed)


def test_a_time_zone_is_one_of_a_place() -> None:
    assert parse(ZONE, "Asia/Kolkata") == "Asia/Kolkata"
    assert "UTC" in zones()
    for typed in ("Kolkata", "Etc/GMT+5", "../etc/passwd", "EST"):
        with pytest.raises(Unreadable):
            parse(ZONE, typed)


@pytest.mark.parametrize("locale", ["en", "de", "es", "hi", "ar"])
@pytest.mark.parametrize(
    ("minor", "currency"), [(123_456_789, "EUR"), (1_250_000, "JPY"), (1_250, "KWD"), (5, "INR")]
)
def test_an_amount_is_read_back_as_the_reader_sees_it(locale: str, minor: int, currency: str) -> None:
    assert parse(MONEY, amount(minor, currency, locale), currency) == minor


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12,50,000.50", 125_000_050),
        ("\u0661\u0662\u0665\u0660\u066b\u0665\u0660", 125_050),
        ("\u0967,\u0968\u096b\u0966", 125_000),
        ("1\u2019250.50", 125_050),
    ],
)
def test_amounts_are_read_as_people_group_and_write_them(typed: str, minor: int) -> None:
    assert parse(MONEY, typed, "EUR") == minor


def test_a_fault_in_json_names_its_line() -> None:
    with pytest.raises(Unreadable, match="Line 2"):
        parse(JSON, '{"a": 1,\n "b": oops}')
    with pytest.raises(Unreadable):
        parse(JSON, "[" * 200_000)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ('{"a": "NaN",\n "b": NaN}', "Line 2: this is no JSON"),
        ("NaN", "Line 1"),
        ('["\\"Infinity",\n\n-Infinity]', "Line 3"),
        ('{"a": 1e400}', "too deep or too large"),
        ('{"a": [-1e999]}', "too deep or too large"),
        ('{"a": "\\u0000"}', "Remove the control characters"),
        ('"\\ud800"', "Remove the control characters"),
        ('[[{"\\udfff": 1}]]', "Remove the control characters"),
        ('{"\\u0000": 1}', "Remove the control characters"),
        ("[" * 101 + "]" * 101, "too deep or too large"),
        ("1" * 5_000, "too deep or too large"),
    ],
)
def test_json_that_no_database_takes_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        parse(JSON, typed)


@pytest.mark.parametrize(
    "sent", [float("nan"), {"a": float("-inf")}, ["\x00"], {"\ud800": 1}, [[[["a\udfffb"]]]]]
)
def test_json_that_a_program_sends_is_held_to_the_same(sent: object) -> None:
    with pytest.raises(Unreadable):
        parse(JSON, sent)


def test_json_is_taken_as_deep_as_people_write_it() -> None:
    deep = "[" * 100 + "]" * 100
    assert parse(JSON, deep) is not None
    assert parse(JSON, '{"NaN": "Infinity \\ud83d\\ude00"}') == {"NaN": "Infinity \U0001f600"}
