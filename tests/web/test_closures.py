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

from app.access.accounts import set_roles
from app.access.roles import EDITOR, PARTNER
from app.domains.bookings import service
from app.domains.bookings.models import Booking
from app.domains.bookings.queries import closures as closures_queries
from app.domains.venues.models import CancellationPolicy, CancellationStep, Closure, Company, Room, Venue
from app.kernel import clock
from app.kernel.zones import shown
from app.web.closures import deciding
from tests.conftest import PASSWORD
from tests.domains.partners import entrust
from tests.domains.payments.steps import PRICE, pay
from tests.domains.rooms import next_monday, period, stored_room
from tests.domains.test_closures import FACTS
from tests.factories.rooms import WaitingFactory
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


def test_who_waits_for_a_time_under_a_closure_is_told_of_before(
    operator: FlaskClient, session: Session, room: Room, booking: Booking
) -> None:
    when = at("12:00", "13:00")
    WaitingFactory(room_id=room.id, starts_at=when.starts_at, ends_at=when.ends_at)
    page = page_of(operator.post("/closures/impact", data=typed(room)))
    assert "1 person waits for a time within it." in page and "we write to them" in page
    later = page_of(operator.post("/closures/impact", data=typed(room, "13:00", "14:00")))
    assert "waits for a time within it" not in later


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
    page = page_of(operator.get(f"/closures/{booking.steps[-1].closure_id}"))
    done = page.split("Done for this closure")[-1].partition("</table>")[0]
    assert "Amal Haddad" in done and f"/bookings/{after.id}" in done
    assert "Done for this closure" not in page_of(operator.get(f"/closures/{ClosureFactory().id}"))


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


@pytest.fixture
def half_back(session: Session, room: Room) -> None:
    """Promise half of the money back until a day before."""
    policy = CancellationPolicy(name="Half")
    policy.steps = [CancellationStep(hours_before=24, refund_percent=50)]
    session.add(policy)
    session.flush()
    room.policy_id = policy.id
    session.flush()


@pytest.mark.usefixtures("half_back")
def test_what_is_paid_back_is_told_before_it_is_done(
    operator: FlaskClient, room: Room, booking: Booking
) -> None:
    """The preview judges as what pays back does (rule 18)."""
    pay(booking, PRICE)
    page = page_of(operator.post("/closures/impact", data=typed(room)))
    assert "Call it off, €80.00 goes back" in page
    assert "Cancel it by its policy, €40.00 goes back" in page


@pytest.mark.usefixtures("half_back")
def test_who_sees_no_payments_is_not_told_what_is_paid_back(
    operator: FlaskClient, sign_in: SignIn, session: Session, room: Room, booking: Booking
) -> None:
    pay(booking, PRICE)
    partner = sign_in("Partner", "paul")
    entrust(session, "paul", session.get_one(Company, session.get_one(Venue, room.venue_id).company_id))
    page = page_of(partner.post("/closures/impact", data=typed(room)))
    assert "Cancel it by its policy" in page and "goes back" not in page
    told = page_of(operator.post("/closures/impact", data=typed(room)))
    assert "Cancel it by its policy, €40.00 goes back" in told


def test_more_bookings_are_listed_with_no_more_statements(
    operator: FlaskClient, session: Session, room: Room, count_statements: Callable[[], Any]
) -> None:
    shut = typed(room, "09:00", "21:00")

    def asked(starts: str, ends: str) -> int:
        made = service.book_room(session, FACTS, room.id, at(starts, ends))
        pay(made, 3000)
        session.commit()
        with count_statements() as seen:
            operator.post("/closures/impact", data=shut)
        return len(seen)

    asked("09:00", "10:00")
    few = asked("10:00", "11:00")
    asked("11:00", "12:00")
    assert asked("12:00", "13:00") == few


