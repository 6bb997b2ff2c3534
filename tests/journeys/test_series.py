"""A series in a browser: every day is shown while one types, booked with what cannot be, mended, moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.axe import faults

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


def prepare(app: Flask) -> tuple[str, str]:
    """Store a room of which the second Monday is taken; give its key and the first Monday."""
    from app.domains.bookings import service
    from app.kernel import clock
    from app.kernel.db import db, unit_of_work
    from tests.domains.rooms import next_monday, stored_room
    from tests.domains.test_repeating_service import CLIENT, at

    with app.app_context():
        with unit_of_work() as session:
            room = stored_room(session, advance_days=1000)
            service.book_room(session, CLIENT, room.id, at(1, "13:00", "15:00"))
            key = str(room.id)
        db.session.remove()
    return key, next_monday(clock.now()).isoformat()


def fill(page: Any, room: str, first: str) -> None:
    page.select_option("[name=room_id]", room)
    page.fill("[name=first_on]", first)
    page.fill("[name=starts]", "12:00")
    page.fill("[name=minutes]", "120")
    page.fill("[name=times]", "4")


@pytest.mark.parametrize(
    ("width", "dark", "locale"), [(1440, False, "en"), (390, True, "en"), (390, False, "ar")]
)
def test_a_series_is_foreseen_booked_mended_and_moved(
    enter: Enter, live: tuple[str, Flask], width: int, dark: bool, locale: str
) -> None:
    room, first = prepare(live[1])
    page = enter("Booking operator", width=width, height=900, dark=dark, locale=locale)
    page.goto("/series/new")
    assert faults(page) == []
    fill(page, room, first)
    page.wait_for_selector(".r-day:nth-child(4)")
    assert page.locator('.r-day[data-tone="success"]').count() == 3
    assert page.locator('.r-day[data-tone="danger"] .r-instead').count() == 1
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.fill("[name=client_name]", "Choir")
    page.fill("[name=client_email]", "choir@example.com")
    page.select_option("[name=event_type]", "other")
    page.click(".r-acts .btn-primary")
    page.wait_for_url("**/series/*-*")
    assert page.locator(".r-table.is-days tbody tr").count() == 4
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".r-deeds form:has([name=starts_at]) button").first.click()
    page.wait_for_load_state()
    assert page.locator(".r-table.is-days tbody th a").count() == 4
    page.locator("a[href*='what=move'][href*='reach=later']").nth(2).click()
    page.wait_for_selector("[name=starts]")
    with page.expect_response("**/change?*"):
        page.fill("[name=starts]", "17:00")
    page.wait_for_selector(".r-desk:not(.htmx-request, :has(.htmx-request)) .r-before")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click(".r-acts .btn-primary")
    page.wait_for_url("**/series/*-*")
    page.goto("/series/")
    assert faults(page) == []


def test_what_is_typed_before_the_scripts_have_come_is_answered(
    enter: Enter, live: tuple[str, Flask]
) -> None:
    room, first = prepare(live[1])
    page = enter("Booking operator")
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/htmx.min.js*", hold)
    page.goto("/series/new", wait_until="commit")
    page.wait_for_selector("[name=times]")
    fill(page, room, first)
    assert page.locator(".r-day").count() == 0
    for route in held:
        route.continue_()
    expect(page.locator(".r-day")).to_have_count(4)


@pytest.mark.parametrize(("width", "dark", "locale"), [(1440, True, "en"), (390, False, "ar")])
def test_a_time_in_the_calendar_is_begun_as_a_series(
    enter: Enter, live: tuple[str, Flask], width: int, dark: bool, locale: str
) -> None:
    room, first = prepare(live[1])
    page = enter("Booking operator", width=width, height=900, dark=dark, locale=locale)
    page.goto(f"/calendar/?view=list&date={first}&zone=UTC")
    page.click("[data-book-new]")
    page.select_option("#r-book [name=room]", room)
    page.fill("#r-book [name=starts_at]", f"{first}T15:00")
    page.fill("#r-book [name=ends_at]", f"{first}T16:30")
    assert faults(page) == []
    page.click("#r-book [data-repeat]")
    page.wait_for_url("**/series/new?**")
    told = {name: page.input_value(f"[name={name}]") for name in ("room_id", "first_on", "starts", "minutes")}
    assert told == {"room_id": room, "first_on": first, "starts": "15:00", "minutes": "90"}
    expect(page.locator(".r-day")).to_have_count(10)
    assert faults(page) == []
