"""A list by keyboard alone: rows are walked, selected and opened, and nothing is done to them by the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.domains.reviews.models import Review
from app.kernel.db import unit_of_work
from app.media.models import Asset
from app.media.service import store_picture
from tests.journeys.test_ways import add, package
from tests.media.test_library import scene

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


def review(name: str) -> Any:
    """Make a review that waits."""
    return Review(author_name=name, message="A day to keep.", rating=5, submitted_at=datetime.now(UTC))


@pytest.fixture(autouse=True)
def tidy(live: tuple[str, Flask]) -> Iterator[None]:
    """Take the reviews and pictures away that a story made: other stories count what there is."""
    yield
    with live[1].app_context(), unit_of_work() as session:
        for kept in (
            *session.scalars(select(Review).where(Review.message == "A day to keep.")),
            *session.scalars(select(Asset).where(Asset.title == "Entered lantern")),
        ):
            session.delete(kept)


def festival(slug: str, begins: date, ends: date) -> Any:
    """Make a festival."""
    from app.domains.catalog.models import Festival

    name = slug.replace("-", " ").capitalize()
    return Festival(name=name, slug=slug, category="cultural", country="PT", starts_on=begins, ends_on=ends)


def box_of(page: Any, key: str) -> Any:
    """Find the box of a row, or of a card."""
    return page.locator(f'#rows [data-id="{key}"] input[name=ids]')


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_rows_are_walked_selected_and_opened_and_no_action_runs(
    live: tuple[str, Flask], enter: Enter, width: int, height: int
) -> None:
    _base, app = live
    add(app, *(review(f"Walked {width} {letter}") for letter in "ABC"))
    page = enter("Moderator", width=width, height=height)
    page.goto(f"/reviews/?q=Walked+{width}")
    posts: list[str] = []
    page.on("request", lambda asked: posts.append(asked.url) if asked.url.endswith("/bulk") else None)
    doors = page.locator("#rows .f-first a")
    page.keyboard.press("j")
    expect(doors.nth(0)).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(doors.nth(1)).to_be_focused()
    expect(page.locator("#bulk")).to_contain_text("2 selected")
    box = page.locator("#rows input[name=ids]").nth(1)
    box.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert posts == []
    expect(box).to_be_checked()
    page.keyboard.press("k")
    expect(doors.nth(0)).to_be_focused()
    address = doors.nth(0).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    assert posts == []
    expect(page.locator("main")).to_contain_text("Pending")


@pytest.mark.parametrize(
    "path", ["/festivals/?q=entered", "/festivals/?as=languages&q=entered", "/packages/?as=gallery&q=entered"]
)
def test_enter_in_a_box_never_runs_the_first_action(live: tuple[str, Flask], enter: Enter, path: str) -> None:
    _base, app = live
    from app.domains.catalog.models import Festival, Package
    from app.kernel.db import db

    with app.app_context():
        found = db.session.query(Festival).filter_by(slug="entered-feast").first()
        known = {str(found.id)} if found else set()
        other = db.session.query(Package).filter_by(slug="entered-supper").first()
        known |= {str(other.id)} if other else set()
        db.session.remove()
    if not known:
        add(app, festival("entered-feast", date(2030, 5, 1), date(2030, 5, 2)), package("entered-supper"))
    page = enter("Editor")
    page.goto(path)
    press_enter_in_a_box(page)


def press_enter_in_a_box(page: Any) -> None:
    """Choose the first record, press Enter in its box, and see that nothing else came of it."""
    before = page.url
    page.locator("#rows input[name=ids]").first.check()
    page.locator("#rows input[name=ids]").first.press("Enter")
    page.wait_for_timeout(300)
    assert page.url == before
    expect(page.locator("#bulk")).to_contain_text("1 selected")


def test_enter_in_the_box_of_a_picture_does_nothing(live: tuple[str, Flask], enter: Enter) -> None:
    with live[1].app_context(), unit_of_work():
        store_picture(scene(colour="gold"), "Entered lantern")
    page = enter("Editor")
    page.goto("/pictures/?q=entered")
    press_enter_in_a_box(page)


def test_a_value_is_chosen_and_changed_from_the_row_and_from_its_box(
    live: tuple[str, Flask], enter: Enter
) -> None:
    _base, app = live
    (key,) = add(app, package("arrowed-package"))
    page = enter("Editor")
    page.goto("/packages/?q=arrowed")
    editor = page.locator(".f-cell-edit")
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(editor).to_be_visible()
    page.keyboard.press("Escape")
    expect(editor).to_have_count(0)
    box_of(page, key).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(editor).to_be_visible()


def test_a_card_tells_one_day_once_and_several_as_a_span(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    one, several = add(
        app,
        festival("spanned-day", date(2031, 11, 24), date(2031, 11, 24)),
        festival("spanned-week", date(2031, 11, 24), date(2031, 11, 30)),
    )
    page = enter("Editor")
    page.goto("/festivals/?as=board&q=spanned")
    days = page.locator("dd", has_text="2031")
    expect(page.locator(f'[data-id="{one}"]').locator(days)).to_have_text("Nov 24, 2031")
    expect(page.locator(f'[data-id="{several}"]').locator(days)).to_have_text("Nov 24, 2031 to Nov 30, 2031")


def test_one_cell_that_is_not_typed_over_is_told_of_as_one(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    add(app, *(review(f"Locked {letter}") for letter in "AB"))
    page = enter("Moderator")
    page.goto("/reviews/?as=grid&q=locked")
    place = page.locator("[data-grid] th[data-reason]").first.evaluate("head => head.cellIndex")
    page.locator("[data-grid] tbody tr").first.locator("td").nth(place - 1).click()
    paste = """text => { const pasted = new DataTransfer(); pasted.setData('text/plain', text);
        const event = new ClipboardEvent('paste', {clipboardData: pasted, bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(event); }"""
    page.evaluate(paste, "x\n")
    expect(page.locator(".f-note").last).to_contain_text("1 cell was left as it is")
    page.evaluate(paste, "x\ny\n")
    expect(page.locator(".f-note").last).to_contain_text("2 cells were left as they are")
