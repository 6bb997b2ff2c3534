"""The calendar of rooms in a browser: dragged under the eyes of the guard, moved by keyboard, booked, read on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.kernel import clock
from app.kernel.values import Period
from tests.axe import faults
from tests.domains.rooms import next_monday, stored_room

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]
FACTS: dict[str, Any] = {
    "client_email": "ada@example.com",
    "event_type": "birthday",
    "guests": 12,
    "locale": "en",
}


def monday() -> date:
    return next_monday(clock.now())


def period(starts: str, ends: str) -> Period:
    return Period(*(datetime.fromisoformat(f"{monday()}T{wall}+00:00") for wall in (starts, ends)))


@pytest.fixture
def house(live: tuple[str, Flask]) -> dict[str, str]:
    """Store a house with two rooms and two bookings in the first; gives its address, and the keys."""
    from app.domains.bookings import service
    from app.domains.venues.models import Venue
    from app.kernel.db import db, unit_of_work
    from tests.factories.venues import RoomFactory

    _base, app = live
    with app.app_context():
        with unit_of_work() as session:
            first = stored_room(session, name="Blue hall")
            second: Any = RoomFactory(venue_id=first.venue_id, name="Green hall")
            second.prices = []
            ada = service.book_room(
                session, FACTS | {"client_name": "Ada Lovelace"}, first.id, period("12:00", "14:00")
            )
            service.book_room(
                session, FACTS | {"client_name": "Bob Marsh"}, second.id, period("16:00", "18:00")
            )
            slug = session.get_one(Venue, first.venue_id).slug
            found = {"first": str(first.id), "second": str(second.id), "ada": str(ada.id), "venue": slug}
        db.session.remove()
    return found


def open_calendar(page: Any, house: dict[str, str], view: str = "rooms-day") -> None:
    page.goto(f"/calendar/?view={view}&date={monday()}&venues={house['venue']}")
    page.wait_for_selector("[data-stage][data-loaded]")
    expect(event(page, "Ada Lovelace")).to_be_visible()


def event(page: Any, name: str) -> Any:
    return page.locator(".ec-event:not(.ec-preview):not(.ec-ghost)", has_text=name)


def box_of(page: Any, name: str) -> Any:
    """Give where an event stands; it has no place for the moment in which the calendar draws it anew."""
    for _round in range(50):
        if box := event(page, name).bounding_box():
            return box
        page.wait_for_timeout(100)
    raise AssertionError(f"{name} is not shown")


def drag(page: Any, hours: float, down: float) -> None:
    """Drag Ada's event by hours and rows, and stop there."""
    box = box_of(page, "Ada Lovelace")
    hour = box["width"] / 2
    x, y = box["x"] + 20, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + hours * hour / 2, y + down / 2, steps=5)
    page.mouse.move(x + hours * hour, y + down, steps=5)


def row_height(page: Any) -> float:
    first, second = (page.locator(".ec-row-head", has_text=name).bounding_box() for name in ("Blue", "Green"))
    return float(second["y"] - first["y"])


def ends_at(app: Flask, key: str) -> list[tuple[str, str, str]]:
    """Read what lives of a booking and its successors: status, room, start."""
    from app.domains.bookings.models import Booking
    from app.kernel.db import db

    with app.app_context():
        found = db.session.get_one(Booking, key)
        after = db.session.query(Booking).filter_by(follows_id=found.id).all()
        told = [(one.status, str(one.room_id), f"{one.starts_at:%H:%M}") for one in (found, *after)]
        db.session.remove()
    return told


def test_a_drag_against_the_rules_says_why_and_one_that_is_kept_moves_the_booking(
    enter: Enter, house: dict[str, str], live: tuple[str, Flask]
) -> None:
    page = enter("Booking operator")
    open_calendar(page, house)
    assert faults(page) == []
    drag(page, 4, row_height(page))
    bar = page.locator("[data-bar]")
    expect(bar).to_contain_text("It is booked")
    page.mouse.up()
    dialog = page.locator("#r-move")
    expect(dialog.locator("[data-verdict]")).to_have_attribute("data-kept", "false")
    expect(dialog.locator("[data-submits]")).to_be_disabled()
    assert faults(page) == []
    dialog.get_by_role("button", name="Leave it where it was").click()
    assert ends_at(live[1], house["ada"]) == [("pending", house["first"], "12:00")]

    drag(page, -2, row_height(page))
    expect(bar).to_contain_text("This time can be booked.")
    page.mouse.up()
    expect(dialog.locator("[data-verdict]")).to_have_attribute("data-kept", "true")
    dialog.get_by_label("Reason").fill("They asked for the other hall")
    dialog.get_by_role("button", name="Move it").click()
    expect(page.locator("#notes")).to_contain_text("Ada Lovelace")
    expect(dialog).to_be_hidden()
    assert ends_at(live[1], house["ada"]) == [
        ("moved", house["first"], "12:00"),
        ("pending", house["second"], "10:00"),
    ]


