"""The spreadsheet of a list loses nothing: not by searching, not while it saves, not when the session ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.domains.catalog.models import Package
from app.domains.reviews.models import Review
from app.kernel import clock
from tests.axe import faults
from tests.conftest import PASSWORD
from tests.journeys.test_ways import add, package, save_meanwhile, stored

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
PASTE = """([text]) => { const data = new DataTransfer(); data.setData('text/plain', text);
    const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(event); }"""


def open_grid(enter: Enter, search: str, columns: str = "name,price,position", **screen: Any) -> Any:
    """Open the packages of a search as a spreadsheet; a dialog of the browser's own fails the test."""
    page = enter("Editor", **screen)
    page.on("dialog", lambda dialog: pytest.fail(f"The browser asked: {dialog.type} {dialog.message}"))
    page.goto(f"/packages/?as=grid&q={search}&columns={columns}")
    page.locator("[data-grid] td[role=gridcell]").first.wait_for()
    return page


def cell_of(page: Any, key: str, column: int) -> Any:
    """Find a cell."""
    return page.locator(f'[data-grid] tr[data-id="{key}"] td').nth(column)


def type_in(page: Any, cell: Any, value: str) -> None:
    """Type over a cell."""
    cell.click()
    page.keyboard.type(value)
    page.keyboard.press("Enter")


