"""What the calendar refuses and lists before it writes: rights of each verb, endless times, others who wait."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.venues.models import Room
from tests.domains.rooms import stored_room
from tests.web.test_timeline import FACTS, SignIn, asked, booked, monday, operator, post, room

__all__ = ["operator", "room"]


def test_a_time_of_years_is_refused_before_anything_is_counted(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    endless = {"starts_at": "1990-01-01T00:00", "ends_at": "2190-12-31T00:00", "zone": "UTC"}
    answer = post(operator, "/calendar/judge", {"room": str(room.id), **endless})
    assert answer.status_code == 422
    assert "ends_at" in answer.get_json()["errors"]


def test_a_room_that_holds_fewer_guests_is_said_before_the_drop(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    booking, small = booked(session, room), stored_room(session, capacity=6)
    told = post(operator, "/calendar/judge", asked(booking, small, "15:00", "17:00")).get_json()
    assert not told["is_kept"]
    assert [rule["rule"] for rule in told["rules"] if not rule["is_kept"]] == ["guests"]
    assert post(operator, "/calendar/move", asked(booking, small, "15:00", "17:00")).status_code == 422
    new = {
        name: value for name, value in asked(booking, small, "15:00", "17:00").items() if name != "booking"
    }
    for guests, is_kept in ((6, True), (7, False), (None, True), ("7", True)):
        told = post(operator, "/calendar/judge", new | {"guests": guests}).get_json()
        assert told["is_kept"] is is_kept, guests


def test_who_may_only_extend_moves_nothing(session: Session, room: Room, sign_in: SignIn, app: Any) -> None:
    manager = app.appbuilder.sm
    role = manager.add_role("Porter")
    for verb in ("list", "show", "extend"):
        manager.add_permission_role(role, manager.find_permission_view_menu(f"can_{verb}", "booking"))
    for verb in ("list", "show"):
        for name in ("room", "venue"):
            manager.add_permission_role(role, manager.find_permission_view_menu(f"can_{verb}", name))
    porter = sign_in("Porter")
    booking = booked(session, room)
    assert post(porter, "/calendar/move", asked(booking, room, "15:00", "17:00")).status_code in (403, 404)
    assert post(porter, "/calendar/move", asked(booking, room, "12:00", "15:00")).status_code == 200


@pytest.mark.parametrize("reason", ["\ud800", "a\x00b"])
def test_a_reason_that_cannot_be_stored_is_refused_at_its_field(
    session: Session, room: Room, operator: FlaskClient, reason: str
) -> None:
    booking = booked(session, room)
    answer = post(operator, "/calendar/move", asked(booking, room, "15:00", "17:00", reason=reason))
    assert answer.status_code in (400, 422)
    session.refresh(booking)
    assert booking.status == "pending"


# Rule 4
def test_the_card_lists_who_is_rejected_before_one_is_confirmed(
    session: Session, operator: FlaskClient
) -> None:
    room = stored_room(session, pending_policy="compete")
    first = booked(session, room)
    booked(session, room, "13:00", "15:00", client_name="Grace Hopper")
    card = operator.get(f"/calendar/bookings/{first.id}").get_data(as_text=True)
    assert "These want the same time and are rejected with it" in card
    assert "Grace Hopper" in card
    times = {"starts_at": f"{monday()}T12:00", "ends_at": f"{monday()}T14:00", "zone": "UTC"}
    wish = {"room": str(room.id), **times, "client": FACTS, "confirm": True}
    assert post(operator, "/calendar/book", wish).status_code == 409
    assert post(operator, "/calendar/book", wish | {"confirm": False}).status_code == 201
