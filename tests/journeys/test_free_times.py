"""A free time is found and booked in a browser: asked for, chosen, and the panel of the calendar opens with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select, text

from app.domains.bookings.models import Booking
from app.domains.venues.models import Venue
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from tests.axe import faults
from tests.domains.rooms import next_monday, stored_room

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


@pytest.fixture
def room(live: tuple[str, Flask]) -> Iterator[str]:
    """Store a room; gives its venue's slug, and takes all away again."""
    with live[1].app_context():
        with unit_of_work() as session:
            slug = session.get_one(Venue, stored_room(session, name="Swan hall").venue_id).slug
        yield slug
        db.session.rollback()
        with unit_of_work() as session:
            tables = "booking, room_claim, room, venue, company, city, country, outbox"
            session.execute(text(f"TRUNCATE {tables} CASCADE"))


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_a_time_is_asked_for_chosen_and_booked(
    enter: Enter, live: tuple[str, Flask], room: str, width: int, dark: bool
) -> None:
    page = enter("Booking operator", width=width, dark=dark)
    page.goto("/free-times/")
    page.get_by_label("Day").first.fill(next_monday(clock.now()).isoformat())
    page.get_by_label("Length").select_option(label="2 hours")
    page.get_by_label("Guests").fill("24")
    page.get_by_label("Venue", exact=True).select_option(room)
    page.get_by_role("button", name="Find").click()
    time = page.get_by_role("link", name=re.compile(r"^2:00"))
    expect(time).to_be_visible()
    assert faults(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    time.click()
    panel = page.locator("#r-book")
    expect(panel.locator("[data-verdict]")).to_have_attribute("data-kept", "true")
    expect(panel.get_by_label("Guests")).to_have_value("24")
    expect(panel.locator("[name=starts_at]")).to_have_value(f"{next_monday(clock.now())}T14:00")
    panel.get_by_label("Name").fill("Ottilie Quarles")
    panel.get_by_label("E-mail").fill("ottilie@example.com")
    panel.get_by_label("Occasion").select_option("birthday")
    panel.locator("[data-submits]").first.click()
    expect(page.locator("#notes")).to_contain_text("Booked for Ottilie Quarles")
    assert "book=" not in page.url, "a page that is read anew opens nothing"
    found = db.session.scalars(select(Booking).where(Booking.client_name == "Ottilie Quarles")).one()
    assert found.starts_at is not None and f"{found.starts_at:%H:%M}" == "14:00"
    assert found.guests == 24
