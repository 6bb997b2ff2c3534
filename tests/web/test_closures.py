"""The screens of closures: the bookings under one are told before it is saved, on every path (rule 11)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking
from app.domains.venues.models import Closure, Room
from app.kernel import clock
from tests.domains.rooms import next_monday, period, stored_room
from tests.domains.test_closures import FACTS
from tests.factories.venues import ClosureFactory

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def room(session: Session) -> Room:
    return stored_room(session, name="Blue hall")


@pytest.fixture
def booking(session: Session, room: Room) -> Booking:
    """Store a booking of next Monday from twelve to two."""
    return service.book_room(session, FACTS, room.id, at("12:00", "14:00"))


@pytest.fixture
def operator(sign_in: SignIn) -> FlaskClient:
    return sign_in("Booking operator")


def at(starts: str, ends: str) -> Any:
    return period(starts, ends, next_monday(clock.now()))


def typed(room: Room, starts: str = "11:00", ends: str = "13:00", **more: str) -> dict[str, str]:
    when = at(starts, ends)
    written = [moment.strftime("%Y-%m-%dT%H:%M") for moment in (when.starts_at, when.ends_at)]
    return {
        "reason": "Painting",
        "venue_id": str(room.venue_id),
        "room_id": "",
        "starts_at": written[0],
        "ends_at": written[1],
    } | more


def page_of(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def closures(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Closure)) or 0


def test_while_one_types_the_bookings_are_listed_with_what_may_become_of_them(
    operator: FlaskClient, room: Room, booking: Booking
) -> None:
    page = page_of(operator.post("/closures/impact", data=typed(room)))
    assert "It lies over 1 booking." in page
    assert "Amal Haddad" in page and booking.reference in page
    for choice in ("leave", "move", "call_off", "cancel"):
        assert f'name="closing-{booking.id}" value="{choice}"' in page
    assert re.search(r'name="closing-\S+-to"', page), "alternatives are offered"
    assert "It lies over no booking." in page_of(
        operator.post("/closures/impact", data=typed(room, "14:00", "16:00"))
    )
    assert "Say which venue is closed" in page_of(
        operator.post("/closures/impact", data=typed(room, ends_at=""))
    )


def test_a_form_that_did_not_list_a_booking_is_not_saved_and_lists_it(
    operator: FlaskClient, session: Session, room: Room, booking: Booking
) -> None:
    """Without scripts, or where the booking was made meanwhile."""
    answer = operator.post("/closures/add", data=typed(room))
    page = page_of(answer)
    assert answer.status_code == 422
    assert "1 booking that was not listed yet" in page
    seen = re.search(r'name="closing-seen" value="([^"]*)"', page)
    assert seen is not None and seen[1] == str(booking.id)
    assert closures(session) == 0
    again = operator.post("/closures/add", data=typed(room, **{"closing-seen": seen[1]}))
    assert again.status_code == 302
    session.refresh(booking)
    assert (closures(session), booking.status) == (1, "pending"), "it stays as it is"


def test_saving_does_what_was_chosen_in_one_step(
    operator: FlaskClient, session: Session, room: Room, booking: Booking
) -> None:
    page = page_of(operator.post("/closures/impact", data=typed(room)))
    place = re.search(r'<option value="([^"]+)"', page)
    assert place is not None
    chosen = {
        "closing-seen": str(booking.id),
        f"closing-{booking.id}": "move",
        f"closing-{booking.id}-to": place[1],
    }
    answer = operator.post("/closures/add", data=typed(room, **chosen), follow_redirects=True)
    assert "Amal Haddad was moved" in page_of(answer)
    session.refresh(booking)
    after = session.scalars(select(Booking).where(Booking.follows_id == booking.id)).one()
    assert (booking.status, after.starts_at) == ("moved", datetime.fromisoformat(place[1].split("|")[1]))
    assert "Painting" in booking.steps[-1].reason


def test_what_cannot_be_done_saves_nothing_and_loses_nothing(
    operator: FlaskClient, session: Session, room: Room, booking: Booking
) -> None:
    into = f"{room.id}|{at('11:30', '13:30').starts_at.isoformat()}"
    chosen = {
        "closing-seen": str(booking.id),
        f"closing-{booking.id}": "move",
        f"closing-{booking.id}-to": into,
    }
    answer = operator.post("/closures/add", data=typed(room, **chosen))
    page = page_of(answer)
    assert answer.status_code == 422
    assert "Amal Haddad: " in page and 'value="Painting"' in page
    assert re.search(rf'name="closing-{booking.id}" value="move" checked', page)
    session.refresh(booking)
    assert (closures(session), booking.status) == (0, "pending")


def test_a_closure_s_page_lists_what_lies_under_it(
    operator: FlaskClient, room: Room, booking: Booking
) -> None:
    when = at("09:00", "18:00")
    made = ClosureFactory(venue_id=room.venue_id, starts_at=when.starts_at, ends_at=when.ends_at)
    page = page_of(operator.get(f"/closures/{made.id}"))
    assert "Bookings under this closure" in page and "Amal Haddad" in page
    form = page_of(operator.get(f"/closures/{made.id}/edit"))
    assert "It lies over 1 booking." in form and str(booking.id) in form


def test_in_a_cell_or_a_table_it_may_not_come_over_bookings_unseen(
    operator: FlaskClient, session: Session, room: Room, booking: Booking
) -> None:
    free = at("15:00", "18:00")
    made = ClosureFactory(venue_id=room.venue_id, starts_at=free.starts_at, ends_at=free.ends_at)
    session.commit()
    earlier = typed(room)["starts_at"]
    cell = {"field": "starts_at", "value": earlier, "revision": str(made.revision)}
    answer = operator.post(f"/closures/{made.id}/cell", data=cell)
    assert answer.status_code == 409
    assert "It would lie over 1 booking." in page_of(answer)
    row = {"key": "1", "id": str(made.id), "revision": str(made.revision), "values": {"starts_at": earlier}}
    answer = operator.post("/closures/grid", json={"rows": [row]})
    assert answer.status_code == 422 and "1 booking" in page_of(answer)
    words = {"field": "reason", "value": "New floor", "revision": str(made.revision)}
    assert operator.post(f"/closures/{made.id}/cell", data=words).status_code == 200


def test_the_api_warns_and_saves(operator: FlaskClient, room: Room, booking: Booking) -> None:
    facts = typed(room) | {"room_id": None}
    answer = operator.post("/api/v1/closures/", json=facts)
    assert answer.status_code == 201
    assert answer.get_json()["warnings"] == ["This closure lies over 1 booking; it stays as it is."]
    later = typed(room, "15:00", "16:00")
    body = {"starts_at": later["starts_at"], "ends_at": later["ends_at"], "revision": 1}
    answer = operator.put(f"/api/v1/closures/{answer.get_json()['data']['id']}", json=body)
    assert answer.status_code == 200 and "warnings" not in answer.get_json()


def test_a_file_is_tried_out_with_the_number_of_bookings(
    operator: FlaskClient, session: Session, room: Room, booking: Booking
) -> None:
    facts = typed(room)
    names = ["reason", "venue", "starts_at", "ends_at"]
    values = [facts["reason"], facts["venue_id"], facts["starts_at"], facts["ends_at"]]
    sheet = f"{','.join(names)}\n{','.join(values)}\n".encode()
    answer = operator.post("/closures/import", data={"file": (BytesIO(sheet), "closures.csv")})
    page = page_of(answer)
    assert "This closure lies over 1 booking" in page
    assert closures(session) == 0
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    assert "The import is done." in page_of(operator.post("/closures/import", data={"token": token[1]}))
    assert closures(session) == 1
    assert session.get_one(Booking, booking.id).status == "pending"


def test_who_does_not_see_bookings_learns_their_number_alone(
    sign_in: SignIn, room: Room, booking: Booking
) -> None:
    page = page_of(sign_in("Editor").post("/closures/impact", data=typed(room)))
    assert "It lies over 1 booking." in page
    assert "Amal Haddad" not in page and booking.reference not in page
    assert 'type="radio"' not in page


def test_every_path_locks_the_rooms(
    operator: FlaskClient, room: Room, count_statements: Callable[[], Any]
) -> None:
    facts = typed(room) | {"room_id": None}
    with count_statements() as seen:
        assert operator.post("/api/v1/closures/", json=facts).status_code == 201
    assert any("FROM room" in one and "FOR NO KEY UPDATE" in one for one in seen)


def test_what_is_paid_back_is_told_before_it_is_done(
    operator: FlaskClient, room: Room, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The preview asks the function that pays back (rule 18)."""
    from app.domains.venues.queries import Refund
    from app.kernel.values import Money
    from app.web.closures import words

    def back(_session: Session, asked: Booking, *, is_by_house: bool = False) -> Refund:
        assert asked.id == booking.id
        return Refund(Money(8_000 if is_by_house else 2_000, "EUR"), 100, None, None)

    monkeypatch.setattr(words, "refund_for", back)
    page = page_of(operator.post("/closures/impact", data=typed(room)))
    assert "Call it off, €80.00 goes back" in page
    assert "Cancel it by its policy, €20.00 goes back" in page


def test_an_older_time_is_no_time(operator: FlaskClient, room: Room) -> None:
    gone = typed(room) | {"ends_at": (clock.now() - timedelta(days=900)).strftime("%Y-%m-%dT%H:%M")}
    assert "Say which venue is closed" in page_of(operator.post("/closures/impact", data=gone))


def test_a_deleted_closure_that_comes_back_says_what_was_booked_meanwhile(
    operator: FlaskClient, session: Session, room: Room, count_statements: Callable[[], Any]
) -> None:
    when = at("09:00", "18:00")
    made = ClosureFactory(venue_id=room.venue_id, starts_at=when.starts_at, ends_at=when.ends_at)
    deleted = page_of(operator.post(f"/closures/{made.id}/delete", follow_redirects=True))
    service.book_room(session, FACTS, room.id, at("12:00", "14:00"))
    token = re.search(r"[0-9]+\.[0-9a-f]{32}", deleted)
    assert token is not None
    with count_statements() as seen:
        back = operator.post("/closures/undelete", data={"token": token[0]}, follow_redirects=True)
    assert "This closure lies over 1 booking" in page_of(back)
    assert any("FROM room" in one and "FOR NO KEY UPDATE" in one for one in seen)
