"""A morning in a list: search, filter, keep a view, share its address, choose columns; on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.axe import faults
from tests.factories import PackageFactory

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
SIZES = [(1440, 900), (390, 844)]


@pytest.fixture(autouse=True)
def feasts(live: tuple[str, Flask]) -> None:
    """Have thirty festivals, a third of them in India, once."""
    from app.domains.catalog.models import Festival
    from app.kernel.db import db, unit_of_work

    _base, app = live
    with app.app_context(), unit_of_work() as session:
        if session.query(Festival).filter_by(slug="listed-0").first() is None:
            for number in range(30):
                day = date(2028, 3, 1) + timedelta(days=number)
                session.add(
                    Festival(
                        name=f"Listed feast {number:02}",
                        slug=f"listed-{number}",
                        category="harvest" if number % 2 else "religious",
                        country="PT" if number % 3 else "IN",
                        starts_on=day,
                        ends_on=day,
                    )
                )
    with app.app_context():
        db.session.remove()


def shown(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("#rows .f-first").all_inner_texts()]


def wait_for(page: Any, condition: str) -> None:
    page.wait_for_function(f"() => {condition}")


def filter_by(page: Any, name: str) -> None:
    """Open the editor of one more filter by the keyboard alone."""
    page.locator(".f-add-filter").press("Enter")
    page.locator(f".f-menu [data-filter='{name}']").press("Enter")
    page.wait_for_selector(f"[data-filter-form='{name}']")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_list_is_narrowed_kept_as_a_view_and_sent_to_a_colleague(
    enter: Enter, width: int, height: int
) -> None:
    page = enter("Editor", width, height)
    name = f"Indian harvest {width}"
    page.goto("/festivals/")
    page.keyboard.press("/")
    page.keyboard.type("listed feast")
    page.wait_for_url(lambda url: "q=listed+feast" in url)
    filter_by(page, "category")
    page.keyboard.press("ArrowDown")
    page.locator("#filter-editor input[value=harvest]").check()
    wait_for(page, "document.getElementById('state').textContent.includes('of 15')")
    assert faults(page) == []
    page.keyboard.press("Escape")
    filter_by(page, "country")
    page.keyboard.type("Indi")
    page.wait_for_selector(".ts-dropdown .option >> text=India")
    page.keyboard.press("Enter")
    wait_for(page, "document.getElementById('state').textContent.includes('of 5')")
    page.keyboard.press("Escape")
    assert page.locator(".f-filter-chip").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_role("button", name="Save as a view").click()
    page.fill("#view-name", name)
    page.select_option("#view-shared", "all")
    page.press("#view-name", "Enter")
    tab = page.locator(".f-tabs .is-open")
    tab.wait_for()
    assert name in tab.inner_text()
    wait_for(page, "document.querySelector('.is-open [data-view-count]').textContent === '5'")

    colleague = enter("Viewer", width, height)
    colleague.goto(page.url)
    assert shown(colleague) == shown(page)
    assert name in colleague.locator(".f-tabs .is-open").inner_text()
    assert not colleague.get_by_role("button", name="Save changes").is_visible()

    page.locator(".f-filter-chip", has_text="Country").get_by_role("link").click()
    wait_for(page, "document.getElementById('state').textContent.includes('of 15')")
    assert page.get_by_role("button", name="Save changes").is_visible()
    page.go_back()
    wait_for(page, "document.getElementById('state').textContent.includes('of 5')")
    assert not page.get_by_role("button", name="Save changes").is_visible()

    page.locator(".f-tabs summary").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    wait_for(page, f"document.querySelector('.f-tabs .is-open')?.textContent.includes('{name}')")
    assert len(shown(page)) == 5


def test_columns_are_chosen_ordered_and_made_wider_by_keyboard_and_stay(enter: Enter) -> None:
    page = enter("Editor")
    page.goto("/festivals/?q=listed&sort=starts_on")
    page.locator("[popovertarget=columns]").press("Enter")
    page.wait_for_selector("[data-columns] li")
    first = page.locator("[data-columns] li").first
    first.locator("[data-move='1']").press("Enter")
    assert "2" in page.locator("#columns [data-said]").inner_text()
    page.locator("#columns input[value=available_in]").check()
    page.locator("#columns input[value=ends_on]").uncheck()
    assert faults(page) == []
    page.get_by_role("button", name="Show these columns").click()
    page.wait_for_url(lambda url: "columns=" in url)
    heads = [text.strip() for text in page.locator("#rows th[data-column]").all_inner_texts()]
    assert heads[:2] == ["Category", "Name"]
    assert heads[-1] == "Available in"
    assert "Last day" not in heads
    head = page.locator("#rows th[data-column=name]")
    before = head.bounding_box()["width"]
    with page.expect_response(lambda answer: answer.url.endswith("/columns") and answer.status == 204):
        for _time in range(3):
            head.locator("a").press("Alt+ArrowRight")
    page.goto("/festivals/?q=listed")
    assert "columns=category" in page.url  # a link from here shows a colleague the same columns
    head.wait_for()
    wait_for(page, "document.querySelector('#rows th[data-column=name]').dataset.width")
    assert abs(head.bounding_box()["width"] - before - 48) <= 3
    page.locator("[popovertarget=columns]").click()
    page.get_by_role("button", name="Reset").click()
    page.wait_for_url(lambda url: "columns=" not in url)
    assert page.locator("#rows th").nth(1).inner_text().strip() == "Name"


def test_pages_dates_and_the_way_back(enter: Enter) -> None:
    page = enter("Viewer")
    page.goto("/festivals/?q=listed&sort=starts_on")
    page.get_by_role("link", name="Next").click()
    wait_for(page, "document.getElementById('state').textContent.includes('26\u201330')")
    assert shown(page)[0] == "Listed feast 25"
    page.get_by_role("link", name="Previous").click()
    wait_for(page, "document.getElementById('state').textContent.includes('1\u201325')")
    page.locator("summary[aria-label='Jump to a date']").click()
    page.fill("#near", "2028-03-21")
    page.locator("#near").dispatch_event("change")
    wait_for(page, "document.querySelector('#rows .f-first').textContent.includes('20')")
    assert "near=2028-03-21" in page.url
    page.get_by_role("link", name="Previous").click()
    wait_for(page, "document.querySelector('#rows .f-first').textContent.includes('00')")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_phone_shows_cards_and_nothing_scrolls_sideways(enter: Enter, locale: str) -> None:
    page = enter("Admin", 390, 844, dark=locale == "ar", locale=locale)
    for address in ("/festivals/?filter[category]=harvest", "/bookings/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert faults(page) == []
    page.goto("/festivals/?filter[category]=harvest")
    card = page.locator("#rows tbody tr").first
    assert card.evaluate("row => getComputedStyle(row).display") == "flex"
    page.locator(".f-filter-chip button").first.click()
    editor = page.locator("#filter-editor")
    editor.wait_for()
    assert editor.bounding_box()["width"] == 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_number_is_applied_while_it_is_typed_and_keeps_the_caret(
    live: tuple[str, Flask], enter: Enter
) -> None:
    from app.kernel.db import db, unit_of_work

    with live[1].app_context():
        with unit_of_work():
            for place, price in enumerate((5, 50, 500)):
                PackageFactory(name=f"Priced {price}", price_minor=price * 100, position=900 + place)
        db.session.remove()
    page = enter("Editor")
    page.goto("/packages/?q=priced")
    places = page.evaluate("history.length")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "filter" in request.url else None)
    filter_by(page, "price")
    del asked[:]  # of the editor itself
    low = page.locator("#filter-editor [name='filter[price][gte]']")
    low.focus()
    page.evaluate("() => { for (const digit of '40') document.execCommand('insertText', false, digit); }")
    page.wait_for_url(lambda url: url.endswith("=40"))
    wait_for(page, "document.querySelectorAll('#rows .f-first').length === 2")
    assert shown(page) == ["Priced 50", "Priced 500"]
    assert len(asked) == 1, "it is asked once, after a pause"
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("1")
    page.wait_for_url(lambda url: url.endswith("=410"))
    wait_for(page, "document.querySelectorAll('#rows .f-first').length === 1")
    assert low.evaluate("input => [input === document.activeElement, input.selectionStart]") == [True, 2]
    assert len(asked) == 2
    page.keyboard.press("Enter")
    low.wait_for(state="hidden")
    assert len(asked) == 2, "it was applied already"
    assert page.evaluate("history.length") == places + 1
    page.go_back()
    wait_for(page, "document.querySelectorAll('#rows .f-first').length === 3")


def test_of_buttons_none_of_which_is_chosen_none_looks_chosen(enter: Enter) -> None:
    page = enter("Editor")
    page.goto("/packages/")
    filter_by(page, "is_active")
    radios = page.locator("#filter-editor input[type=radio]")
    colour = "all => all.map(one => getComputedStyle(one).backgroundColor)"
    page.wait_for_timeout(300)  # they fade
    before = radios.evaluate_all(colour)
    radios.first.check()
    page.wait_for_timeout(300)
    chosen, *others = radios.evaluate_all(colour)
    assert others
    assert chosen not in before
    assert others == before[1:]
