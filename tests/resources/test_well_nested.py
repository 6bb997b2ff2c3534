"""What is sent as rich text costs by its length, however it is nested, and comes out well nested."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.resources import rich_text
from app.resources.rich_text import MOST_ROUNDS, clean
from app.resources.well_nested import DEEPEST, well_nested

SHAPES = (
    "<b> <i> <em> <s> <a> <p> <h1> <ul> <li> <ul><li> <blockquote> <hr> x<hr> </p> </b> </li> <b></b> <b>x</b> "
    "<li>x</li> <b><p>x <p><b>x <b>x<p>y</b>z</p> <a§href=x>y <a§href=' <a§href=\"x <a§href=/x>y</a> x=1 < <<a </ <! "
    "<!-- <!----> <? & &a &lt &amp; &#1 &#x41; &#60 &nbsp; § §§x <script> <script>x</script> </script <svg> <svg><p> "
    "<table><tr><td> <select><option> <textarea> <b§x=' <b§x=1> <p§= <p§' <a§b <object><b></object></b> <marquee><b> "
    "</b></i></em>x<b><i> <p><ul> x<b>§</b> <h2><em> <li><h2> <i§a=1><p> <ul><li><blockquote><p><b><i><s>x"
)
NASTY = [shape.replace("§", " ") for shape in SHAPES.split(" ")]


def filled(shape: str, length: int) -> str:
    return (shape * (length // len(shape) + 1))[:length]


def depth(text: str) -> int:
    """Count how many elements are open at once at most; an element that is closed wrongly is a fault."""
    opened: list[str] = []
    deepest = 0
    for closing, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", text):
        if closing:
            assert opened.pop() == name
        elif name not in {"br", "hr"}:
            opened.append(name)
        deepest = max(deepest, len(opened))
    assert not opened
    return deepest


@pytest.mark.parametrize("shape", NASTY)
def test_the_sanitizer_never_sees_what_is_deep_and_sees_it_few_times(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    judged = rich_text._only_known
    monkeypatch.setattr(rich_text, "_only_known", lambda text: seen.append(text) or judged(text))
    for text in (filled(shape, 20_000), "<a " + filled(shape, 20_000), filled(shape, 20_000) + ">x</p></b>"):
        seen.clear()
        kept = clean.__wrapped__(text)
        assert 1 <= len(seen) <= MOST_ROUNDS
        assert max(map(depth, seen)) <= DEEPEST
        assert clean(kept) == kept


def cost(text: str) -> float:
    """Measure the shortest of several rounds, in seconds of this process alone."""
    spent = []
    for _round in range(9):
        began = process_time()
        clean.__wrapped__(text)
        rich_text.plain_text.cache_clear()
        spent.append(process_time() - began)
    return min(spent)


@pytest.mark.parametrize(
    "shape", ["<b>", "<blockquote>", "<b><p>x", "<p><b>x", "<ul><li>", "<a href=x>y", "<b x='", "<", "&"]
)
def test_three_times_the_text_costs_about_three_times_as_much(shape: str) -> None:
    once, thrice = (cost(filled(shape, length)) for length in (30_000, 90_000))
    assert thrice <= 6 * once + 0.02, "nine times as much would be its square"


def test_attributes_that_all_differ_are_no_dearer() -> None:
    text = "".join(f"<b x={number}><p>" for number in range(6_000))
    assert depth(well_nested(text)) <= DEEPEST
    assert len(clean(text + "x")) < len(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<p>One<p>Two", "<p>One</p><p>Two</p>"),
        ("<b>One <i>two</b> three</i>", "<strong>One <em>two</em></strong> three"),
        ("<b>One <b>two</b> three</b> four", "<strong>One two three</strong> four"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("One<b> </b>two<i></i>", "<p>One two</p>"),
        ("<ul><li></li></ul>x", "<p>x</p>"),
        ("<p title='a > b'>x</p>", "<p>x</p>"),
        ("I <3 you << 4 &lt; 5 &#0038; <3>", "<p>I &lt;3 you &lt;&lt; 4 &lt; 5 &amp; &lt;3&gt;</p>"),
        ("a<!-- <p>b -->c<?d?>e", "<p>ace</p>"),
        ("&#" + "1" * 5_000 + ";", "<p>\ufffd</p>"),
        ("a\n\n&nbsp;\n\nb", "<p>a</p><p>b</p>"),
        ("a\n\n&nbsp;\n&nbsp;", "<p>a</p>"),
        ("\ufeff\ufeff <p>a</p>", "<p>a</p>"),
        ("<blockquote>" * 100 + "deep" + "</blockquote>" * 100 + "after", None),
    ],
)
def test_what_is_nested_wrongly_is_closed_where_it_should_be(typed: str, kept: str | None) -> None:
    deep = "<blockquote>" * DEEPEST + "deep" + "</blockquote>" * DEEPEST + "after"
    assert clean(typed) == (deep if kept is None else kept)


@pytest.mark.parametrize("judged", [lambda text: text + "<em>x</em>", lambda text: "<p>" + text])
def test_what_would_never_stay_the_same_is_kept_as_bare_paragraphs(
    judged: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rich_text._only_known
    monkeypatch.setattr(rich_text, "_only_known", judged)
    kept = clean.__wrapped__("<h2>One & <b>two</b></h2><p>three</p>")
    monkeypatch.setattr(rich_text, "_only_known", real)
    assert kept.startswith("<p>One &amp; two</p><p>three")
    assert clean(kept) == kept


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*NASTY, "</ul>", "</blockquote>", "</a>", "-->", ";", ">", "x"]), max_size=40)
)
def test_order_once_made_stays(shapes: list[str]) -> None:
    ordered = well_nested("".join(shapes))
    assert well_nested(ordered) == ordered
    assert depth(ordered) <= DEEPEST
    kept = clean("".join(shapes))
    assert clean(kept) == kept