def test_a_booking_is_moved_without_a_mouse(
    enter: Enter, house: dict[str, str], live: tuple[str, Flask]
) -> None:
    page = enter("Booking operator")
    open_calendar(page, house)
    event(page, "Ada Lovelace").focus()
    page.keyboard.press("ArrowDown")
    expect(event(page, "Bob Marsh")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(event(page, "Ada Lovelace")).to_be_focused()
    page.keyboard.press("Enter")
    card = page.locator("#r-card")
    expect(card).to_contain_text("ada@example.com")
    assert faults(page) == []
    expect(card.get_by_role("button", name="Move")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.locator("#r-move")
    dialog.get_by_label("Start").fill(f"{monday()}T20:00")
    expect(dialog.locator("[data-rules]")).to_contain_text("The venue is not open")
    dialog.get_by_label("Start").fill(f"{monday()}T18:00")
    expect(dialog.get_by_label("End")).to_have_value(f"{monday()}T20:00")
    expect(dialog.locator("[data-verdict]")).to_have_attribute("data-kept", "true")
    dialog.get_by_role("button", name="Move it").press("Enter")
    expect(dialog).to_be_hidden()
    expect(event(page, "Ada Lovelace")).to_be_focused()
    assert ends_at(live[1], house["ada"])[1] == ("pending", house["first"], "18:00")


def test_an_empty_time_is_booked_where_it_is_clicked_and_two_tabs_hear_of_it(
    enter: Enter, house: dict[str, str]
) -> None:
    page, other = enter("Booking operator"), enter("Admin")
    for one in (page, other):
        open_calendar(one, house)
    box = box_of(page, "Ada Lovelace")
    page.mouse.click(box["x"] + box["width"] * 2.25, box["y"] + box["height"] / 2)
    panel = page.locator("#r-book")
    expect(panel.get_by_label("Start")).to_have_value(f"{monday()}T16:30")
    expect(panel.locator("[data-price]")).to_contain_text("€40.00")
    assert faults(page) == []
    panel.get_by_label("Name").fill("Cleo Day")
    panel.get_by_label("Guests").fill("900")
    expect(panel).to_contain_text("guests at most.")
    expect(panel.get_by_role("button", name="Book and confirm")).to_be_disabled()
    panel.get_by_label("Guests").fill("8")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.mouse.click(box["x"] + box["width"] * 2.25, box["y"] + box["height"] / 2)
    expect(panel.get_by_label("Name")).to_have_value("Cleo Day")  # what was typed is still there
    panel.get_by_label("E-mail").fill("cleo@example.com")
    panel.get_by_label("Occasion").select_option("wedding")
    panel.get_by_role("button", name="Book and confirm").click()
    expect(page.locator("#notes")).to_contain_text("Cleo Day")
    for one in (page, other):
        expect(event(one, "Cleo Day")).to_contain_text("Confirmed")


def test_a_phone_reads_the_agenda_and_moves_by_the_dialog(
    enter: Enter, house: dict[str, str], live: tuple[str, Flask]
) -> None:
    page = enter("Booking operator", width=390, height=844)
    page.goto(f"/calendar/?date={monday()}&venues={house['venue']}")
    page.wait_for_selector("[data-stage][data-loaded]")
    assert "view=list" in page.url
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert faults(page) == []
    event(page, "Ada Lovelace").click()
    page.locator("#r-card").get_by_role("button", name="Move").click()
    dialog = page.locator("#r-move")
    dialog.get_by_label("Room").select_option(house["second"])
    expect(dialog.locator("[data-verdict]")).to_have_attribute("data-kept", "true")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    dialog.get_by_role("button", name="Move it").click()
    expect(dialog).to_be_hidden()
    assert ends_at(live[1], house["ada"])[1] == ("pending", house["second"], "12:00")


def test_a_broken_line_is_said_and_the_calendar_comes_back_by_itself(
    enter: Enter, house: dict[str, str]
) -> None:
    enter.forgiven.append("ERR_FAILED")  # type: ignore[attr-defined]
    page = enter("Booking operator")
    open_calendar(page, house)
    page.route("**/calendar/events*", lambda route: route.abort())
    page.get_by_role("button", name="Later").click()
    expect(page.locator("[data-fault]")).to_be_visible()
    page.unroute("**/calendar/events*")
    page.locator("[data-retry]").click()
    expect(page.locator("[data-fault]")).to_be_hidden()


def test_arabic_mirrors_and_nothing_is_wrong_in_the_dark(enter: Enter, house: dict[str, str]) -> None:
    page = enter("Booking operator", dark=True, locale="ar")
    open_calendar(page, house)
    assert faults(page) == []
    rooms, first = page.locator(".ec-row-head").first.bounding_box(), event(page, "Ada").bounding_box()
    assert rooms["x"] > first["x"]
    for view in ("week", "month", "list"):
        open_calendar(page, house, view)
        assert faults(page) == []


def test_a_rule_is_set_aside_with_a_switch_and_a_reason_that_the_booking_keeps(
    enter: Enter, house: dict[str, str], live: tuple[str, Flask]
) -> None:
    """Rule 24."""
    page = enter("Booking operator")
    open_calendar(page, house)
    event(page, "Ada Lovelace").press("Enter")
    page.locator("#r-card").get_by_role("button", name="Move").click()
    dialog, switch = page.locator("#r-move"), page.locator("#r-move").get_by_role("switch")
    expect(dialog.locator("[data-verdict]")).to_have_attribute("data-kept", "unknown")
    expect(switch).to_be_hidden()
    dialog.get_by_label("Start").fill(f"{monday()}T20:00")
    expect(dialog.locator("[data-rules] .is-against")).to_contain_text("The venue is not open")
    expect(dialog.locator("[data-aside]")).to_contain_text("for this booking alone: opening hours.")
    expect(dialog.locator("[data-submits]")).to_be_disabled()
    switch.check()
    expect(dialog.get_by_label("Reason")).to_be_focused()
    expect(dialog.locator("[data-said]")).to_contain_text("These rules are set aside")
    assert faults(page) == []
    dialog.get_by_role("button", name="Move it").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Start").fill(f"{monday()}T20:10")
    expect(dialog.locator("[data-aside]")).to_contain_text("opening hours, start")
    expect(switch).not_to_be_checked()
    switch.check()
    dialog.get_by_label("Reason").fill("Zenobia's fireworks begin late")
    dialog.get_by_role("button", name="Move it").click()
    expect(dialog).to_be_hidden()
    assert ends_at(live[1], house["ada"])[1] == ("pending", house["first"], "20:10")
    page.goto(f"/bookings/{house['ada']}")
    note = "Set aside: opening hours, start. Reason: Zenobia's fireworks begin late"
    expect(page.get_by_text(note).first).to_be_visible()


def test_an_empty_time_is_booked_against_a_rule_but_never_where_somebody_is(
    enter: Enter, house: dict[str, str]
) -> None:
    page = enter("Booking operator", width=390, height=844)
    page.goto(f"/calendar/?date={monday()}&venues={house['venue']}")
    page.wait_for_selector("[data-stage][data-loaded]")
    page.get_by_role("button", name="Book a time").click()
    panel = page.locator("#r-book")
    panel.get_by_label("Room").select_option(house["first"])
    panel.get_by_label("Start").fill(f"{monday()}T12:10")
    expect(panel.locator("[data-aside]")).to_contain_text("What somebody else has cannot be booked")
    expect(panel.get_by_role("switch")).to_be_hidden()
    panel.get_by_label("Start").fill(f"{monday()}T15:10")
    panel.get_by_role("switch").check()
    expect(panel.get_by_label("Reason")).to_be_focused()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for label, text in (("Name", "Quillon Ash"), ("E-mail", "quillon@example.com")):
        panel.get_by_label(label).fill(text)
    panel.get_by_label("Occasion").select_option("wedding")
    panel.get_by_role("button", name="Book", exact=True).click()
    expect(panel.get_by_label("Reason")).to_be_focused()
    panel.get_by_label("Reason").fill("The choir comes by bus")
    panel.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("#notes")).to_contain_text("Quillon Ash")
    expect(event(page, "Quillon Ash")).to_be_visible()
