"""The screens of series: every day before it is booked, what became of it since, and who may do what (rule 22)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.bookings import service
from app.domains.bookings.models import Booking, BookingSeries, BookingStatus, Occurrence
from app.domains.bookings.queries import standing_in
from app.domains.venues.models import OpeningHours, Room, Weekday
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
    return session.scalars(select(BookingSeries).where(BookingSeries.client_name == "Amira")).one()


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
    assert text_of(operator.post(f"/series/{series.id}/days/move", data=wish | {"mode": "all"}), 409)
    assert operator.post(f"/series/{series.id}/days/move", data=wish | {"mode": "skip"}).status_code == 303
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
    operator.post(f"/series/{series.id}/days/cancel", data={"reach": "one", "day": str(day), "reason": "Ill"})
    operator.post(f"/series/{series.id}/days/confirm")
    assert statuses(session, stored(session)) == ["confirmed"] * 4 + ["cancelled"]
    last = series.until_on + timedelta(days=14)
    operator.post(f"/series/{series.id}/prolong", data={"until_on": last.isoformat()})
    assert statuses(session, stored(session))[5:] == ["pending", "pending"]


def test_one_mail_tells_of_all_days(session: Session, operator: FlaskClient, room: Room) -> None:
    operator.post("/series/new", data=form(room))
    series = stored(session)
    operator.post(f"/series/{series.id}/days/confirm")
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
        assert partner.post(f"/series/{series.id}/days/{path}").status_code == 404
    assert partner.get("/series/new").status_code == 403
    assert set(statuses(session, stored(session))) == {BookingStatus.PENDING.value}


def seen_series(session: Session, ours: Any, noise: Any) -> BookingSeries:
    """Book five days in a room of ours; the second is in a room of others by now."""
    mine, theirs = (stored_room(session, advance_days=1000) for _each in range(2))
    mine.venue_id, theirs.venue_id = ours.venue.id, noise.venue.id
    for venue, room in ((ours.venue, mine), (noise.venue, theirs)):
        venue.zone = "UTC"
        venue.hours = all_week()
        room.name = f"Hall of {venue.name}"
    session.flush()
    series = book(session, mine)
    booking = session.get_one(Booking, series.occurrences[1].booking_id)
    service.confirm(service.move(booking, theirs.id, at(1, "16:00", "18:00")))
    session.commit()
    return series


def all_week() -> list[OpeningHours]:
    wall = {"opens_time": time(9), "closes_time": time(21), "mode": "open"}
    return [OpeningHours(weekday=day.value, position=number, **wall) for number, day in enumerate(Weekday)]


def row_of(answer: Any, day: Any) -> str:
    found = re.search(rf'<tr id="d-{day}">.*?</tr>', answer.get_data(as_text=True), re.DOTALL)
    assert found is not None
    return found.group()


def test_a_day_in_a_room_of_others_is_told_without_its_time_and_state(
    session: Session, vera: FlaskClient, ours: Any, noise: Any
) -> None:
    series = seen_series(session, ours, noise)
    row = row_of(vera.get(f"/series/{series.id}"), series.occurrences[1].id)
    assert "A booking of others" in row
    for told in ("Confirmed", "4:00", "16:00", "/bookings/", "/change", "Canary"):
        assert told not in row
    assert "/change" in row_of(vera.get(f"/series/{series.id}"), series.occurrences[2].id)


def test_a_day_in_a_room_of_others_is_left_alone(
    session: Session, vera: FlaskClient, ours: Any, noise: Any
) -> None:
    series = seen_series(session, ours, noise)
    day = str(series.occurrences[1].id)
    base = f"/series/{series.id}"
    page = text_of(vera.get(f"{base}/change", query_string={"what": "cancel", "reach": "one", "day": day}))
    assert "No day that is still to come is meant." in page
    vera.post(f"{base}/days/confirm")
    assert statuses(session, stored(session)) == ["confirmed"] * 5
    vera.post(f"{base}/days/move", data={"reach": "all", "starts": "14:00"})
    hours = session.scalars(select(Booking.starts_at).where(Booking.status == "confirmed"))
    assert sorted(at.hour for at in hours if at) == [14, 14, 14, 14, 16]
    vera.post(f"{base}/days/cancel", data={"reach": "one", "day": day})
    vera.post(f"{base}/days/cancel", data={"reach": "all"})
    assert statuses(session, stored(session)) == ["cancelled", "confirmed", *["cancelled"] * 3]


def test_a_change_of_no_day_changes_no_later_one(
    session: Session, vera: FlaskClient, ours: Any, noise: Any
) -> None:
    series = seen_series(session, ours, noise)
    vera.post(f"/series/{series.id}/days/cancel", data={"reach": "all"})
    vera.post(f"/series/{series.id}/days/move", data={"reach": "all", "starts": "14:00"})
    assert stored(session).starts_time == time(12)


def test_a_whole_series_stays_in_its_venue(
    session: Session, operator: FlaskClient, room: Room, noise: Any
) -> None:
    series = book(session, room)
    session.commit()
    for key in (noise.room.id, "nothing"):
        answer = operator.post(f"/series/{series.id}/days/move", data={"reach": "all", "room_id": str(key)})
        assert "Choose one from the list." in text_of(answer, 422)
    assert stored(session).room_id == room.id


@pytest.mark.parametrize(
    "odd",
    [
        {"days_on": "--5"},
        {"days_on": "-"},
        {"days_on": "367"},
        {"minutes": "000000199999999999999999999"},
        {"minutes": "9" * 5000},
    ],
)
def test_odd_numbers_are_refused_in_words(
    session: Session, operator: FlaskClient, room: Room, odd: dict[str, str]
) -> None:
    series = book(session, room)
    session.commit()
    answer = operator.post(f"/series/{series.id}/days/move", data={"reach": "all"} | odd)
    assert "Give a whole number." in text_of(answer, 422)
    assert operator.get(f"/series/{series.id}/change", query_string=odd).status_code == 200


@pytest.mark.parametrize("starts_at", ["9999-12-31T23:00", "0001-01-01T00:30", "9999-12-31T23:00-05:00"])
def test_a_time_beyond_all_calendars_is_refused_in_words(
    session: Session, operator: FlaskClient, room: Room, starts_at: str
) -> None:
    stand_in_the_way(session, room)
    series = book(session, room)
    session.commit()
    day = f"/series/{series.id}/days/{series.occurrences[1].id}/book"
    answer = operator.post(day, data={"starts_at": starts_at}, follow_redirects=True)
    assert "The date is too far away." in text_of(answer)


# Rule 4
def test_whoever_would_be_rejected_is_shown_before_all_are_confirmed(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    room.pending_policy = "compete"
    session.flush()
    series = book(session, room)
    rival = service.book_room(session, CLIENT | {"client_name": "Bruno"}, room.id, at(2))
    session.commit()
    base = f"/series/{series.id}"
    assert f'href="{base}/change?what=confirm"' in operator.get(base).get_data(as_text=True)
    page = operator.get(f"{base}/change", query_string={"what": "confirm"})
    assert "1 other booking wants one of these times." in text_of(page)
    assert "Bruno" in text_of(page)
    told = re.findall(r'name="rivals" value="([^"]+)"', page.get_data(as_text=True))
    assert told == [str(rival.id)]
    late = service.book_room(session, CLIENT | {"client_name": "Carla"}, room.id, at(4))
    session.commit()
    answer = operator.post(f"{base}/days/confirm", data={"rivals": told})
    assert "Others want one of these times, too" in text_of(answer, 409)
    assert "Carla" in text_of(answer, 409)
    assert statuses(session, stored(session)) == ["pending"] * 5
    operator.post(f"{base}/days/confirm", data={"rivals": [*told, str(late.id), "odd"], "reason": "Agreed"})
    assert statuses(session, stored(session)) == ["confirmed"] * 5
    rivals = session.scalars(select(Booking.status).where(Booking.series_id.is_(None)))
    assert list(rivals) == ["rejected", "rejected"]


def test_of_days_that_could_not_be_moved_is_told_why(
    session: Session, operator: FlaskClient, room: Room
) -> None:
    small = stored_room(session, advance_days=1000, capacity=4)
    small.venue_id = room.venue_id
    series = book(session, room)
    session.get_one(Booking, series.occurrences[0].booking_id).guests = 3
    session.commit()
    answer = operator.post(
        f"/series/{series.id}/days/move",
        data={"reach": "all", "room_id": str(small.id)},
        follow_redirects=True,
    )
    said = text_of(answer)
    assert "1 day is moved." in said
    assert "4 days could not be. This room holds 4 guests at most." in said


def test_a_day_that_is_not_seen_is_not_booked_anew(
    session: Session, operator: FlaskClient, ours: Any, noise: Any
) -> None:
    series = seen_series(session, ours, noise)
    day = series.occurrences[1]
    hidden = standing_in(session, series)[1].booking
    assert hidden is not None
    service.cancel(hidden)
    session.commit()
    mine = series.room_id
    rows.limit("booking", "Booking operator", lambda model, _user: model.room_id == mine)
    try:
        assert "A booking of others" in row_of(operator.get(f"/series/{series.id}"), day.id)
        assert operator.post(f"/series/{series.id}/days/{day.id}/book").status_code == 404
    finally:
        rows.lift("booking", "Booking operator")
    assert statuses(session, stored(session))[1] == "cancelled"
    assert "Book" in row_of(operator.get(f"/series/{series.id}"), day.id)
