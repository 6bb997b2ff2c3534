"""The calendar of rooms: what its feed shows to whom, in how many statements, and what its verbs do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.bookings import service
from app.domains.bookings.models import Booking, Claim
from app.domains.venues.models import Room
from app.kernel import clock
from app.kernel.errors import BadParameter, Invalid
from app.kernel.values import Period
from app.web.timeline.asked import instant_of, read_asked, read_days
from tests.domains.rooms import next_monday, stored_room
from tests.factories.venues import ClosureFactory, RoomFactory

SignIn = Callable[..., FlaskClient]
FACTS: dict[str, Any] = {
    "client_name": "Ada Lovelace",
    "client_email": "ada@example.com",
    "event_type": "birthday",
    "guests": 12,
    "locale": "en",
}


def monday() -> date:
    return next_monday(clock.now())


def wish(starts: str = "12:00", ends: str = "14:00") -> Period:
    return Period(*(datetime.fromisoformat(f"{monday()}T{wall}+00:00") for wall in (starts, ends)))


def booked(session: Session, room: Room, starts: str = "12:00", ends: str = "14:00", **facts: Any) -> Booking:
    booking = service.book_room(session, FACTS | facts, room.id, wish(starts, ends))
    session.flush()
    return booking


def feed(browser: FlaskClient, **more: str) -> dict[str, Any]:
    days = {"from": monday().isoformat(), "to": (monday() + timedelta(days=1)).isoformat()}
    answer = browser.get("/calendar/events", query_string=days | more)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def asked(booking: Booking, room: Room, starts: str, ends: str, **more: Any) -> dict[str, Any]:
    times = {"starts_at": f"{monday()}T{starts}", "ends_at": f"{monday()}T{ends}"}
    return {"booking": str(booking.id), "room": str(room.id), "zone": "UTC", **times, **more}


def post(browser: FlaskClient, path: str, json: dict[str, Any]) -> Any:
    return browser.post(path, json=json, headers={"Accept": "application/json"})


@pytest.fixture
def room(session: Session) -> Room:
    return stored_room(session, buffer_after_minutes=30, name="Blue hall")


@pytest.fixture
def operator(sign_in: SignIn) -> FlaskClient:
    return sign_in("Booking operator")


def test_the_feed_shows_bookings_holds_buffers_closures_and_closed_hours(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    booking = booked(session, room)
    service.hold(session, room.id, wish("16:00", "17:00"))
    closed = wish("19:00", "20:00")
    facts = {"venue_id": room.venue_id, "room_id": room.id, "reason": "The floor is sanded."}
    ClosureFactory(starts_at=closed.starts_at, ends_at=closed.ends_at, **facts)
    told = feed(operator)

    first, second = told["events"]
    assert (first["kind"], first["title"], first["reference"]) == (
        "booking",
        "Ada Lovelace",
        booking.reference,
    )
    assert (first["start"], first["end"]) == (f"{monday()}T12:00", f"{monday()}T14:00")
    assert (first["status"], first["tone"], first["is_movable"]) == ("Pending", "warning", True)
    assert (second["kind"], second["title"]) == ("hold", "Held")
    assert second["status"].startswith("until ")
    behind = {(one["kind"], one["start"][11:], one["end"][11:]) for one in told["background"]}
    assert {
        ("buffer", "14:00", "14:30"),
        ("buffer", "17:00", "17:30"),
        ("closure", "19:00", "20:00"),
        ("closed", "00:00", "09:00"),
        ("closed", "21:00", "00:00"),
    } <= behind


def test_a_hold_whose_time_has_passed_is_shown_no_more_before_the_sweeper_has_run(
    session: Session, room: Room, operator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 5."""
    service.hold(session, room.id, wish("16:00", "17:00"))
    session.commit()
    assert len(feed(operator)["events"]) == 1
    later = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert feed(operator)["events"] == []


def test_times_are_those_of_the_venue_or_of_the_zone_that_is_chosen(
    session: Session, operator: FlaskClient
) -> None:
    """Rule 10."""
    booked(session, stored_room(session, zone="Asia/Kolkata"))
    assert feed(operator)["events"][0]["start"] == f"{monday()}T17:30"
    assert feed(operator, zone="America/Mexico_City")["events"][0]["start"] == f"{monday()}T06:00"


