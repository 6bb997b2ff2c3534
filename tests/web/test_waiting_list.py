"""Staff see who waits and what happened to each; a room that staff stop offering closes its list (rule 21)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking, Waiting, WaitingStatus
from app.domains.venues.models import Closure, Room
from tests.domains.rooms import stored_room
from tests.domains.waiting import booked, join, statuses, wish

LIST = "/waiting-list/"
API = "/api/v1/waiting-list/"


@pytest.fixture
def room(session: Session) -> Room:
    found = stored_room(session, name="Blue hall", slug="blue-hall", capacity=50)
    session.commit()
    return found


@pytest.fixture
def taken(session: Session, room: Room) -> Booking:
    return booked(session, room.id, wish())


@pytest.fixture
def line(session: Session, room: Room, taken: Booking) -> list[Waiting]:
    return [join(session, room.id, name) for name in ("Amal", "Zofia")]


def test_the_list_is_seen_in_order_by_status_and_filtered_by_room_and_start(
    sign_in: Callable[..., FlaskClient], line: list[Waiting], room: Room
) -> None:
    staff = sign_in("Booking operator")
    page = staff.get(LIST).get_data(as_text=True)
    assert page.index("Amal") < page.index("Zofia")
    assert "Amal" in staff.get(f"{LIST}?as=board").get_data(as_text=True)
    assert "Amal" in staff.get(f"{LIST}?filter[room_id]={room.id}").get_data(as_text=True)
    assert "Amal" not in staff.get(f"{LIST}?filter[status]=offered").get_data(as_text=True)
    assert "Amal" not in staff.get(f"{LIST}?filter[starts_at][gte]=2090-01-01").get_data(as_text=True)


def test_a_page_shows_the_steps_with_their_reasons_and_the_clients_link(
    sign_in: Callable[..., FlaskClient], session: Session, line: list[Waiting], taken: Booking
) -> None:
    service.cancel(taken)
    service.offer_now(line[1], "A regular guest")
    staff = sign_in("Booking operator")
    page = staff.get(f"{LIST}{line[0].id}").get_data(as_text=True)
    assert "Staff offered the time to somebody else, out of turn." in page
    assert "/public/waiting/" in page
    assert "A regular guest" in staff.get(f"{LIST}{line[1].id}").get_data(as_text=True)


def test_an_offer_out_of_turn_wants_a_reason_and_is_done_by_a_button(
    sign_in: Callable[..., FlaskClient], session: Session, line: list[Waiting], taken: Booking
) -> None:
    service.cancel(taken)
    session.commit()
    staff = sign_in("Booking operator")
    staff.post(f"{LIST}{line[1].id}/do/offer", data={"reason": " "})
    assert statuses(*line) == [WaitingStatus.WAITING, WaitingStatus.WAITING]
    staff.post(f"{LIST}{line[1].id}/do/offer", data={"reason": "A regular guest"})
    assert statuses(*line) == [WaitingStatus.WAITING, WaitingStatus.OFFERED]
    staff.post(f"{LIST}{line[0].id}/do/close", data={"reason": "The house is full."})
    assert [(step.to_status, step.actor_label) for step in line[0].steps][-1][0] == "closed"
    assert line[0].steps[-1].actor_label != ""


def test_a_room_that_staff_stop_offering_closes_its_list(
    sign_in: Callable[..., FlaskClient], session: Session, line: list[Waiting], room: Room
) -> None:
    staff = sign_in("Admin")
    answer = staff.put(f"/api/v1/rooms/{room.id}", json={"is_active": False, "revision": room.revision})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert statuses(*line) == [WaitingStatus.CLOSED] * 2
    assert {one.steps[-1].reason for one in line} == {service.Reason.NOT_OFFERED}


def test_a_closure_that_staff_write_closes_the_waits_under_it(
    sign_in: Callable[..., FlaskClient], session: Session, line: list[Waiting], room: Room
) -> None:
    staff = sign_in("Admin")
    when = wish("13:00", "13:30")
    answer = staff.post(
        "/api/v1/closures/",
        json={
            "venue": str(room.venue_id),
            "reason": "Painting",
            "starts_at": when.starts_at.isoformat(),
            "ends_at": when.ends_at.isoformat(),
        },
    )
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert session.scalars(select(Closure)).one().reason == "Painting"
    assert statuses(*line) == [WaitingStatus.CLOSED] * 2


def test_staff_put_somebody_on_the_list_through_the_rules_of_everybody(
    sign_in: Callable[..., FlaskClient], session: Session, room: Room, taken: Booking
) -> None:
    staff = sign_in("Admin")
    when = wish()
    facts = {
        "client_name": "Amal",
        "client_email": "amal@example.com",
        "room": str(room.id),
        "starts_at": when.starts_at.isoformat(),
        "ends_at": when.ends_at.isoformat(),
        "event_type": "wedding",
    }
    assert staff.post(API, json=facts).status_code == 201
    waiting = session.scalars(select(Waiting)).one()
    assert [step.to_status for step in waiting.steps] == ["waiting"]
    assert staff.post(API, json=facts).status_code == 409
    free = wish("16:00", "18:00")
    other = facts | {"starts_at": free.starts_at.isoformat(), "ends_at": free.ends_at.isoformat()}
    assert staff.post(API, json=other).status_code == 409
    assert session.scalars(select(Waiting)).one().id == waiting.id


@pytest.mark.parametrize("role", ["Editor", "Translator", "Moderator", "Viewer"])
def test_others_learn_nothing_of_who_waits(
    sign_in: Callable[..., FlaskClient], line: list[Waiting], role: str
) -> None:
    staff = sign_in(role)
    for address in (LIST, f"{LIST}{line[0].id}", API):
        assert staff.get(address).status_code in (403, 404)
