"""Vera reads the waiting list and the reports of her own rooms: whatever is others' is in no figure and no file."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking, Claim, Waiting, WaitingStatus
from app.domains.venues.models import Room
from app.domains.venues.models.venues import OpeningHours
from app.kernel import clock
from tests.domains.partners import Estate
from tests.factories import BookingFactory, PackageFactory

CHARTS = ("occupancy", "rooms", "venues", "availability", "room-hours", "room-lead-times", "busy")
ABOUT_BOOKINGS = ("bookings", "revenue", "conversion", "lead-times", "occasions")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHUT = ("packages", "themes", "ratings")


def read(browser: FlaskClient, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    body = answer.get_data(as_text=True)
    assert answer.status_code == status, (address, answer.status_code)
    return body


def open_always(one: Estate) -> None:
    one.venue.hours = [OpeningHours(weekday=day, mode="all_day") for day in DAYS]


def used(session: Session, one: Estate, hours: int, total: int = 10_000) -> Booking:
    """Open a venue at all hours, and have its room booked for some of them last week."""
    open_always(one)
    monday = clock.today() - timedelta(days=clock.today().weekday() + 7)
    starts_at = datetime.combine(monday, time(12), UTC)
    ends_at = starts_at + timedelta(hours=hours)
    booking = BookingFactory(
        client_name=f"{one.word} of last week",
        room_id=one.room.id,
        starts_at=starts_at,
        ends_at=ends_at,
        event_on=starts_at.date(),
        status="confirmed",
        currency="EUR",
        total_minor=total,
    )
    whole = Range(starts_at, ends_at)
    kept = Claim(room_id=one.room.id, booking_id=booking.id, starts_at=starts_at, ends_at=ends_at, promise={})
    kept.blocked = whole
    session.add(kept)
    session.commit()
    return booking


def figures(browser: FlaskClient) -> dict[str, list[list[str]]]:
    """Read the files of all charts that she may see."""
    return {
        name: list(csv.reader(io.StringIO(read(browser, f"/reports/{name}/csv?weeks=4").lstrip("\ufeff"))))
        for name in (*CHARTS, *ABOUT_BOOKINGS)
    }


@pytest.mark.proves("S1.10")
def test_the_waiting_list_of_ones_own_rooms_is_read_listed_and_exported(
    vera: FlaskClient, ours: Estate, noise: Estate
) -> None:
    for address in ("/waiting-list/", "/api/v1/waiting-list/", "/waiting-list/export?format=csv"):
        body = read(vera, address)
        assert ("Lindenhof guest" in body, "Canary" in body) == (True, False), address
    page = read(vera, f"/waiting-list/{ours.waiting.id}")
    assert "Offer now, out of turn" in page
    assert "/public/waiting/" not in page, "the client's link is the client's and the operators'"
    for verb in ("Wants to leave", "Make a new link"):
        assert verb not in page
    for place in ("", "/history"):
        assert "Canary" not in read(vera, f"/waiting-list/{noise.waiting.id}{place}", 404)


def offer(browser: FlaskClient, waiting: Waiting) -> int:
    data = {"revision": str(waiting.revision), "reason": "She asked by telephone."}
    return browser.post(f"/waiting-list/{waiting.id}/do/offer", data=data).status_code


def test_a_partner_offers_a_time_out_of_turn_in_their_own_rooms_alone(
    vera: FlaskClient, session: Session, ours: Estate, noise: Estate
) -> None:
    for one in (ours, noise):
        open_always(one)
        starts_at = datetime.combine(clock.today(), time(12), UTC) + timedelta(days=30)
        one.waiting.starts_at, one.waiting.ends_at = starts_at, starts_at + timedelta(hours=2)
    session.commit()
    assert offer(vera, noise.waiting) == 404
    assert offer(vera, ours.waiting) in (302, 303)
    session.expire_all()
    assert (ours.waiting.status, noise.waiting.status) == (WaitingStatus.OFFERED, WaitingStatus.WAITING)
    for verb in ("close", "leave", "decline", "renew_link"):
        answer = vera.post(f"/waiting-list/{ours.waiting.id}/do/{verb}", data={"reason": "x"})
        assert answer.status_code in (403, 404), verb
    for place in ("add", f"{ours.waiting.id}/edit", f"{ours.waiting.id}/delete"):
        assert vera.get(f"/waiting-list/{place}").status_code in (403, 404, 405), place


@pytest.mark.proves("S1.10")
def test_the_reports_count_the_rooms_of_ones_own_company_alone(
    vera: FlaskClient, session: Session, ours: Estate, noise: Estate
) -> None:
    """Whatever others book, no figure of hers moves."""
    used(session, ours, 6)
    before = figures(vera)
    assert before["rooms"][1:] and "Lindenhof" in before["rooms"][1][0]
    booked = next(row for row in before["availability"] if row[0] == "Booked")
    assert booked[1] == "6"
    used(session, noise, 9, total=77_700)
    later = Waiting(
        room_id=noise.room.id,
        client_name="Canary too",
        client_email="too@example.com",
        starts_at=clock.now() - timedelta(days=5),
        ends_at=clock.now() - timedelta(days=5) + timedelta(hours=3),
    )
    session.add(later)
    session.commit()
    assert figures(vera) == before
    page = read(vera, "/reports/?weeks=4")
    assert "Canary" not in page and "Lindenhof room" in page
    for name in CHARTS:
        assert "Canary" not in read(vera, f"/reports/{name}?weeks=4"), name


def test_a_room_that_is_moved_to_another_company_leaves_the_figures(
    vera: FlaskClient, session: Session, ours: Estate, noise: Estate
) -> None:
    used(session, ours, 6)
    room = session.get_one(Room, ours.room.id)
    room.venue_id = noise.venue.id
    session.commit()
    assert figures(vera)["rooms"][1:] == []
    assert "Lindenhof room" not in read(vera, "/reports/?weeks=4")


def test_charts_that_name_what_is_no_partners_are_shut(
    vera: FlaskClient, session: Session, ours: Estate
) -> None:
    """A booking in their room may have a package of the house: its name is the house's."""
    booking = used(session, ours, 6)
    booking.package_id = PackageFactory(name="Canary package").id
    session.commit()
    page = read(vera, "/reports/?weeks=4")
    assert "Canary package" not in page
    for name in SHUT:
        read(vera, f"/reports/{name}", 403)
        read(vera, f"/reports/{name}/csv", 403)
        assert re.search(rf'id="{name}"', page) is None, name
