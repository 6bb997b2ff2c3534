"""What is done to several records at once: what each of them allows is offered, what is grave asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.axe import faults
from tests.journeys.test_live_list import book, package
from tests.journeys.test_ways import add
from tests.journeys.test_ways import package as offer

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
__all__ = ["package"]


def choose(page: Any, told: list[dict[str, Any]]) -> None:
    """Choose bookings in the list that is open."""
    for one in told:
        page.locator(f'#rows tr[data-id="{one["id"]}"] input[name=ids]').check()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_several_bookings_are_confirmed_and_called_off_at_once(
    live: tuple[str, Flask], enter: Enter, width: int, height: int
) -> None:
    base, _app = live
    told = [book(base, f"Bulk Client {width} {letter}") for letter in "AB"]
    page = enter("Booking operator", width=width, height=height)
    page.goto(f"/bookings/?q=Bulk+Client+{width}")
    bar = page.locator("#bulk")
    expect(bar).to_be_hidden()
    choose(page, told)
    expect(bar).to_contain_text("2 selected")
    expect(bar.get_by_role("button", name="Cancel for the client")).to_be_hidden()
    bar.get_by_role("button", name="Confirm", exact=True).click()
    chips = page.locator("#rows td.is-chip")
    expect(chips).to_have_text(["Confirmed", "Confirmed"])
    expect(page.locator(".f-note", has_text="Confirm: 2 records changed.")).to_be_visible()

    choose(page, told)
    expect(bar.get_by_role("button", name="Confirm", exact=True)).to_be_hidden()
    bar.locator("summary[aria-label=More]").click()
    bar.get_by_role("button", name="Cancel for the client").click()
    dialog = page.get_by_role("dialog", name="Cancel for the client")
    expect(dialog).to_contain_text("This is done to 2 records, as far as you may change them:")
    assert sorted(dialog.locator("li").all_inner_texts()) == [one["client_name"] for one in told]
    dialog.get_by_label("Reason").fill("The clients have moved away.")
    dialog.get_by_role("button", name="Cancel for the client").click()
    expect(chips).to_have_text(["Cancelled", "Cancelled"])


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_dialog_names_what_is_deleted_and_says_that_it_can_be_undone(
    live: tuple[str, Flask], enter: Enter, width: int, height: int
) -> None:
    _base, app = live
    add(app, *(offer(f"gone-{width}-{number}") for number in range(7)))
    page = enter("Editor", width=width, height=height)
    page.goto(f"/packages/?q=gone-{width}")
    boxes, dialog = page.locator("#rows input[name=ids]"), page.get_by_role("dialog", name="Delete")
    expect(boxes).to_have_count(7)
    names = [text.strip() for text in page.locator("#rows .f-first").all_inner_texts()]
    delete = page.locator("#bulk").get_by_role("button", name="Delete")
    boxes.first.check()
    delete.click()
    expect(dialog).to_contain_text("This is done to one record:")
    expect(dialog.locator("li")).to_have_text(names[:1])
    dialog.get_by_role("button", name="Cancel").click()

    for box in boxes.all():
        box.check()
    delete.click()
    expect(dialog).to_contain_text("This is done to 7 records")
    expect(dialog.locator("li")).to_have_text([*names[:5], "and 2 more"])
    expect(dialog).to_contain_text("You can undo this for 15 minutes.")
    assert faults(page) == []
    dialog.get_by_role("button", name="Delete").click()
    note = page.locator(".f-note", has_text="7 records deleted.")
    note.get_by_role("button", name="Undo").click()
    expect(page.locator(".f-note", has_text="7 records are back.")).to_be_visible()
