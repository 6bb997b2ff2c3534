"""The forms of venues, rooms and policies: what they take, and what they say to what they do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.venues.models import CancellationPolicy, OpeningHours, Room, Venue
from tests.domains.rooms import stored_room
from tests.factories.venues import (
    BadgeFactory,
    CancellationPolicyFactory,
    CompanyFactory,
    EquipmentFactory,
    VenueFactory,
)

SignIn = Callable[..., FlaskClient]


def rows(name: str, *many: dict[str, str]) -> dict[str, str]:
    """Give the rows of a form as a browser sends them."""
    form = {f"{name}-present": "1"}
    for number, row in enumerate(many):
        form |= {f"{name}-{number}-position": str(number)}
        form |= {f"{name}-{number}-{field}": value for field, value in row.items()}
    return form


def hours(weekday: str, mode: str = "open", opens: str = "", closes: str = "") -> dict[str, str]:
    return {"weekday": weekday, "mode": mode, "opens_time": opens, "closes_time": closes}


def said(answer: Any, status: int = 422) -> str:
    page: str = answer.get_data(as_text=True)
    assert answer.status_code == status, page[:2000]
    return page


@pytest.fixture
def editor(sign_in: SignIn) -> FlaskClient:
    return sign_in("Editor")


@pytest.mark.proves("S1.80")
def test_a_week_of_hours_is_typed_in_one_form(editor: FlaskClient, session: Session) -> None:
    venue = VenueFactory()
    form = rows(
        "hours",
        hours("mon", "closed"),
        hours("fri", "open", "18:00", "02:00"),
        hours("sat", "all_day"),
        hours("sun", "by_request", "10:00", "18:00"),
    )
    assert editor.post(f"/venues/{venue.id}/edit", data={"revision": "1"} | form).status_code == 302
    stored = session.query(OpeningHours).order_by(OpeningHours.position).all()
    assert [(line.weekday, line.mode, line.opens_time, line.closes_time) for line in stored] == [
        ("mon", "closed", None, None),
        ("fri", "open", time(18), time(2)),
        ("sat", "all_day", None, None),
        ("sun", "by_request", time(10), time(18)),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (hours("fri", "open"), "Say from when to when it is open."),
        (hours("fri", "by_request", "10:00"), "Give both times, or none."),
        (hours("fri", "closed", "10:00", "12:00"), "A whole day, open or closed, has no times."),
        (hours("fri", "open", "10 o'clock", "12:00"), "Give a time such as 09:00."),
    ],
)
def test_hours_that_say_nothing_are_explained_and_kept_in_the_form(
    editor: FlaskClient, session: Session, line: dict[str, str], sentence: str
) -> None:
    venue = VenueFactory()
    form = {"revision": "1", "street": "Canal street 9"} | rows("hours", line)
    page = said(editor.post(f"/venues/{venue.id}/edit", data=form))
    assert sentence in page
    assert "Canal street 9" in page
    assert session.query(OpeningHours).count() == 0


def test_two_prices_for_one_duration_are_refused_with_a_sentence(
    editor: FlaskClient, session: Session
) -> None:
    room = stored_room(session)
    twice = rows("prices", {"minutes": "60", "price_minor": "40"}, {"minutes": "60", "price_minor": "45"})
    assert "Give each duration once." in said(
        editor.post(f"/rooms/{room.id}/edit", data={"revision": "1"} | twice)
    )
    swapped = rows(
        "prices",
        {"id": str(room.prices[0].id), "minutes": "240", "price_minor": "140"},
        {"id": str(room.prices[1].id), "minutes": "60", "price_minor": "40"},
    )
    assert editor.post(f"/rooms/{room.id}/edit", data={"revision": "1"} | swapped).status_code == 302


@pytest.mark.proves("S1.85")
def test_prices_are_typed_in_the_rooms_currency(editor: FlaskClient, session: Session) -> None:
    room = stored_room(session)
    form = {"revision": "1", "currency": "JPY"}
    form |= rows("prices", {"id": str(room.prices[0].id), "minutes": "60", "price_minor": "5,000"})
    assert editor.post(f"/rooms/{room.id}/edit", data=form).status_code == 302
    session.refresh(room)
    assert [(price.price_minor, price.currency) for price in room.prices] == [(5000, "JPY")]
    page = said(editor.get(f"/rooms/{room.id}"), 200)
    assert "¥5,000" in page
    session.query(Room).update({"currency": "EUR"})
    session.expire_all()
    assert room.prices[0].currency == "EUR", "the database keeps the two in line"


@pytest.mark.proves("S1.19")
def test_badges_and_equipment_are_chosen_in_the_venues_form_and_told_to_the_public(
    editor: FlaskClient, client: FlaskClient, session: Session
) -> None:
    venue, badge, piano = VenueFactory(), BadgeFactory(name="Parking"), EquipmentFactory(name="Grand piano")
    form = {"revision": "1", "is_active": "true", "badges": str(badge.id), "equipment": str(piano.id)}
    assert editor.post(f"/venues/{venue.id}/edit", data=form).status_code == 302
    told = client.get(f"/public/v1/venues/{venue.slug}").get_json()["data"]
    assert [one["name"] for one in (*told["badges"], *told["equipment"])] == ["Parking", "Grand piano"]
    other = VenueFactory()
    listed = editor.get(f"/venues/?filter[badges]={badge.id}").get_data(as_text=True)
    assert venue.name in listed
    assert other.name not in listed


def test_a_policy_says_each_number_of_hours_once(editor: FlaskClient, session: Session) -> None:
    policy = CancellationPolicyFactory()
    steps = [{"hours_before": "48", "refund_percent": "50"}, {"hours_before": "48", "refund_percent": "100"}]
    form = {"revision": "1"} | rows("steps", *steps)
    page = said(editor.post(f"/cancellation-policies/{policy.id}/edit", data=form))
    assert "Give each number of hours once." in page
    steps[1] |= {"hours_before": "168", "refund_percent": "101"}
    form = {"revision": "1"} | rows("steps", *steps)
    page = said(editor.post(f"/cancellation-policies/{policy.id}/edit", data=form))
    assert "Give from 0 to 100 percent." in page
    assert session.get(CancellationPolicy, policy.id).steps == []


@pytest.mark.proves("S1.9")
def test_two_companies_have_two_slugs(editor: FlaskClient, session: Session) -> None:
    CompanyFactory(slug="lindenhof")
    page = said(editor.post("/companies/add", data={"name": "Lindenhof", "slug": "lindenhof"}))
    assert "Another record has this already" in page
    assert editor.post("/companies/add", data={"name": "Lindenhof", "slug": "lindenhof-2"}).status_code == 302


@pytest.mark.proves("S1.13")
def test_an_old_address_of_a_venue_leads_to_the_new_one_and_a_zone_is_one_that_there_is(
    editor: FlaskClient, client: FlaskClient, session: Session
) -> None:
    venue = VenueFactory(slug="old-mill")
    form = {"revision": "1", "zone": "Europe/Atlantis"}
    assert "Give a time zone such as Asia/Kolkata." in said(
        editor.post(f"/venues/{venue.id}/edit", data=form)
    )
    assert (
        editor.post(
            f"/venues/{venue.id}/edit", data={"revision": "1", "is_active": "true", "slug": "mill"}
        ).status_code
        == 302
    )
    moved = client.get("/public/v1/venues/old-mill")
    assert moved.status_code in (301, 308)
    assert moved.headers["Location"].endswith("/public/v1/venues/mill")
    assert session.query(Venue).one().slug == "mill"
