"""The simulator in a browser: results follow what is typed, the address holds it, and the forms take it over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import text

from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.kernel.values import Period
from tests.axe import faults
from tests.domains.rooms import stood, stored_room

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


@pytest.fixture
def room(live: tuple[str, Flask]) -> Iterator[str]:
    """Store a room with two bookings that were and one that is to come; gives its key, and takes all away again."""
    with live[1].app_context():
        with unit_of_work() as session:
            made = stored_room(session, name="Blue hall")
            today = datetime.combine(clock.now().date(), time(12), clock.now().tzinfo)
            for days, hours, name in ((-9, 2, "Amal Haddad"), (-5, 3, "Bob Marsh"), (12, 2, "Cleo Papadaki")):
                starts_at = today + timedelta(days=days)
                status = "completed" if days < 0 else "confirmed"
                stood(
                    made,
                    Period(starts_at, starts_at + timedelta(hours=hours)),
                    client_name=name,
                    status=status,
                )
            key = str(made.id)
        yield key
        db.session.rollback()
        with unit_of_work() as session:
            session.execute(text("TRUNCATE booking, room_claim, room, venue, company, city, country CASCADE"))


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_what_is_typed_is_tried_and_taken_over(enter: Enter, room: str, width: int, dark: bool) -> None:
    page = enter("Booking operator", width=width, dark=dark)
    page.goto(f"/simulator/?of=room-{room}")
    expect(page.get_by_text("These are today's rules.")).to_be_visible()
    if width == 390:
        page.get_by_text("What may be booked").click()

    page.get_by_label("Shortest, in minutes").fill("150")
    refused = page.locator("[data-concerns=refused]")
    expect(refused.get_by_text("Amal Haddad")).to_be_visible()
    expect(refused.get_by_text("Its length is not offered")).to_be_visible()
    expect(page.locator("[data-concerns=ahead]").get_by_text("Cleo Papadaki")).to_be_visible()
    page.wait_for_url(f"**/simulator/?of=room-{room}&shortest=150")
    page.locator(".f-chart").first.scroll_into_view_if_needed()  # a chart is drawn when it is seen
    page.locator("[data-drawn]").first.wait_for()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_label("Step, in minutes").fill("much")
    expect(page.locator("#s-step-error")).to_be_visible()
    assert page.get_by_label("Step, in minutes").get_attribute("aria-invalid") == "true"
    assert page.get_by_label("Shortest, in minutes").input_value() == "150", "nothing is lost"
    assert faults(page) == []
    page.get_by_label("Step, in minutes").fill("30")
    expect(page.locator("#s-step-error")).to_be_hidden()

    page.get_by_role("link", name="Blue hall").click()
    page.wait_for_url("**/edit?set.*")
    expect(page.locator("[data-dirty-text]")).to_be_visible()


def test_the_link_shows_somebody_else_the_same(enter: Enter, room: str) -> None:
    page = enter("Admin")
    page.goto(f"/simulator/?of=room-{room}&shortest=150")
    expect(page.locator("[data-concerns=refused]").get_by_text("Amal Haddad")).to_be_visible()
    assert page.get_by_label("Shortest, in minutes").input_value() == "150"