def test_a_booking_is_moved_into_rooms_of_the_venue_that_the_reader_sees_alone(
    sign_in: SignIn, session: Session, ours: Any, noise: Any
) -> None:
    """A partner may not move a booking into another company's room, nor to a year that no calendar knows."""
    vera = sign_in("Partner", "vera")
    entrust(session, "vera", ours.company)
    booking, facts = ours.booking, _over(ours)
    for place, sentence in (
        (f"{noise.room.id}|{booking.starts_at.isoformat()}", "a room of this venue only"),
        (f"{ours.room.id}|9999-12-31T23:59+00:00", "The date is too far away."),
        (f"{ours.room.id}|soon", "Give a date and a time."),
        ("", "Choose where to move it."),
    ):
        chosen = {f"closing-{booking.id}": "move", f"closing-{booking.id}-to": place}
        answer = vera.post("/closures/add", data=facts | chosen)
        assert (answer.status_code, sentence in page_of(answer)) == (422, True), sentence
    session.refresh(booking)
    assert booking.room_id == ours.room.id and booking.status in ("pending", "confirmed")
    assert session.scalar(select(Booking.id).where(Booking.room_id == noise.room.id)) == noise.booking.id


def _over(place: Any) -> dict[str, str]:
    """Close the venue over its booking, and send that this was told."""
    booking = place.booking
    when = [shown(moment, place.venue.zone) for moment in (booking.starts_at, booking.ends_at)]
    shut = {"reason": "Painting", "venue_id": str(place.venue.id), "room_id": ""}
    return shut | {"starts_at": when[0], "ends_at": when[1], "closing-seen": str(booking.id)}


def test_who_closes_another_s_venue_does_nothing_with_bookings_that_are_not_theirs(
    sign_in: SignIn, session: Session, ours: Any, noise: Any
) -> None:
    """The right to cancel comes from one role and holds for its rows; the venue is open to the other role."""
    both = sign_in("Partner", "both")
    user = entrust(session, "both", ours.company)
    set_roles(user, [PARTNER, EDITOR])
    session.commit()
    both.post("/login/", data={"username": "both", "password": PASSWORD})
    for verb in ("cancel", "call_off"):
        chosen = _over(noise) | {f"closing-{noise.booking.id}": verb}
        answer = both.post("/closures/add", data=chosen)
        assert answer.status_code == 422
        page = page_of(answer)
        assert "You may not do what was chosen for 1 booking." in page
        assert noise.booking.client_name not in page
    session.refresh(noise.booking)
    assert noise.booking.status in ("pending", "confirmed")
    mine = _over(ours) | {f"closing-{ours.booking.id}": "cancel"}
    assert both.post("/closures/add", data=mine).status_code == 302
    session.refresh(ours.booking)
    assert ours.booking.status == "cancelled"


def test_of_more_than_are_listed_the_number_is_told_with_the_way_there(
    operator: FlaskClient, session: Session, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 11: none of them is under a closure unseen, however many there are."""
    monkeypatch.setattr(closures_queries, "MOST_AFFECTED", 2)
    monkeypatch.setattr(deciding, "MOST_NAMED", 2)
    shut = typed(room, "09:00", "21:00")

    def book(starts: str, ends: str) -> Booking:
        return service.book_room(session, FACTS, room.id, at(starts, ends))

    made = [book(f"{hour}:00", f"{hour + 1}:00") for hour in (12, 13, 14, 15)]
    page = page_of(operator.post("/closures/impact", data=shut))
    assert "It lies over 4 bookings." in page and page.count("<fieldset>") == 2
    there = re.search(r'<a href="([^"]+)"[^>]*>and 2 more bookings', page)
    seen = re.search(r'name="closing-seen" value="([^"]*)"', page)
    assert there is not None and seen is not None
    listed = page_of(operator.get(there[1]))
    assert made[2].reference in listed or str(made[2].id) in listed
    assert str(made[3].id) in listed and str(made[0].id) not in listed

    named = ",".join(str(one.id) for one in made[:2])
    assert operator.post("/closures/add", data=shut | {"closing-seen": named}).status_code == 422
    late = book("17:00", "18:00")
    answer = operator.post("/closures/add", data=shut | {"closing-seen": seen[1]})
    assert answer.status_code == 422 and "not listed yet" in page_of(answer), "one came meanwhile"
    service.cancel(late)
    service.cancel(made[0])
    session.commit()
    assert operator.post("/closures/add", data=shut | {"closing-seen": seen[1]}).status_code == 302
    closure = session.scalars(select(Closure)).one()
    assert "See all" in page_of(operator.get(f"/closures/{closure.id}"))


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