def test_only_the_venues_that_are_asked_for_are_read(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    from app.domains.venues.models import Venue

    other = stored_room(session)
    for one in (room, other):
        booked(session, one)
    slug = session.get_one(Venue, other.venue_id).slug
    assert {one["room"] for one in feed(operator)["events"]} == {str(room.id), str(other.id)}
    assert {one["room"] for one in feed(operator, venues=slug)["events"]} == {str(other.id)}


@pytest.fixture
def limits() -> Iterator[Callable[..., None]]:
    limited: list[str] = []

    def limit(resource: str, rule: Any) -> None:
        rows.limit(resource, "Booking operator", rule)
        limited.append(resource)

    yield limit
    for resource in limited:
        rows.lift(resource, "Booking operator")


def test_a_booking_that_the_reader_may_not_see_is_taken_and_no_more(
    session: Session, room: Room, operator: FlaskClient, limits: Callable[..., None]
) -> None:
    limits("booking", lambda model, _user: model.client_name == "Mine")
    booked(session, room, "10:00", "11:00", client_name="Mine")
    hidden = booked(session, room, client_name="Somebody else")
    mine, taken = feed(operator)["events"]

    assert (mine["title"], taken["title"], taken["kind"]) == ("Mine", "Taken", "taken")
    assert not {"booking", "reference", "occasion"} & set(taken)
    assert taken["is_movable"] is False
    assert operator.get(f"/calendar/bookings/{hidden.id}").status_code == 404
    for path in ("judge", "move"):
        told = asked(hidden, room, "15:00", "16:00")
        assert post(operator, f"/calendar/{path}", json=told).status_code == 404


def test_a_room_that_the_reader_may_not_see_is_not_shown_at_all(
    session: Session, room: Room, operator: FlaskClient, limits: Callable[..., None]
) -> None:
    hidden = stored_room(session, name="Hidden hall")
    booked(session, hidden)
    booked(session, room)
    limits("room", lambda model, _user: model.name != "Hidden hall")
    told = feed(operator)

    shown = {one["room"] for one in (*told["events"], *told["background"])}
    assert shown == {str(room.id)}
    assert "Hidden hall" not in operator.get("/calendar/").get_data(as_text=True)
    booking = session.scalars(select(Booking).where(Booking.room_id == room.id)).one()
    assert post(operator, "/calendar/judge", json=asked(booking, hidden, "15:00", "16:00")).status_code == 404


def test_the_feed_takes_as_many_statements_for_many_rooms_as_for_one(
    session: Session, room: Room, operator: FlaskClient, count_statements: Callable[[], Any]
) -> None:
    booked(session, room)
    session.commit()
    with count_statements() as few:
        feed(operator)
    for number in range(6):
        more: Any = stored_room(session) if number % 2 else RoomFactory(venue_id=room.venue_id)
        for hour in (10, 12, 15, 17):
            booked(session, more, f"{hour}:00", f"{hour + 1}:00")
    session.commit()
    session.expunge_all()
    with count_statements() as many:
        assert len(feed(operator)["events"]) == 25
    assert len(few) == len(many) <= 8


def test_the_guard_answers_rule_by_rule_with_the_price_before_anything_is_written(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    """Rules 3 and 23."""
    booking = booked(session, room)
    booked(session, room, "16:00", "18:00", client_name="Other")
    session.commit()
    against = post(operator, "/calendar/judge", json=asked(booking, room, "15:00", "17:00")).get_json()
    longer = post(operator, "/calendar/judge", json=asked(booking, room, "12:00", "15:00")).get_json()
    free = post(operator, "/calendar/judge", json=asked(booking, room, "10:00", "12:00")).get_json()
    begun = post(operator, "/calendar/judge", json=asked(booking, room, "12:00", "14:30")).get_json()

    assert against["is_kept"] is False
    assert [rule["rule"] for rule in against["rules"] if not rule["is_kept"]] == ["free"]
    assert len(against["rules"]) == 8
    assert (longer["is_kept"], longer["price_before"], longer["price"]) == (True, "€80.00", "€120.00")
    assert longer["difference"] == "€40.00 more"
    assert longer["lines"] == [{"words": "3 \u00d7 1 hour", "total": "€120.00"}]
    assert (free["is_kept"], free["difference"]) == (True, "The price stays.")
    assert free["note"] == ""
    assert begun["note"].startswith("The price is that of 3 hours:"), "a begun hour counts whole"
    session.refresh(booking)
    assert booking.status == "pending"


def test_a_booking_that_is_moved_has_a_successor_at_the_new_time(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    booking, other = booked(session, room), stored_room(session)
    told = asked(booking, other, "10:00", "12:00", reason="They asked for it")
    answer = post(operator, "/calendar/move", json=told)

    assert answer.status_code == 200, answer.get_json()
    after = session.get_one(Booking, answer.get_json()["booking"])
    assert (after.follows_id, after.room_id, after.status) == (booking.id, other.id, "pending")
    assert after.starts_at == wish("10:00", "12:00").starts_at
    session.refresh(booking)
    assert booking.status == "moved"
    assert booking.steps[-1].reason == "They asked for it"
    (event,) = feed(operator)["events"]
    assert (event["booking"], event["room"]) == (str(after.id), str(other.id))


def test_of_two_tabs_the_second_is_refused_and_nothing_changes(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    booking = booked(session, room)
    session.commit()
    first = post(operator, "/calendar/move", json=asked(booking, room, "10:00", "12:00"))
    second = post(operator, "/calendar/move", json=asked(booking, room, "17:00", "19:00"))

    assert (first.status_code, second.status_code) == (200, 409)
    assert "meanwhile" in second.get_json()["detail"]
    live = session.scalars(select(Claim).where(Claim.ended_as.is_(None))).all()
    assert [claim.starts_at for claim in live] == [wish("10:00", "12:00").starts_at]


def test_a_move_against_the_rules_is_refused_in_the_guards_words_and_the_booking_stands(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    """Rule 3."""
    booking = booked(session, room)
    session.commit()
    answer = post(operator, "/calendar/move", json=asked(booking, room, "20:00", "22:00"))

    assert answer.status_code == 409
    told = answer.get_json()
    assert (told["code"], told["judgement"]["is_kept"]) == ("time_refused", False)
    assert "not open" in told["detail"]
    session.refresh(booking)
    assert booking.status == "pending"
    assert session.scalars(select(Claim).where(Claim.booking_id == booking.id)).one().ended_as is None


def test_a_booking_that_is_under_way_can_be_extended(
    session: Session, room: Room, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = booked(session, room)
    session.commit()
    under_way, day = wish("13:00", "14:00").starts_at, monday()
    monkeypatch.setattr(clock, "now", lambda: under_way)
    monkeypatch.setattr("tests.web.test_timeline.monday", lambda: day)
    operator = sign_in("Booking operator")
    told = asked(booking, room, "12:00", "15:00")
    assert post(operator, "/calendar/judge", json=told).get_json()["is_kept"] is True
    after = session.get_one(Booking, post(operator, "/calendar/move", json=told).get_json()["booking"])
    assert (after.starts_at, after.ends_at) == (wish().starts_at, wish("12:00", "15:00").ends_at)


def test_an_empty_time_is_booked_and_confirmed_where_that_is_asked(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    client = {
        "client_name": "Bob",
        "client_email": "bob@example.com",
        "event_type": "wedding",
        "guests": "20",
    }
    times = {"starts_at": f"{monday()}T12:00", "ends_at": f"{monday()}T16:00"}
    body = {"room": str(room.id), "zone": "UTC", "client": client, **times}
    made = post(operator, "/calendar/book", json=body)
    again = post(operator, "/calendar/book", json=body | {"confirm": True})

    assert (made.status_code, again.status_code) == (201, 409)
    booking = session.get_one(Booking, made.get_json()["booking"])
    assert (booking.status, booking.total_minor, booking.guests) == ("pending", 14000, 20)
    later = {"starts_at": f"{monday()}T17:00", "ends_at": f"{monday()}T18:00", "confirm": True}
    confirmed = post(operator, "/calendar/book", json=body | later).get_json()["booking"]
    assert session.get_one(Booking, confirmed).status == "confirmed"


def test_what_is_wrong_about_a_client_is_said_at_its_field(
    session: Session, room: Room, operator: FlaskClient
) -> None:
    times = {"starts_at": f"{monday()}T12:00", "ends_at": f"{monday()}T16:00"}
    client = {"client_name": "", "client_email": "nobody", "event_type": "wedding"}
    body = {"room": str(room.id), "zone": "UTC", "client": client, **times}
    answer = post(operator, "/calendar/book", json=body)

    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {"client_name", "client_email"}
    assert session.scalars(select(Booking)).all() == []


def test_the_card_offers_what_the_reader_may_do(
    session: Session, room: Room, operator: FlaskClient, sign_in: SignIn
) -> None:
    booking = booked(session, room)
    session.commit()
    card = operator.get(f"/calendar/bookings/{booking.id}?zone=UTC").get_data(as_text=True)
    for part in ("Ada Lovelace", booking.reference, "data-move", "/do/confirm", "/do/cancel", "12:00"):
        assert part in card
    assert operator.get("/calendar/bookings/none").status_code == 404


def test_who_may_not_list_bookings_has_no_calendar(sign_in: SignIn) -> None:
    editor = sign_in("Editor")
    for path in ("/calendar/", "/calendar/events"):
        assert editor.get(path).status_code == 403


def test_without_rooms_the_screen_says_what_to_do(operator: FlaskClient, sign_in: SignIn) -> None:
    assert "There is no room yet" in operator.get("/calendar/").get_data(as_text=True)
    assert "/rooms/add" in sign_in("Admin").get("/calendar/").get_data(as_text=True)


def test_the_address_holds_the_whole_state(session: Session, room: Room, operator: FlaskClient) -> None:
    page = operator.get(f"/calendar/?view=month&date={monday()}&zone=Asia/Tokyo").get_data(as_text=True)
    assert '<option value="Asia/Tokyo" selected>' in page
    assert "All times are shown as the clocks in Tokyo." in page
    assert f"&#34;date&#34;: &#34;{monday()}&#34;" in page


@pytest.mark.parametrize(
    ("args", "parameter"),
    [({"view": "year"}, "view"), ({"date": "soon"}, "date"), ({"zone": "Mars/Base"}, "zone")],
)
def test_what_no_state_is_is_refused_by_its_name(app: Any, args: dict[str, str], parameter: str) -> None:
    with app.test_request_context("/calendar/"), pytest.raises(BadParameter) as caught:
        read_asked(args, date(2027, 5, 3))
    assert caught.value.parameter == parameter


def test_no_more_days_are_read_than_a_month_shows(app: Any) -> None:
    with app.test_request_context("/calendar/"), pytest.raises(BadParameter):
        read_days({"from": "2027-01-01", "to": "2027-06-01"}, date(2027, 1, 1))


def test_a_time_that_the_clocks_jump_over_is_refused_and_one_that_comes_twice_is_asked_about(
    app: Any,
) -> None:
    """Rule 10."""
    zone, standing = "Europe/Berlin", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    with app.test_request_context("/calendar/"):
        with pytest.raises(Invalid) as jumped:
            instant_of("starts_at", "2027-03-28T02:30", zone)
        with pytest.raises(Invalid) as twice:
            instant_of("starts_at", "2027-10-31T02:30", zone)
        assert set(jumped.value.errors) == {"starts_at"}
        assert set(twice.value.errors) == {"fold"}
        assert instant_of("starts_at", "2027-10-31T02:30", zone, "0").hour == 0
        assert instant_of("starts_at", "2027-10-31T02:30", zone, "1") == standing
        assert instant_of("starts_at", "2027-10-31T02:30", zone, "", standing) == standing
        assert instant_of("starts_at", "2027-10-31T02:30+02:00", zone).hour == 0
