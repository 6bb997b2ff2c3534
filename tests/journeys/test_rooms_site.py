"""A visitor of the sample site finds a free time, holds it, books it; staff confirm, and the client's page shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.bookings.models import Booking
from app.domains.venues.models import CancellationStep, Room, Venue
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from tests.axe import faults
from tests.domains.rooms import next_monday, stored_room
from tests.factories.venues import CancellationPolicyFactory

pytestmark = pytest.mark.browser
Live = tuple[str, Flask]


@pytest.fixture
def venue(live: Live) -> str:
    """Offer a venue with a room; give its name."""
    name = f"Old mill {clock.now():%H%M%S%f}"
    with live[1].app_context(), unit_of_work() as session:
        policy = CancellationPolicyFactory()
        policy.steps = [CancellationStep(hours_before=24, refund_percent=50)]
        session.flush()
        room: Room = stored_room(session, "Europe/Berlin", name=f"Blue hall {name[-6:]}", policy_id=policy.id)
        place = session.get_one(Venue, room.venue_id)
        place.name, place.position = name, -1
    return name


@pytest.fixture
def visit(live: Live, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open the sample site as a visitor."""
    base, app = live
    contexts = []

    def enter(width: int = 1440, dark: bool = False, locale: str = "en") -> Any:
        for limiter in app.extensions["limiter"]:
            limiter.reset()
        context = chromium.new_context(
            base_url=base,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale=locale,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto("/sample/")
        page.locator("#venue-cards:not([aria-busy])").wait_for()
        return page

    yield enter
    for context in contexts:
        context.close()


def rests_level(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def open_venue(page: Any, name: str) -> None:
    card = page.locator("#venue-cards .card", has=page.get_by_role("heading", name=name))
    card.locator(".button").click()
    page.locator(".free:not([aria-busy])").wait_for()
    monday = next_monday(clock.now())
    page.fill("#f-from", str(monday))
    page.locator(f'[data-day="{monday}"]').wait_for()
    page.locator(".slot").first.wait_for()


@pytest.mark.proves("S1.88")
@pytest.mark.parametrize("width", [1440, 390])
def test_a_visitor_holds_a_free_time_books_it_and_sees_it_confirmed(
    live: Live, visit: Callable[..., Any], enter: Callable[..., Any], venue: str, width: int
) -> None:
    page = visit(width)
    open_venue(page, venue)
    assert rests_level(page)
    assert faults(page) == []
    page.locator(".slot").nth(2).click()
    page.get_by_role("heading", name="This time is held for you").wait_for()
    assert page.locator(".countdown").inner_text().startswith(("29:", "30:"))
    assert "gets 50% back" in page.locator("#sheet").inner_text()
    assert rests_level(page)
    assert faults(page) == []

    mail = f"amal-{venue[-6:]}-{width}@example.com"
    page.fill("#f-client_name", "Amal Haddad")
    page.fill("#f-client_email", mail)
    page.select_option("#f-event_type", "wedding")
    page.get_by_role("button", name="Send the booking").click()
    page.get_by_role("heading", name="Thank you, your booking is in").wait_for()
    number = page.locator(".number").inner_text()
    assert "Blue hall" in page.locator(".facts").inner_text()

    with live[1].app_context():
        found = db.session.execute(
            select(Booking.id, Booking.total_minor).where(Booking.client_email == mail)
        ).one()
    assert found.total_minor == 8000
    confirm(enter("Booking operator"), found.id)

    page.get_by_role("button", name="See the status").click()
    page.locator("[data-status=confirmed]").wait_for()
    assert page.locator(".number").inner_text() == number
    own = page.request.get(f"/public/v1/rooms/{room_of(live, found.id)}/availability")
    assert own.ok


def confirm(staff: Any, key: UUID) -> None:
    staff.goto(f"/bookings/{key}")
    staff.get_by_role("button", name="Confirm", exact=True).first.click()
    staff.locator("h1", has_text="Confirmed").wait_for()


def room_of(live: Live, key: UUID) -> UUID | None:
    with live[1].app_context():
        return db.session.scalar(select(Booking.room_id).where(Booking.id == key))


@pytest.mark.parametrize(("width", "dark", "locale"), [(390, True, "ar"), (1440, False, "de")])
def test_who_asks_for_a_time_that_is_not_free_is_told_why_and_what_is(
    live: Live, visit: Callable[..., Any], venue: str, width: int, dark: bool, locale: str
) -> None:
    page = visit(width, dark, locale)
    open_venue(page, venue)
    page.locator(".room summary").first.click()
    page.locator(".room input[type=time]").fill("20:30")
    page.locator(".room details .quiet").click()
    page.locator("[data-rule=hours]").wait_for()
    assert page.locator(".why .slot").count() == 3
    assert rests_level(page)
    assert faults(page) == []
