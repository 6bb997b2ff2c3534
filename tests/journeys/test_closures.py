"""A closure in a browser: the bookings under it stand in its form while one types, and one save does what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select, text

from app.domains.bookings import service
from app.domains.bookings.models import Booking
from app.domains.venues.models import Closure
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from tests.axe import faults
from tests.domains.rooms import next_monday, period, stored_room
from tests.domains.test_closures import FACTS

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


def at(starts: str, ends: str) -> Any:
    return period(starts, ends, next_monday(clock.now()))


@pytest.fixture
def closure(live: tuple[str, Flask]) -> Iterator[str]:
    """Store a closure in the evening of a day with two bookings at noon; gives its key, and takes all away again."""
    with live[1].app_context():
        with unit_of_work() as session:
            room = stored_room(session, name="Blue hall")
            for name, when in (("Amal Haddad", at("11:00", "12:00")), ("Bob Marsh", at("12:30", "14:00"))):
                service.book_room(session, FACTS | {"client_name": name}, room.id, when)
            evening = at("18:00", "20:00")
            made = Closure(
                venue_id=room.venue_id,
                reason="Painting",
                starts_at=evening.starts_at,
                ends_at=evening.ends_at,
            )
            session.add(made)
            session.flush()
            key = str(made.id)
        yield key
        db.session.rollback()
        with unit_of_work() as session:
            tables = "booking, room_claim, closure, room, venue, company, city, country, outbox"
            session.execute(text(f"TRUNCATE {tables} CASCADE"))


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_the_bookings_are_listed_while_one_types_and_moved_by_the_same_save(
    enter: Enter, live: tuple[str, Flask], closure: str, width: int, dark: bool
) -> None:
    page = enter("Booking operator", width=width, dark=dark)
    page.goto(f"/closures/{closure}/edit")
    expect(page.get_by_text("It lies over no booking.")).to_be_visible()

    page.get_by_label("From").fill(at("10:00", "11:00").starts_at.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Until").fill(at("13:00", "15:00").starts_at.strftime("%Y-%m-%dT%H:%M"))
    expect(page.get_by_text("It lies over 2 bookings.")).to_be_visible()
    amal = page.get_by_role("group", name="Amal Haddad")
    amal.get_by_label("Move it").check()
    expect(amal.get_by_label("Where to")).to_be_visible()
    bob = page.get_by_role("group", name="Bob Marsh")
    bob.get_by_label("Call it off").check()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/closures/{closure}")
    expect(page.locator("#notes").get_by_text("Amal Haddad was moved")).to_be_visible()
    expect(page.locator("#notes").get_by_text("Bob Marsh was called off")).to_be_visible()
    with live[1].app_context():
        bobs = Booking.client_name == "Bob Marsh", Booking.starts_at == at("12:30", "14:00").starts_at
        statuses = set(db.session.scalars(select(Booking.status).where(*bobs)))
        assert statuses == {"cancelled"}