def test_who_searches_with_unsaved_cells_is_asked_and_may_stay(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    key, other = add(app, package("asked-first"), package("asked-zebra"))
    page = open_grid(enter, "asked")
    type_in(page, cell_of(page, key, 0), "Not Saved Yet")
    page.fill("#q", "zebra")
    dialog = page.get_by_role("dialog", name="You have unsaved changes.")
    dialog.wait_for()
    assert faults(page) == []
    dialog.get_by_role("button", name="Stay").click()
    dialog.wait_for(state="hidden")
    assert page.input_value("#q") == "asked"
    assert cell_of(page, key, 0).inner_text() == "Not Saved Yet"
    page.fill("#q", "zebra")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # closes the question: one stays
    dialog.wait_for(state="hidden")
    assert cell_of(page, key, 0).inner_text() == "Not Saved Yet"
    page.fill("#q", "zebra")
    dialog.get_by_role("button", name="Leave without saving").click()
    cell_of(page, key, 0).wait_for(state="detached")
    type_in(page, cell_of(page, other, 0), "Typed In The New Table")
    assert page.locator("td[data-unsaved]").count() == 1
    page.keyboard.press("Control+s")
    page.locator(".f-note[data-tone=success]").wait_for()
    assert (stored(app, Package, key).name, stored(app, Package, other).name) == (
        "Asked First",
        "Typed In The New Table",
    )
    page.goto("/")  # nothing is unsaved any more: nothing is asked


def test_the_way_back_asks_too_and_a_clean_table_goes_on(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    first, second = add(app, package("turning-first"), package("turning-second"))
    page = open_grid(enter, "turning")
    page.fill("#q", "turning second")
    cell_of(page, first, 0).wait_for(state="detached")
    type_in(page, cell_of(page, second, 0), "Kept On The Way Back")
    address = page.url
    page.evaluate("history.back()")
    page.get_by_role("dialog").get_by_role("button", name="Stay").click()
    page.wait_for_url(address)
    assert cell_of(page, second, 0).inner_text() == "Kept On The Way Back"
    page.evaluate("history.back()")
    page.get_by_role("dialog").get_by_role("button", name="Leave without saving").click()
    cell_of(page, first, 0).wait_for()
    assert page.locator("td[data-unsaved]").count() == 0


def test_what_is_typed_during_a_save_stays_and_is_saved_next(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    (key,) = add(app, package("slow-save"))
    page = open_grid(enter, "slow")
    held: list[Any] = []
    page.route("**/packages/grid", lambda route: _hold(route, held))
    type_in(page, cell_of(page, key, 0), "Sent Name")
    type_in(page, cell_of(page, key, 1), "500")
    page.click("[data-grid-save]")
    page.wait_for_function("() => document.querySelector('[data-grid-save][aria-busy]')")
    type_in(page, cell_of(page, key, 1), "750")
    type_in(page, cell_of(page, key, 2), "9")
    page.wait_for_timeout(700)  # as long as a try-out waits
    held[0].fulfill(response=held[0].fetch())
    page.locator(".f-note[data-tone=success]").wait_for()
    assert [cell_of(page, key, n).inner_text() for n in range(3)] == ["Sent Name", "750", "9"]
    assert page.locator("td[data-unsaved]").count() == 2
    assert (stored(app, Package, key).name, stored(app, Package, key).price_minor) == ("Sent Name", 50_000)
    page.unroute("**/packages/grid")
    page.wait_for_timeout(900)
    assert page.locator(".f-grid-clash").count() == 0, "one's own Save is nobody else's"
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !document.querySelector('td[data-unsaved]')")
    saved = stored(app, Package, key)
    assert (saved.name, saved.price_minor, saved.position) == ("Sent Name", 75_000, 9)


def _hold(route: Any, held: list[Any]) -> None:
    """Keep a Save waiting; what is tried out goes on."""
    if '"check":true' in (route.request.post_data or ""):
        route.continue_()
    else:
        held.append(route)


@pytest.mark.parametrize("is_cleared", [False, True])
def test_unsaved_cells_outlive_the_session(live: tuple[str, Flask], enter: Enter, is_cleared: bool) -> None:
    _base, app = live
    enter.forgiven.append("WebSocket connection")  # type: ignore[attr-defined]  # it ends with the session
    key, other = add(app, package(f"outlive-one-{is_cleared}"), package(f"outlive-two-{is_cleared}"))
    page = open_grid(enter, "outlive")
    type_in(page, cell_of(page, key, 0), "Before The End")
    if is_cleared:
        page.context.clear_cookies()
    else:
        away = page.context.new_page()
        away.goto("/")
        away.evaluate("document.querySelector('[data-signs-out]').form.requestSubmit()")
        away.wait_for_url("**/login/**")
        away.close()
    type_in(page, cell_of(page, other, 0), "After The End")
    told = page.locator("#signed-out")
    told.wait_for()
    page.click("[data-grid-save]")
    page.wait_for_function("() => !document.querySelector('[data-grid-save][aria-busy]')")
    assert page.locator("td[data-unsaved]").count() == 2
    assert faults(page) == []
    with page.expect_popup() as opened:
        told.get_by_role("link", name="Sign in").click()
    beside = opened.value
    beside.fill("[name=username]", "editor")
    beside.fill("[name=password]", PASSWORD)
    beside.press("[name=password]", "Enter")
    beside.wait_for_url(lambda url: "/login" not in url)
    page.click("[data-grid-save]")
    page.locator(".f-note[data-tone=success]").wait_for()
    assert told.count() == 0
    assert page.locator("td[data-unsaved]").count() == 0
    assert stored(app, Package, key).name == "Before The End"
    assert stored(app, Package, other).name == "After The End"


def test_a_cell_of_a_list_outlives_the_session(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    enter.forgiven.append("WebSocket connection")  # type: ignore[attr-defined]
    (key,) = add(app, package("outlive-cell"))
    page = enter("Editor")
    page.goto("/packages/?q=outlive-cell")
    page.locator(f'tr[data-id="{key}"] td.is-number').first.dblclick()
    field = page.locator(".f-cell-edit [name=value]")
    field.fill("321")
    page.context.clear_cookies()
    field.press("Enter")
    with page.expect_popup() as opened:
        page.locator("#signed-out a").click()
    beside = opened.value
    beside.fill("[name=username]", "editor")
    beside.fill("[name=password]", PASSWORD)
    beside.press("[name=password]", "Enter")
    beside.wait_for_url(lambda url: "/login" not in url)
    assert field.input_value() == "321"
    field.press("Enter")
    page.locator("[data-undoes]").wait_for()
    assert stored(app, Package, key).price_minor == 32_100


def test_another_field_saved_meanwhile_is_no_conflict_of_a_cell(
    live: tuple[str, Flask], enter: Enter
) -> None:
    _base, app = live
    (key,) = add(app, package("merged-cell"))
    page = enter("Editor")
    page.goto("/packages/?q=merged")
    page.locator(f'tr[data-id="{key}"] td.is-number').first.dblclick()
    page.locator(".f-cell-edit [name=value]").fill("111")
    save_meanwhile(app, Package, key, position=77)
    page.locator(".f-cell-edit [name=value]").press("Enter")
    page.locator("[data-undoes]").wait_for()
    assert (stored(app, Package, key).price_minor, stored(app, Package, key).position) == (11_100, 77)
    save_meanwhile(app, Package, key, position=78)
    page.locator("[data-undoes]").click()
    page.wait_for_function("() => document.querySelector('#rows').textContent.includes('1,000.00')")
    assert (stored(app, Package, key).price_minor, stored(app, Package, key).position) == (100_000, 78)


def test_what_a_pasted_block_has_too_much_is_told(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    (key,) = add(app, package("too-wide"))
    page = open_grid(enter, "too-wide")
    cell_of(page, key, 1).click()
    page.evaluate(PASTE, ["500\t3\tEXTRA\tMORE\t\n"])
    said = page.locator(".f-note[data-tone=warning]")
    said.wait_for()
    assert re.search(r"the table ends before them: 2\.", said.inner_text())
    assert [cell_of(page, key, n).inner_text() for n in (1, 2)] == ["500", "3"]


def test_rows_beyond_a_table_that_takes_none_are_told(live: tuple[str, Flask], enter: Enter) -> None:
    _base, app = live
    review = Review(author_name="Last Row", message="Short.", rating=5, submitted_at=clock.now())
    (key,) = add(app, review)
    page = enter("Moderator")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/reviews/?as=grid&q=Last Row&columns=author_name,message")
    cell = cell_of(page, key, 1)
    cell.click()
    assert page.locator("[data-grid-add]").count() == 0
    page.evaluate(PASTE, ["one\ntwo\n\nthree\n"])
    page.locator(".f-note[data-tone=warning]", has_text="before them: 2.").wait_for()
    assert cell.inner_text() == "one"
