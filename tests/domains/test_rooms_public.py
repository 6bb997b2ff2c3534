"""Rooms for visitors: what is free and why not, what it costs, holding it, booking it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.venues.models import CancellationStep, OpeningHours, Room, RoomPrice, Venue
from app.kernel import clock
from app.kernel.values import Period
from tests.domains.rooms import next_monday, stored_room
from tests.factories import PackageFactory, translate
from tests.factories.venues import CancellationPolicyFactory, RoomFactory

ROOMS, VENUES = "/public/v1/rooms", "/public/v1/venues"


def day() -> Any:
    return next_monday(clock.now())


def at(wall: str) -> str:
    return f"{day()}T{wall}Z"


@pytest.fixture
def room(session: Session) -> Room:
    """Store a room that is open from nine to nine, by UTC, and pays half back until two days before."""
    policy = CancellationPolicyFactory()
    policy.steps = [
        CancellationStep(hours_before=72, refund_percent=100),
        CancellationStep(hours_before=24, refund_percent=50, position=1),
    ]
    session.flush()
    return stored_room(session, name="Blue hall", slug="blue-hall", policy_id=policy.id)


def slots(answer: Any, number: int = 0) -> list[dict[str, Any]]:
    return [slot for day in answer.get_json()["data"]["rooms"][number]["days"] for slot in day["slots"]]


@pytest.mark.proves("S1.86")
def test_the_free_times_of_a_day_are_those_that_keep_every_rule(
    client: FlaskClient, session: Session, room: Room
) -> None:
    starts_at = datetime.combine(day(), datetime.min.time(), UTC) + timedelta(hours=12)
    service.hold(session, room.id, Period(starts_at, starts_at + timedelta(hours=2)))
    translate(room, "de", slug="blauer-saal", name="Blauer Saal")
    for name in ("blue-hall", "blauer-saal", str(room.id)):
        answer = client.get(
            f"{ROOMS}/{name}/availability",
            query_string={"from": str(day()), "days": 1, "minutes": 120, "lang": "de"},
        )
        assert answer.status_code == 200
        told = answer.get_json()["data"]["rooms"][0]
        assert (told["name"], told["slug"]) == ("Blauer Saal", "blauer-saal")
        assert told["price"] == {"minor": 8000, "currency": "EUR", "text": "80,00\xa0€"}
        found = [slot["starts_at"][11:16] for slot in slots(answer)]
        assert found == [
            "09:00",
            "09:30",
            "10:00",
            *(f"{h}:{m}" for h in range(14, 19) for m in ("00", "30")),
            "19:00",
        ]
        assert slots(answer)[0]["text"] == "09:00 – 11:00"  # noqa: RUF001  # as it is written
    assert client.get(f"{ROOMS}/nowhere/availability").status_code == 404
    assert client.get(f"{VENUES}/nowhere/availability").status_code == 404


@pytest.mark.proves("S1.86")
def test_free_times_are_grouped_by_the_days_of_the_zone_that_is_asked_for(
    client: FlaskClient, session: Session, room: Room
) -> None:
    asked = {"from": str(day()), "days": 7, "zone": "Asia/Kolkata"}
    told = client.get(f"{ROOMS}/{room.id}/availability", query_string=asked).get_json()["data"]
    assert (told["zone"], told["venue_zone"], told["from"]) == ("Asia/Kolkata", "UTC", str(day()))
    days = told["rooms"][0]["days"]
    assert [one["date"] for one in days] == [str(day() + timedelta(days=number)) for number in range(7)]
    there = ZoneInfo("Asia/Kolkata")
    for one in days:
        begins = [datetime.fromisoformat(slot["starts_at"]).astimezone(there) for slot in one["slots"]]
        assert {str(begin.date()) for begin in begins} == {one["date"]}
        assert [begin.strftime("%H:%M") for begin in begins][:3] == ["00:00", "00:30", "01:00"]
    by_venue = client.get(f"{ROOMS}/{room.id}/availability", query_string=asked | {"zone": "venue"})
    assert len(slots(by_venue)) == 7 * 23


# Rule 23
def test_every_time_that_is_listed_can_be_held(client: FlaskClient, session: Session, room: Room) -> None:
    asked = {"from": str(day()), "days": 1, "minutes": 360}
    for slot in slots(client.get(f"{ROOMS}/{room.id}/availability", query_string=asked))[::4]:
        held = client.post(
            "/public/v1/holds",
            json={"room": "blue-hall", "starts_at": slot["starts_at"], "ends_at": slot["ends_at"]},
        )
        assert held.status_code == 201
        assert client.delete(f"/public/v1/holds/{held.get_json()['data']['token']}").status_code == 204


@pytest.mark.proves("S1.86")
def test_a_week_of_fifty_rooms_takes_three_statements(
    client: FlaskClient, session: Session, room: Room, count_statements: Callable[[], Any]
) -> None:
    for number in range(49):
        RoomFactory(venue_id=room.venue_id, capacity=10 + number)
    session.commit()
    venue = session.get_one(Venue, room.venue_id)
    asked = {"from": str(day()), "days": 7, "guests": 20}
    with count_statements() as seen:
        answer = client.get(f"{VENUES}/{venue.slug}/availability", query_string=asked)
    rooms = answer.get_json()["data"]["rooms"]
    assert len(rooms) == 50
    assert len([one for one in rooms if one["fits"]]) == 40
    assert len(seen) <= 3, seen


def test_what_did_not_change_is_not_sent_again(client: FlaskClient, room: Room) -> None:
    asked = {"from": str(day())}
    first = client.get(f"{ROOMS}/{room.id}/availability", query_string=asked)
    assert first.headers["Cache-Control"] == "private, max-age=5"
    again = client.get(
        f"{ROOMS}/{room.id}/availability",
        query_string=asked,
        headers={"If-None-Match": first.headers["ETag"]},
    )
    assert again.status_code == 304 and again.data == b""


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"days": "32"}, "days"),
        ({"days": "-1"}, "days"),
        ({"from": "2027-02-30"}, "from"),
        ({"from": "9999-12-31"}, "from"),
        ({"minutes": "1"}, "minutes"),
        ({"until": "2027-01-01"}, "until"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_by_name(
    client: FlaskClient, room: Room, asked: dict[str, str], wrong: str
) -> None:
    answer = client.get(f"{ROOMS}/{room.id}/availability", query_string=asked)
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, wrong)


@pytest.mark.proves("S1.87", "S1.89")
def test_a_quote_tells_its_lines_and_the_policy_with_its_times(client: FlaskClient, room: Room) -> None:
    asked = {"starts_at": at("12:00"), "ends_at": at("17:00"), "lang": "en"}
    told = client.get(f"{ROOMS}/blue-hall/quote", query_string=asked).get_json()["data"]
    assert [(line["text"], line["total"]["text"]) for line in told["lines"]] == [
        ("1 × 4 hours", "€140.00"),  # noqa: RUF001  # as it is written
        ("1 × 1 hour", "€40.00"),  # noqa: RUF001  # as it is written
    ]
    assert (told["total"]["text"], told["note"]) == ("€180.00", "")
    starts_at = datetime.fromisoformat(at("12:00"))
    untils = [datetime.fromisoformat(step["until"]) for step in told["policy"]["steps"]]
    assert untils == [starts_at - timedelta(hours=72), starts_at - timedelta(hours=24)]
    assert "everything back" in told["policy"]["text"] and "50% back" in told["policy"]["text"]
    assert told["policy"]["text"].endswith("After that nothing is paid back.")
    german = client.get(f"{ROOMS}/blue-hall/quote", query_string=asked | {"lang": "de"}).get_json()["data"]
    assert german["total"]["text"] == "180,00\xa0€"
    assert german["lines"][0]["text"] == "1 × 4 Stunden"  # noqa: RUF001  # as it is written
    begun = client.get(f"{ROOMS}/blue-hall/quote", query_string=asked | {"ends_at": at("13:30")}).get_json()[
        "data"
    ]
    assert begun["note"] == "The price is that of 2 hours: the room has none that fits 1 hr 30 min for less."


def test_an_explanation_names_the_rule_and_nobody_and_offers_what_is_near(
    client: FlaskClient, session: Session, room: Room
) -> None:
    noon = datetime.fromisoformat(at("12:00"))
    facts = {"client_name": "Zofia Lem", "client_email": "z@example.com", "event_type": "other", "guests": 4}
    service.book_room(session, facts, room.id, Period(noon, noon + timedelta(hours=2)))
    other = RoomFactory(venue_id=room.venue_id, name="Red room")
    other.prices = [RoomPrice(minutes=60, price_minor=100)]
    asked = {"starts_at": at("12:00"), "ends_at": at("14:00")}
    answer = client.get(f"{ROOMS}/{room.id}/explanation", query_string=asked)
    told = answer.get_json()["data"]
    assert not told["is_free"]
    against = [rule for rule in told["rules"] if not rule["is_kept"]]
    assert [rule["rule"] for rule in against] == ["free"] and len(told["rules"]) == 8
    assert "Zofia" not in answer.get_data(as_text=True)
    near = [(one["room"]["name"], one["starts_at"][11:16]) for one in told["alternatives"]]
    assert near == [("Blue hall", "10:00"), ("Blue hall", "14:00"), ("Red room", "12:00")]
    free = client.get(
        f"{ROOMS}/{room.id}/explanation", query_string={"starts_at": at("15:00"), "ends_at": at("16:00")}
    )
    assert free.get_json()["data"]["is_free"]


def test_a_package_and_its_room_are_found_by_names_of_any_language(session: Session) -> None:
    from app.domains.catalog.queries import offered_package

    package = PackageFactory(slug="garden-party")
    translate(package, "de", slug="gartenfest")
    found = {
        offered_package(session.connection(), name)
        for name in ("garden-party", "gartenfest", str(package.id))
    }
    assert found == {package.id}
    assert offered_package(session.connection(), "nothing") is None


def test_a_venue_without_rooms_has_no_free_times(client: FlaskClient, session: Session, room: Room) -> None:
    venue = session.get_one(Venue, room.venue_id)
    session.query(OpeningHours).filter_by(venue_id=venue.id).delete()
    room.is_active = False
    session.flush()
    assert client.get(f"{VENUES}/{venue.id}/availability").get_json()["data"]["rooms"] == []
    assert client.get(f"{ROOMS}/{room.id}/availability").status_code == 404


@pytest.mark.parametrize("path", ["quote", "explanation"])
def test_a_time_shorter_than_a_minute_is_refused_by_name(client: FlaskClient, room: Room, path: str) -> None:
    day = next_monday(clock.now())
    asked = {"starts_at": f"{day}T12:00:00Z", "ends_at": f"{day}T12:00:30Z"}
    answer = client.get(f"{ROOMS}/{room.id}/{path}", query_string=asked)
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, "ends_at")


def test_no_times_are_looked_for_of_a_length_that_the_room_does_not_take(
    client: FlaskClient, room: Room
) -> None:
    answer = client.get(f"{ROOMS}/{room.id}/availability", query_string={"minutes": "44640", "days": "31"})
    told = answer.get_json()["data"]["rooms"][0]
    assert told["fits"]
    assert (told["price"], [slot for day in told["days"] for slot in day["slots"]]) == (None, [])
