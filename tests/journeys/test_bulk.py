"""What is done to several records at once: what each of them allows is offered, what is grave asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.journeys.test_live_list import book, package

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

    choose(page, told)
    expect(bar.get_by_role("button", name="Confirm", exact=True)).to_be_hidden()
    bar.locator("summary[aria-label=More]").click()
    bar.get_by_role("button", name="Cancel for the client").click()
    dialog = page.get_by_role("dialog", name="Cancel for the client")
    dialog.get_by_label("Reason").fill("The clients have moved away.")
    dialog.get_by_role("button", name="Cancel for the client").click()
    expect(chips).to_have_text(["Cancelled", "Cancelled"])
