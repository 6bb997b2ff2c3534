"""A booking from outside appears in the list that an operator has open, and leaves what they do there alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from playwright.sync_api import expect

from app.kernel import clock
from tests.domains.bookings import wish

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


@pytest.fixture(autouse=True)
def package(live: tuple[str, Flask]) -> None:
    """Offer a package, once."""
    from app.domains.catalog.models import Package
    from app.kernel.db import db, unit_of_work

    _base, app = live
    for limiter in app.extensions["limiter"]:
        limiter.reset()
    with app.app_context(), unit_of_work() as session:
        if session.query(Package).filter_by(slug="garden-party").first() is None:
            session.add(Package(name="Garden party", slug="garden-party", price_minor=189_000))
    with app.app_context():
        db.session.remove()


def book(base: str, name: str) -> dict[str, Any]:
    """Book as a visitor's phone does."""
    answer = requests.post(f"{base}/public/v1/bookings", json=wish(client_name=name), timeout=20)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()["data"]
    return told


def call_off(base: str, told: dict[str, Any]) -> None:
    """Call a booking off as its client does."""
    path = told["links"]["status"].split("/public/", 1)[1]
    assert requests.post(f"{base}/public/{path}/cancel", json={}, timeout=20).status_code == 200


def names(page: Any) -> list[str]:
    """Read the list's first column."""
    found: list[str] = page.locator("#rows tbody tr .f-first").all_inner_texts()
    return [text.strip() for text in found]


def wait_joined(page: Any) -> None:
    """Wait until the page hears what is told."""
    page.wait_for_function(
        "() => new Promise(done => Festoon.live.onState(s => s === 'connected' && done(true)))"
    )
    page.wait_for_timeout(400)


def wait_for(page: Any, held: list[Any]) -> None:
    """Wait until a page has asked for what a test holds back."""
    for _ in range(100):
        if held:
            return
        page.wait_for_timeout(100)
    pytest.fail("the page did not ask")


@pytest.mark.proves("S0.23", "S0.29")
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_new_booking_appears_without_a_reload_and_leaves_the_selection_alone(
    live: tuple[str, Flask], enter: Enter, width: int, height: int
) -> None:
    base, _app = live
    first = book(base, f"Early Client {width}")
    page = enter("Booking operator", width=width, height=height)
    page.goto("/bookings/?filter[status]=pending")
    wait_joined(page)
    page.evaluate("window.stayed = true")
    page.locator(f'#rows tr[data-id="{first["id"]}"] input[name=ids]').check()
    page.mouse.move(5, 5)
    told = book(base, f"Late Client {width}")
    row = page.locator(f'#rows tr[data-id="{told["id"]}"]')
    row.wait_for(timeout=10_000)
    assert names(page)[0] == f"Late Client {width}"
    assert page.evaluate("window.stayed"), "the page was loaded anew"
    assert page.locator(f'#rows tr[data-id="{first["id"]}"] input[name=ids]').is_checked()
    assert "filter[status]=pending" in page.evaluate("decodeURIComponent(location.search)")
    assert page.locator("[data-bulk]").is_visible()


def test_a_booking_that_a_client_calls_off_leaves_the_list_of_the_pending_ones(
    live: tuple[str, Flask], enter: Enter
) -> None:
    base, _app = live
    told = book(base, "Wavering Client")
    page = enter("Booking operator")
    page.goto("/bookings/?filter[status]=pending")
    wait_joined(page)
    row = page.locator(f'#rows tr[data-id="{told["id"]}"]')
    row.wait_for()
    call_off(base, told)
    expect(row).to_have_count(0)
    assert "Wavering Client" not in names(page)


def test_rows_that_come_late_for_a_list_that_was_left_are_not_shown_in_the_next(
    live: tuple[str, Flask], enter: Enter
) -> None:
    base, _app = live
    call_off(base, book(base, "Constant Client"))
    page = enter("Booking operator")
    page.goto("/bookings/?filter[status]=pending")
    wait_joined(page)
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/bookings/?filter*status*=pending", hold)
    told = book(base, "Tardy Client")
    wait_for(page, held)
    page.locator(".f-filter-chip a[data-go]").first.click()
    page.wait_for_url("**/bookings/?sort*")
    page.locator(f'#rows tr[data-id="{told["id"]}"]').wait_for()
    page.evaluate("document.getElementById('rows').dataset.mine = 'yes'")
    with page.expect_response("**/bookings/?filter*"):
        for route in held:
            route.continue_()
    page.wait_for_timeout(300)
    assert page.evaluate("document.getElementById('rows').dataset.mine") == "yes"


def test_where_the_rows_must_not_move_a_button_offers_what_is_new(
    live: tuple[str, Flask], enter: Enter
) -> None:
    base, app = live
    _fill(app, 30)
    page = enter("Booking operator")
    page.goto("/bookings/")
    page.locator("a[data-turns]").first.click()
    page.wait_for_url("**page*after*")
    wait_joined(page)
    before = names(page)
    told = book(base, "Client Of The Second Page")
    offer = page.locator("#fresh")
    offer.wait_for(state="visible", timeout=10_000)
    assert names(page) == before
    offer.click()
    page.locator(f'#rows tr[data-id="{told["id"]}"]').wait_for()


def _fill(app: Flask, how_many: int) -> None:
    from app.domains.bookings.models import Booking
    from app.kernel.db import unit_of_work

    with app.app_context(), unit_of_work() as session:
        for number in range(how_many):
            session.add(
                Booking(
                    client_name=f"Filling {number}",
                    client_email="filling@example.com",
                    event_type="other",
                    event_on=clock.today() + timedelta(days=number),
                    place="Here",
                )
            )


def test_one_is_shown_to_those_of_the_same_list_and_not_while_home_counts_it(
    live: tuple[str, Flask], enter: Enter
) -> None:
    base, _app = live
    book(base, "Counted Client")
    home, other = enter("Admin"), enter("Booking operator")
    home.goto("/")
    assert home.locator("[data-queue][data-live]").count(), "home hears of what it counts"
    wait_joined(home)
    other.goto("/bookings/")
    wait_joined(other)
    other.wait_for_timeout(600)
    assert other.locator(".f-person").count() == 0
    home.goto("/bookings/")
    expect(other.locator(".f-person")).to_have_count(1)
    expect(home.locator(".f-person")).to_have_count(1)
    home.goto("/")
    expect(other.locator(".f-person")).to_have_count(0)
