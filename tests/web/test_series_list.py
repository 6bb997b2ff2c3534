"""Series are a content type as others are: listed, searched, exported, read by the API, with a history (rule 22)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking, BookingSeries, Occurrence
from app.domains.venues.models import Room, Venue
from tests.domains.rooms import stored_room
from tests.domains.test_repeating_service import CLIENT, at, book, stand_in_the_way, statuses
from tests.web.test_series import seen_series, stored, text_of

SignIn = Callable[..., FlaskClient]
API = "/api/v1/series/"


@pytest.fixture
def room(session: Session) -> Room:
    found = stored_room(session, advance_days=1000, name="Blue hall")
    session.commit()
    return found


@pytest.fixture
def operator(sign_in: SignIn) -> FlaskClient:
    return sign_in("Booking operator")


@pytest.fixture
def series(session: Session, room: Room) -> BookingSeries:
    stand_in_the_way(session, room)
    made = book(session, room)
    session.commit()
    return made


def test_the_list_tells_how_many_days_are_booked_and_how_many_are_to_be_settled(
    operator: FlaskClient, series: BookingSeries
) -> None:
    said = text_of(operator.get("/series/"))
    assert "Amira" in said
    assert "Every week" in said
    assert re.search(r"\b3\b.*\b2\b", said)
    assert (series.booked_days, series.open_days) == (3, 2)


def test_series_are_found_by_their_client_and_filtered_by_their_rhythm(
    operator: FlaskClient, series: BookingSeries
) -> None:
    for query, is_there in (
        ({"q": "amira@example.com"}, True),
        ({"q": "Amira"}, True),
        ({"q": "Bruno"}, False),
        ({"filter[rhythm]": "weekly"}, True),
        ({"filter[rhythm]": "monthly"}, False),
        ({"filter[room]": str(series.room_id)}, True),
        ({"sort": "first_on"}, True),
    ):
        answer = operator.get("/series/", query_string=query)
        assert answer.status_code == 200
        assert (f"/series/{series.id}" in answer.get_data(as_text=True)) == is_there, query


def test_a_series_is_found_from_everywhere(operator: FlaskClient, series: BookingSeries) -> None:
    assert f"/series/{series.id}" in operator.get("/search?q=Amira").get_data(as_text=True)


def test_the_list_leads_to_the_page_on_which_a_series_is_made(
    operator: FlaskClient, sign_in: SignIn, series: BookingSeries
) -> None:
    page = operator.get("/series/").get_data(as_text=True)
    assert 'href="/series/new"' in page
    assert 'href="/series/import"' not in sign_in("Admin").get("/series/").get_data(as_text=True)
    assert operator.get("/series/add").headers["Location"] == "/series/new"
    assert operator.post("/series/add", data={"client_name": "Bruno"}).headers["Location"] == "/series/new"
    assert 'href="/series/new"' not in sign_in("Partner").get("/series/").get_data(as_text=True)


def test_the_files_tell_what_the_list_tells(operator: FlaskClient, series: BookingSeries) -> None:
    with operator.get("/series/export?format=csv&what=all") as answer:
        said = answer.get_data(as_text=True)
    assert "Amira" in said
    assert "amira@example.com" in said
    assert "To be settled" in said


def test_no_form_no_api_and_no_file_writes_a_series_past_the_guard(
    session: Session, sign_in: SignIn, series: BookingSeries
) -> None:
    admin, key = sign_in("Admin"), series.id
    facts = {"minutes": 600, "revision": series.revision}
    assert admin.post(API, json=facts | {"client_name": "Bruno"}).status_code == 422
    assert admin.post(API, json={}).status_code == 405
    assert admin.put(f"{API}{key}", json=facts).status_code == 422
    assert admin.delete(f"{API}{key}").status_code == 403
    assert admin.get(f"/series/{key}/edit").status_code == 404
    assert admin.post(f"/series/{key}/delete").status_code == 403
    admin.post("/series/bulk", data={"action": "delete", "ids": [str(key)]})
    file = io.BytesIO(f"id,minutes\n{key},600\n".encode())
    said = admin.post("/series/import", data={"file": (file, "series.csv")})
    assert "The first row must name the columns." in text_of(said)
    session.expire_all()
    assert (series.minutes, session.scalar(select(func.count()).select_from(Occurrence))) == (120, 5)


def test_the_api_tells_a_series_with_each_of_its_days(operator: FlaskClient, series: BookingSeries) -> None:
    listed = operator.get(API).json
    assert [one["client_name"] for one in listed["data"]] == ["Amira"]
    told = operator.get(f"{API}{series.id}").json["data"]
    assert (told["rhythm"], told["minutes"], told["starts_time"]) == ("weekly", 120, "12:00")
    days = told["occurrences"]
    assert [day["outcome"] for day in days] == ["booked", "taken", "booked", "closed", "booked"]
    assert [day["falls_on"] for day in days] == sorted(day["falls_on"] for day in days)
    assert operator.get(f"/api/v1/bookings/{days[0]['booking']}").json["data"]["client_name"] == "Amira"


def test_all_days_are_confirmed_and_called_off_by_the_api(
    session: Session, operator: FlaskClient, series: BookingSeries
) -> None:
    do = f"{API}{series.id}/do"
    assert operator.post(f"{do}/confirm").status_code == 200
    assert [status for status in statuses(session, series) if status != "-"] == ["confirmed"] * 3
    assert operator.post(f"{do}/confirm").status_code == 409
    assert operator.post(f"{do}/cancel", json={"reason": "They moved away"}).status_code == 200
    assert [status for status in statuses(session, series) if status != "-"] == ["cancelled"] * 3
    assert operator.post(f"{do}/cancel").status_code == 409
    reasons = session.scalars(select(Booking).where(Booking.series_id == series.id)).all()
    assert {one.steps[-1].reason for one in reasons} == {"They moved away"}


# Rule 4
def test_nobody_is_rejected_unseen_by_an_action_of_the_list(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    room.pending_policy = "compete"
    session.flush()
    series = book(session, room)
    rival = service.book_room(session, CLIENT | {"client_name": "Bruno"}, room.id, at(2))
    session.commit()
    assert operator.post(f"{API}{series.id}/do/confirm").status_code == 409
    said = operator.post(
        "/series/bulk", data={"action": "confirm", "ids": [str(series.id)]}, follow_redirects=True
    )
    assert "See first who they are." in text_of(said)
    assert (set(statuses(session, series)), rival.status) == ({"pending"}, "pending")


def test_an_action_of_a_partner_touches_no_day_in_a_room_of_others(
    session: Session, vera: FlaskClient, ours: Any, noise: Any
) -> None:
    series = seen_series(session, ours, noise)
    assert vera.post(f"{API}{series.id}/do/confirm").status_code == 200
    assert vera.post(f"{API}{series.id}/do/cancel", json={"reason": "x"}).status_code == 200
    assert statuses(session, stored(session)) == ["cancelled", "confirmed", *["cancelled"] * 3]


def test_a_partner_finds_the_series_of_their_rooms_alone(vera: FlaskClient, ours: Any, noise: Any) -> None:
    assert "Lindenhof choir" in text_of(vera.get("/series/"))
    assert [one["client_name"] for one in vera.get(API).json["data"]] == ["Lindenhof choir"]
    assert vera.get(f"/series/{noise.series.id}").status_code == 404
    assert vera.get(f"{API}{noise.series.id}").status_code == 404


def test_the_history_tells_what_became_of_the_days(
    session: Session, operator: FlaskClient, series: BookingSeries
) -> None:
    service.leave_out(session, series.occurrences[1])
    session.commit()
    said = text_of(operator.get(f"/series/{series.id}/history"))
    assert "Left out" in said
    assert "Taken by somebody else" in said
    page = operator.get(f"/series/{series.id}").get_data(as_text=True)
    assert f"/series/{series.id}/panel?tab=history" in page


# Rules 16 and 22
def test_what_is_against_a_move_beside_the_rooms_rules_is_told_before_it(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    small = stored_room(session, advance_days=1000, capacity=4)
    small.venue_id = room.venue_id
    series = book(session, room)
    session.get_one(Booking, series.occurrences[0].booking_id).guests = 3
    session.commit()
    wish = {"what": "move", "reach": "all", "room_id": str(small.id)}
    page = operator.get(f"/series/{series.id}/change", query_string=wish)
    said = text_of(page)
    assert "4 days cannot be moved so." in said
    assert said.count("This room holds 4 guests at most.") == 4
    assert page.get_data(as_text=True).count('data-tone="success"') >= 1
    assert statuses(session, series) == ["pending"] * 5


def test_a_wish_in_the_calendar_begins_a_series_at_the_venues_own_time(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    """The calendar may be shown in another zone than the venue's (rule 10)."""
    page = operator.get("/calendar/").get_data(as_text=True)
    assert 'href="/series/new" data-repeat' in page
    wish = {
        "room": str(room.id),
        "starts_at": at(0, "15:00", "16:30").starts_at.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": at(0, "15:00", "16:30").ends_at.strftime("%Y-%m-%dT%H:%M"),
        "zone": "UTC",
    }
    said = operator.get("/series/new", query_string=wish).get_data(as_text=True)
    for value in ('value="15:00"', 'value="90"', f'value="{room.id}" selected', "10 free"):
        assert value in said
    session.get_one(Venue, room.venue_id).zone = "Asia/Tokyo"
    session.commit()
    there = operator.get("/series/new", query_string=wish).get_data(as_text=True)
    assert 'name="starts" type="time" value="00:00"' in there


def test_a_wish_that_is_none_begins_an_empty_form(operator: FlaskClient, room: Room) -> None:
    wish = {"room": str(room.id), "starts_at": "2027-05-24T15:00", "ends_at": "2027-05-24T14:00"}
    assert "The end comes after the start." in text_of(operator.get("/series/new", query_string=wish))


def test_a_booking_offers_to_be_repeated(session: Session, operator: FlaskClient, room: Room) -> None:
    booking = service.book_room(session, CLIENT, room.id, at(0))
    session.commit()
    page = operator.get(f"/bookings/{booking.id}").get_data(as_text=True)
    assert f'href="/series/new?from={booking.id}"' in page
