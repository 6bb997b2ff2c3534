"""The screens of series: every day before it is booked, what became of it since, and who may do what (rule 22)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking, BookingSeries, BookingStatus, Occurrence
from app.domains.venues.models import Room
from app.kernel import clock
from app.kernel.db import db
from app.mail.models import KeptMail
from tests.domains.rooms import next_monday, stored_room
from tests.domains.test_repeating_service import CLIENT, at, book, stand_in_the_way, statuses
from tests.outbox import deliver_all

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def room(session: Session) -> Room:
    found = stored_room(session, advance_days=1000, name="Blue hall")
    session.commit()
    return found


@pytest.fixture
def operator(sign_in: SignIn) -> FlaskClient:
    return sign_in("Booking operator")


def form(room: Room, **more: Any) -> dict[str, Any]:
    client = {name: str(value) for name, value in CLIENT.items()}
    rule = {
        "room_id": str(room.id),
        "first_on": next_monday(clock.now()).isoformat(),
        "starts": "12:00",
        "minutes": "120",
        "rhythm": "weekly",
        "ends": "times",
        "times": "5",
    }
    return client | rule | more


def text_of(answer: Any, status: int = 200) -> str:
    said = answer.get_data(as_text=True)
    assert answer.status_code == status, said[:600]
    return str(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said)))


def stored(session: Session) -> BookingSeries:
    return session.scalars(select(BookingSeries)).one()


def test_every_day_is_shown_with_its_reason_before_anything_is_booked(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    stand_in_the_way(session, room)
    session.commit()
    part = operator.get("/series/new", query_string=form(room), headers={"HX-Request": "true"})
    said = text_of(part)
    assert "<html" not in part.get_data(as_text=True)
    assert "3 free" in said
    assert "Inventory" in said
    assert "Possible instead: at" in said
    assert "€240.00" in said
    assert "Every week on Monday, 12:00" in said
    assert session.scalar(select(func.count()).select_from(BookingSeries)) == 0


def test_the_days_cost_as_many_statements_however_many_they_are(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    counted: list[int] = []
    for times in ("2", "2", "150"):
        said: list[str] = []

        def note(*facts: Any, said: list[str] = said) -> None:
            said.append(facts[2])

        event.listen(db.session.connection(), "before_cursor_execute", note)
        answer = operator.get(
            "/series/new", query_string=form(room, times=times), headers={"HX-Request": "1"}
        )
        event.remove(db.session.connection(), "before_cursor_execute", note)
        assert answer.status_code == 200
        counted.append(len(said))
    assert counted[1] == counted[2]
    assert counted[2] < 20


def test_a_series_is_booked_and_its_page_says_what_became_of_each_day(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    stand_in_the_way(session, room)
    session.commit()
    answer = operator.post("/series/new", data=form(room))
    series = stored(session)
    assert answer.headers["Location"] == f"/series/{series.id}"
    said = text_of(operator.get(f"/series/{series.id}"))
    assert "3 Pending" in said
    assert "1 Taken by somebody else" in said
    assert "1 Closed" in said
    assert "Book at" in said
    assert "Amira" in text_of(operator.get("/series/"))


def test_all_or_nothing_tells_why_and_keeps_what_was_typed(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    stand_in_the_way(session, room)
    session.commit()
    answer = operator.post("/series/new", data=form(room, mode="all"))
    said = text_of(answer, 409)
    assert "2 of these days cannot be booked, so none of them is." in said
    assert 'value="amira@example.com"' in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(BookingSeries)) == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"client_email": "nobody"}, "e-mail"),
        ({"client_name": ""}, "This field is needed."),
        ({"event_type": "picnic"}, "event_type-error"),
        ({"room_id": "nothing"}, "Choose a room."),
        ({"starts": "25:00"}, "Give a time such as 09:00."),
        ({"first_on": ""}, "Give a date."),
        ({"times": "400"}, "Give a number from 1 to 366."),
        ({"every": "60"}, "Give a number from 1 to 52."),
        ({"minutes": "x"}, "Give a whole number."),
        ({"guests": "900"}, "guests at most"),
        ({"ends": "until", "until_on": "2001-01-01"}, "The last day cannot come before the first."),
    ],
)
def test_what_is_wrong_is_told_at_its_place(
    session: Session, operator: FlaskClient, room: Room, wrong: dict[str, str], sentence: str
) -> None:
    answer = operator.post("/series/new", data=form(room, **wrong))
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(BookingSeries)) == 0


def test_a_booking_is_repeated_with_its_room_its_time_and_its_client(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    booking = service.book_room(session, CLIENT, room.id, at(0, "15:00", "16:30"))
    session.commit()
    said = operator.get("/series/new", query_string={"from": str(booking.id)}).get_data(as_text=True)
    for value in ('value="Amira"', 'value="15:00"', 'value="90"', f'value="{room.id}" selected'):
        assert value in said
    assert "Taken" in said  # the booking itself has the first day


def test_a_day_that_could_not_be_is_settled_later(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    stand_in_the_way(session, room)
    series = book(session, room)
    taken, closed = (series.occurrences[number].id for number in (1, 3))
    session.commit()
    base = f"/series/{series.id}/days"
    operator.post(f"{base}/{taken}/book", data={})
    assert session.get_one(Occurrence, taken).outcome == "taken"
    day = at(1).starts_at.date()
    operator.post(f"{base}/{taken}/book", data={"starts_at": f"{day}T16:00", "room_id": str(room.id)})
    assert session.get_one(Occurrence, taken).outcome == "booked"
    operator.post(f"{base}/{closed}/leave-out")
    assert session.get_one(Occurrence, closed).outcome == "left_out"


def test_this_and_the_later_days_are_shown_then_moved(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    series = book(session, room)
    service.book_room(session, CLIENT, room.id, at(3, "15:00", "16:00"))
    day = series.occurrences[2].id
    session.commit()
    wish = {"what": "move", "reach": "later", "day": str(day), "starts": "14:00"}
    page = text_of(operator.get(f"/series/{series.id}/change", query_string=wish))
    assert "1 day cannot be moved so." in page
    assert "until now:" in page
    assert text_of(operator.post(f"/series/{series.id}/move", data=wish | {"mode": "all"}), 409)
    assert operator.post(f"/series/{series.id}/move", data=wish | {"mode": "skip"}).status_code == 303
    hours = session.scalars(
        select(Booking.starts_at).where(Booking.status == "pending", Booking.series_id == series.id)
    )
    assert sorted(at.hour for at in hours if at) == [12, 12, 12, 14, 14]


def test_days_are_cancelled_and_confirmed_together(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    series = book(session, room)
    day = series.occurrences[4].id
    session.commit()
    operator.post(f"/series/{series.id}/cancel", data={"reach": "one", "day": str(day), "reason": "Ill"})
    operator.post(f"/series/{series.id}/confirm")
    assert statuses(session, stored(session)) == ["confirmed"] * 4 + ["cancelled"]
    last = series.until_on + timedelta(days=14)
    operator.post(f"/series/{series.id}/prolong", data={"until_on": last.isoformat()})
    assert statuses(session, stored(session))[5:] == ["pending", "pending"]


def test_one_mail_tells_of_all_days(session: Session, operator: FlaskClient, room: Room) -> None:
    operator.post("/series/new", data=form(room))
    series = stored(session)
    operator.post(f"/series/{series.id}/confirm")
    deliver_all()
    kinds = session.scalars(select(KeptMail.kind).where(KeptMail.recipient == "amira@example.com")).all()
    assert sorted(kinds) == ["series_confirmed", "series_received"]


def test_a_partner_sees_the_series_of_their_rooms_alone(
    session: Session, sign_in: SignIn, room: Room
) -> None:
    series = book(session, room)
    session.commit()
    partner = sign_in("Partner")
    assert "Amira" not in text_of(partner.get("/series/"))
    for path in ("", "/change"):
        assert partner.get(f"/series/{series.id}{path}").status_code == 404
    for path in ("confirm", "cancel", "move"):
        assert partner.post(f"/series/{series.id}/{path}").status_code == 404
    assert partner.get("/series/new").status_code == 403
    assert set(statuses(session, stored(session))) == {BookingStatus.PENDING.value}
