"""Texts of one direction in a page of the other, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.kernel.db import unit_of_work
from app.media.folders import PictureFolder
from tests.factories import AssetFactory, BookingFactory, FestivalFactory

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]

PLACE = "The Harbour Rooms at the very end of the long quay, second floor, by the old lighthouse, Lisbon"
# Where the first letter is drawn, and the box that may cut it off.
SHOWN = """(cell) => {
  const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
  const range = document.createRange();
  range.setStart(words, 0);
  range.setEnd(words, 1);
  const letter = range.getBoundingClientRect(), box = cell.closest("td").getBoundingClientRect();
  return letter.left >= box.left - 1 && letter.right <= box.right + 1 && letter.right <= innerWidth && letter.left >= 0;
}"""


@pytest.mark.parametrize("width", [1440, 390])
def test_a_latin_text_keeps_its_beginning_in_an_arabic_list(
    live: Live, enter: Callable[..., Any], width: int
) -> None:
    with live[1].app_context(), unit_of_work():
        BookingFactory(
            place=f"{PLACE} quay{width}",
            client_name="A client whose name is much longer than any column of a list is",
        )
    page = enter("Booking operator", width=width, locale="ar")
    page.goto(f"/bookings/?q=quay{width}")
    cells = page.locator("#rows tbody tr:first-child :is(td > bdi, .f-first > a)")
    assert page.locator("#rows bdi", has_text="The Harbour").count() == 1
    for number in range(cells.count()):
        assert cells.nth(number).evaluate(SHOWN), cells.nth(number).inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


APART = """(name, other) => {
  const range = document.createRange();
  range.selectNodeContents(name);
  const [words, box] = [range.getBoundingClientRect(), other.getBoundingClientRect()];
  const right = Math.min(words.right, name.getBoundingClientRect().right);
  return right <= box.left + 1 || Math.max(words.left, name.getBoundingClientRect().left) >= box.right - 1;
}"""


def test_nothing_lies_on_a_latin_name_on_an_arabic_phone(live: Live, enter: Callable[..., Any]) -> None:
    with live[1].app_context(), unit_of_work() as session:
        BookingFactory(client_name="Apart client with a name that is long enough to be cut", status="pending")
        session.add(PictureFolder(name="Apart folder with a name that is long enough to be cut"))
    page = enter("Admin", width=390, locale="ar")
    page.goto("/bookings/?as=board&q=apart")
    card = page.locator(".f-card", has_text="Apart client").first
    card.wait_for()
    handle = card.locator("[data-move]").element_handle()
    assert card.locator(".f-card-door").evaluate(f"(name, other) => ({APART})(name, other)", handle)
    page.goto("/pictures/")
    page.locator("#library summary").first.click()
    folder = page.locator("#library .f-folder", has_text="Apart folder").first
    folder.wait_for()
    more = folder.locator("summary").element_handle()
    for part in ("span[dir]", ".f-count"):
        assert folder.locator(f"a > {part}").is_visible()
        assert folder.locator(f"a > {part}").evaluate(f"(name, other) => ({APART})(name, other)", more)


ENDS_RIGHT = """(block) => {
  const words = block.firstChild, [first, last] = [document.createRange(), document.createRange()];
  first.setStart(words, 0), first.setEnd(words, 1);
  last.setStart(words, words.length - 1), last.setEnd(words, words.length);
  return first.getBoundingClientRect().left < last.getBoundingClientRect().left;
}"""


def test_each_block_of_a_mixed_text_runs_its_own_way(live: Live, enter: Callable[..., Any]) -> None:
    with live[1].app_context(), unit_of_work():
        mixed = FestivalFactory(customs="<p>Lamps on every sill!</p><p>فوانيس على كل نافذة!</p>").id
    page = enter("Editor")
    for path, place in (("edit", "[data-field=customs] .f-rich-area"), ("", ".f-rich-text")):
        page.goto(f"/festivals/{mixed}/{path}".rstrip("/"))
        blocks = page.locator(f"{place} p")
        blocks.nth(1).wait_for()
        assert blocks.nth(0).evaluate(ENDS_RIGHT), path
        assert not blocks.nth(1).evaluate(ENDS_RIGHT), path


# How far the words stand from the edge at which the reader begins: of the element itself, or of the icon before it.
FROM_THE_START = """(name) => {
  const range = document.createRange();
  range.selectNodeContents(name);
  const edge = name.previousElementSibling?.matches("svg") ? name : name.parentElement;
  return edge.getBoundingClientRect().right - range.getBoundingClientRect().right;
}"""


@pytest.mark.parametrize("width", [1440, 390])
def test_a_latin_name_stands_where_an_arabic_page_begins(
    live: Live, enter: Callable[..., Any], width: int
) -> None:
    with live[1].app_context(), unit_of_work() as session:
        FestivalFactory(name=f"Fair {width}")
        AssetFactory(title=f"Fair {width}")
        session.add(PictureFolder(name=f"Fair {width}"))
    page = enter("Admin", width=width, locale="ar")
    page.goto(f"/festivals/?as=gallery&q={width}")
    assert page.locator(".f-pictured-door b").first.evaluate(FROM_THE_START) < 2
    page.goto(f"/pictures/?as=gallery&q={width}")
    assert page.locator(".f-picture-card-title").first.evaluate(FROM_THE_START) < 2
    folder = page.locator(".f-folder a > span[dir]", has_text=f"Fair {width}").first
    folder.wait_for(state="attached")
    if not folder.is_visible():
        page.locator("#library summary").first.click()
    assert folder.evaluate(FROM_THE_START) < 2
