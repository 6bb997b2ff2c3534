"""A booking and its money in the browser: paid and confirmed, called off for what was told, moved by the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.axe import faults

pytestmark = pytest.mark.browser
Enter = Callable[..., Any]


def booked(app: Flask, **facts: Any) -> tuple[str, str]:
    """Store a room, and a booking of two hours in it for real; gives the booking's key and its day."""
    from app.domains.venues.models import CancellationPolicy
    from app.domains.venues.models.policies import CancellationStep
    from app.kernel.db import db, unit_of_work
    from app.kernel.ids import new_id
    from tests.domains.payments.steps import book
    from tests.domains.rooms import stored_room

    with app.app_context():
        with unit_of_work() as session:
            policy = CancellationPolicy(name=f"Half until a day before {new_id()}")
            policy.steps = [CancellationStep(hours_before=24, refund_percent=50)]
            session.add(policy)
            session.flush()
            booking = book(session, stored_room(session, policy_id=policy.id), **facts)
            found = str(booking.id), str(booking.event_on)
        db.session.remove()
    return found


@pytest.mark.proves("S1.88")
def test_a_payment_is_received_and_the_booking_is_confirmed(enter: Enter, live: tuple[str, Flask]) -> None:
    key, _day = booked(live[1])
    page = enter("Booking operator")
    page.goto(f"/bookings/{key}")
    expect(page.locator("h1")).to_contain_text("Pending")
    page.get_by_text("Receive a payment").click()
    expect(page.get_by_label("Amount (EUR)")).to_have_value("80.00")
    page.get_by_label("Reference").fill("Statement 12")
    page.get_by_role("button", name="Receive", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Confirmed")
    expect(page.locator("#money")).to_contain_text("Statement 12")
    expect(page.locator("#money tr", has_text="Still to be paid")).to_contain_text("€0.00")
    assert faults(page) == []


@pytest.mark.proves("S1.89")
def test_what_the_dialog_tells_is_what_goes_back(enter: Enter, live: tuple[str, Flask]) -> None:
    """Rule 18: the preview is the refund."""
    key, _day = booked(live[1], client_name="Ada Stone")
    page = enter("Booking operator", width=390)
    page.goto(f"/bookings/{key}")
    page.get_by_text("Receive a payment").click()
    page.get_by_role("button", name="Receive", exact=True).click()
    told = page.locator("#money [data-preview]").first
    expect(told).to_contain_text(re.compile(r"€40\.00 back \(50\s?%\)"))
    page.get_by_role("button", name="Cancel for the client").first.click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("€40.00 back")
    dialog.get_by_label("Reason").fill("Rain")
    dialog.get_by_role("button", name="Cancel for the client").click()
    expect(page.locator("h1")).to_contain_text("Cancelled")
    refund = page.locator("#money li", has_text="To be paid back")
    expect(refund).to_contain_text("€40.00")
    page.get_by_role("button", name="Mark as paid back").click()
    expect(page.locator("#money li", has_text="Rain")).to_contain_text("Paid back")
    assert faults(page) == []


@pytest.mark.proves("S1.27")
def test_a_part_is_paid_back_by_goodwill_and_the_booking_stays(enter: Enter, live: tuple[str, Flask]) -> None:
    """Rule 18."""
    key, _day = booked(live[1], client_name="Grace Hill")
    page = enter("Booking operator", width=390, dark=True)
    page.goto(f"/bookings/{key}")
    expect(page.get_by_text("Pay back by goodwill")).to_have_count(0)
    page.get_by_text("Receive a payment").click()
    page.get_by_role("button", name="Receive", exact=True).click()
    page.get_by_text("Pay back by goodwill").click()
    page.get_by_label("Amount to pay back (EUR)").fill("80.01")
    page.get_by_label("Why is it paid back?").fill("Cold food")
    page.get_by_role("button", name="Pay back", exact=True).click()
    wrong = page.get_by_label("Amount to pay back (EUR)")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description(re.compile("left of what was received: €80.00"))
    expect(page.get_by_label("Why is it paid back?")).to_have_value("Cold food")
    page.get_by_label("Amount to pay back (EUR)").fill("12.50")
    assert faults(page) == []
    page.get_by_role("button", name="Pay back", exact=True).dblclick()
    expect(page.locator("#money li", has_text="To be paid back")).to_have_count(1)
    expect(page.locator("#money li", has_text="To be paid back")).to_contain_text("Goodwill: Cold food")
    expect(page.locator("#money tr", has_text="Still to be paid")).to_contain_text("€0.00")
    expect(page.locator("h1")).to_contain_text("Confirmed")
    assert faults(page) == []


def test_a_booking_is_moved_by_the_form_after_the_guard_has_answered(
    enter: Enter, live: tuple[str, Flask]
) -> None:
    """Rule 3."""
    key, day = booked(live[1])
    page = enter("Booking operator", dark=True)
    page.goto(f"/bookings/{key}")
    page.get_by_text("Move or extend").click()
    page.get_by_label("Start").fill(f"{day}T13:30")
    expect(page.get_by_label("End")).to_have_value(f"{day}T15:30")
    page.get_by_label("Start").fill(f"{day}T12:00")
    page.get_by_label("End").fill(f"{day}T22:00")
    page.get_by_role("button", name="See whether it is free").click()
    expect(page.get_by_role("heading", name="This time cannot be booked.")).to_be_visible()
    expect(page.get_by_role("switch", name="Set these rules aside")).not_to_be_checked()
    page.get_by_role("button", name="Move it there").click()  # the browser asks for the switch and the reason
    expect(page.get_by_role("heading", name="This time cannot be booked.")).to_be_visible()
    page.get_by_label("End").fill(f"{day}T15:00")
    page.get_by_role("button", name="See whether it is free").click()
    expect(page.get_by_role("heading", name="This time can be booked.")).to_be_visible()
    expect(page.locator(".rp-answer")).to_contain_text("€40.00 more")
    assert faults(page) == []
    page.get_by_role("button", name="Move it there").click()
    expect(page.locator("#time")).to_contain_text("Takes the place of")
    expect(page.locator("#money")).to_contain_text("€120.00")
    assert key not in page.url
