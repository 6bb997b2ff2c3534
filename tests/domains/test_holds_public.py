"""Holding a time in a room from outside, and booking what is held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.client import HTTPConnection
from json import dumps
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking, Claim
from app.domains.venues.models import CancellationStep, Room, Venue
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from tests.domains.bookings import next_address, sign_member_in
from tests.domains.rooms import next_monday, stored_room
from tests.factories import PackageFactory
from tests.factories.venues import CancellationPolicyFactory
from tests.serving import serving

HOLDS, THREADS = "/public/v1/holds", 25
CLIENT = {"client_name": "Amal Haddad", "client_email": "amal@example.com", "event_type": "wedding"}


def wish(starts: str = "12:00Z", ends: str = "14:00Z", **more: Any) -> dict[str, Any]:
    day = next_monday(clock.now())
    return {"room": "blue-hall", "starts_at": f"{day}T{starts}", "ends_at": f"{day}T{ends}"} | more


@pytest.fixture
def room(session: Session) -> Room:
    """Store a room that is open from nine to nine by UTC, whose policy pays all back until the day before."""
    policy = CancellationPolicyFactory()
    policy.steps = [CancellationStep(hours_before=24, refund_percent=100)]
    session.flush()
    return stored_room(session, name="Blue hall", slug="blue-hall", policy_id=policy.id)


def hold(client: FlaskClient, **more: Any) -> Any:
    answer = client.post(HOLDS, json=wish(**more), environ_base=next_address())
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()["data"]


def later(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    now = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: now)


# Rule 18: the policy is shown before anything is bought
def test_a_hold_tells_what_is_promised_and_until_when(client: FlaskClient, room: Room) -> None:
    told = hold(client, guests=40)
    assert told["room"]["name"] == "Blue hall" and told["guests"] == 40
    assert told["total"]["text"] == "€80.00"
    assert told["policy"]["steps"][0]["percent"] == 100
    left = datetime.fromisoformat(told["expires_at"]) - clock.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    shown = client.get(f"{HOLDS}/{told['token']}")
    assert shown.get_json()["data"]["token"] == told["token"]
    assert 1700 < shown.get_json()["data"]["seconds_left"] <= 1800
    assert shown.headers["Cache-Control"] == "no-store"
    taken = client.post(HOLDS, json=wish("13:00Z", "15:00Z"), environ_base=next_address())
    assert (taken.status_code, taken.get_json()["code"]) == (409, "room_taken")


# Rule 5
@pytest.mark.proves("S1.24")
def test_the_token_dies_at_thirty_minutes_and_the_time_is_free(
    client: FlaskClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = hold(client)
    later(monkeypatch, minutes=29, seconds=58)
    assert client.get(f"{HOLDS}/{told['token']}").status_code == 200
    later(monkeypatch, seconds=3)
    for method, path, body in (
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "/booking", CLIENT),
    ):
        answer = client.open(f"{HOLDS}/{told['token']}{path}", method=method, json=body)
        assert (answer.status_code, answer.get_json()["code"]) == (410, "hold_ended")
    assert hold(client)["id"] != told["id"]


def test_a_released_time_is_free_and_its_token_ends(client: FlaskClient, room: Room) -> None:
    token = hold(client)["token"]
    assert client.delete(f"{HOLDS}/{token}").status_code == 204
    assert client.delete(f"{HOLDS}/{token}").status_code == 410
    hold(client)


@pytest.mark.parametrize("token", ["", "x", "A" * 46, "%00"])
def test_what_is_no_token_leads_nowhere(client: FlaskClient, room: Room, token: str) -> None:
    for path in (token, f"{token}/booking"):
        answer = client.open(
            f"{HOLDS}/{path}", method="POST" if path.endswith("booking") else "GET", json=CLIENT
        )
        assert answer.status_code in (404, 405)


def test_a_clients_link_is_no_token_of_a_hold(client: FlaskClient, room: Room) -> None:
    from app.domains.bookings.queries import link_token

    told = hold(client)
    assert client.get(f"{HOLDS}/{link_token(UUID(told['id']))}").status_code == 404


# Rule 6: the owner is asked for
def test_a_members_hold_is_the_members_alone(client: FlaskClient, session: Session, room: Room) -> None:
    _bob, bobs = sign_member_in(session, "Bob Marsh")
    _eve, eves = sign_member_in(session, "Eve Moss")
    token = client.post(HOLDS, json=wish(), headers=bobs).get_json()["data"]["token"]
    for headers in ({}, eves):
        assert client.get(f"{HOLDS}/{token}", headers=headers).status_code == 404
        assert client.post(f"{HOLDS}/{token}/booking", json=CLIENT, headers=headers).status_code == 404
    booked = client.post(f"{HOLDS}/{token}/booking", json={"event_type": "wedding"}, headers=bobs)
    assert booked.status_code == 201
    assert booked.get_json()["data"]["client_name"] == "Bob Marsh"


def test_who_signs_in_meanwhile_books_what_they_held_as_a_visitor(
    client: FlaskClient, session: Session, room: Room
) -> None:
    member, headers = sign_member_in(session)
    token = hold(client)["token"]
    key = client.post(f"{HOLDS}/{token}/booking", json={"event_type": "wedding"}, headers=headers).get_json()[
        "data"
    ]["id"]
    assert session.get_one(Booking, UUID(key)).member_id == member.id


@pytest.mark.parametrize("is_member", [True, False])
def test_nobody_blocks_the_house(client: FlaskClient, session: Session, room: Room, is_member: bool) -> None:
    headers = sign_member_in(session)[1] if is_member else {}
    address = next_address()
    hours = [("10:00Z", "11:00Z"), ("11:00Z", "12:00Z"), ("12:00Z", "13:00Z"), ("13:00Z", "14:00Z")]
    made = [client.post(HOLDS, json=wish(*when), headers=headers, environ_base=address) for when in hours]
    assert [answer.status_code for answer in made] == [201, 201, 201, 409]
    assert made[3].get_json()["code"] == "too_many_holds"
    client.delete(f"{HOLDS}/{made[0].get_json()['data']['token']}", headers=headers)
    assert (
        client.post(HOLDS, json=wish("18:00Z", "19:00Z"), headers=headers, environ_base=address).status_code
        == 201
    )


def test_a_time_against_the_rules_is_refused_rule_by_rule_in_the_readers_words(
    client: FlaskClient, room: Room
) -> None:
    answer = client.post(HOLDS, json=wish("20:00Z", "22:10Z"))
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (409, "time_refused")
    assert [(one["rule"], one["is_kept"]) for one in told["findings"]] == [
        ("length", False),
        ("hours", False),
    ]
    assert all(one["sentence"].endswith(".") for one in told["findings"])
    too_many = client.post(HOLDS, json=wish(guests=61))
    assert (too_many.status_code, list(too_many.get_json()["errors"])) == (422, ["guests"])
    assert client.post(HOLDS, json=wish(room="nowhere")).status_code == 404


# Rule 10
@pytest.mark.parametrize(
    ("starts_at", "ends_at", "zone", "said"),
    [
        ("2027-03-28T02:30", "2027-03-28T05:00", "venue", "2027-03-28T03:00"),
        ("2027-10-31T02:30", "2027-10-31T05:00", "venue", "2027-10-31T02:30+02:00"),
        ("2027-05-24T12:00", "2027-05-24T14:00", None, "venue"),
        ("2027-05-24", "2027-05-25", "venue", "2027-05-22T18:00+02:00"),
        ("2027-02-30T12:00Z", "2027-05-24T14:00Z", None, "2027-05-22T18:00+02:00"),
        ("0001-01-01T00:00+14:00", "2027-05-24T14:00Z", None, "2027-05-22T18:00+02:00"),
    ],
)
def test_a_time_that_means_no_instant_or_two_is_refused_with_one_that_does(
    client: FlaskClient, session: Session, starts_at: str, ends_at: str, zone: str | None, said: str
) -> None:
    berlin = stored_room(session, "Europe/Berlin")
    body = {"room": str(berlin.id), "starts_at": starts_at, "ends_at": ends_at, "zone": zone}
    answer = client.post(HOLDS, json=body)
    assert answer.status_code == 422
    assert said in answer.get_json()["errors"]["starts_at"][0]


# Rule 10
def test_a_wall_time_of_the_venue_and_an_instant_are_one_time(client: FlaskClient, session: Session) -> None:
    berlin = stored_room(session, "Europe/Berlin")
    day = next_monday(clock.now())
    body = {"room": str(berlin.id), "starts_at": f"{day}T12:00", "ends_at": f"{day}T14:00", "zone": "venue"}
    told = client.post(HOLDS, json=body, environ_base=next_address()).get_json()["data"]
    assert "12:00\u202fPM" in told["time_text"] and "(Berlin)" in told["time_text"]
    same = {"room": str(berlin.id), "starts_at": told["starts_at"], "ends_at": told["ends_at"]}
    assert client.post(HOLDS, json=same, environ_base=next_address()).status_code == 409


# Rule 14
def test_the_same_wish_twice_is_one_hold_and_one_booking(
    client: FlaskClient, session: Session, room: Room
) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (client.post(HOLDS, json=wish(), headers=key) for _ in range(2))
    assert first.data == second.data and second.headers["Idempotent-Replayed"] == "true"
    token = first.get_json()["data"]["token"]
    path, key = f"{HOLDS}/{token}/booking", {"Idempotency-Key": str(uuid4())}
    first, second = (client.post(path, json=CLIENT, headers=key) for _ in range(2))
    assert first.status_code == 201 and first.data == second.data
    assert session.scalar(select(func.count()).select_from(Booking)) == 1
    other = client.post(path, json=CLIENT | {"guests": 3}, headers=key)
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")
    again = client.post(path, json=CLIENT, headers={"Idempotency-Key": str(uuid4())})
    assert (again.status_code, again.get_json()["code"]) == (410, "hold_ended")
    kept = session.execute(text("SELECT convert_from(body, 'utf-8') FROM idempotent_answer")).scalars().all()
    assert kept and not [body for body in kept if token in body]


def test_a_held_time_and_a_package_are_booked_in_one(
    client: FlaskClient, session: Session, room: Room
) -> None:
    PackageFactory(slug="garden-party", name="Garden party", price_minor=100_000, currency="EUR")
    path = f"{HOLDS}/{hold(client, guests=40)['token']}/booking"
    assert client.post(path, json=CLIENT | {"package": "nothing"}).get_json()["errors"].keys() == {"package"}
    assert client.post(path, json={}).get_json()["errors"].keys() == {
        "client_name",
        "client_email",
        "event_type",
    }
    told = client.post(path, json=CLIENT | {"package": "garden-party"}).get_json()["data"]
    assert (told["status"], told["guests"], told["total"]["minor"]) == ("pending", 40, 108_000)
    assert told["package"]["name"] == "Garden party"
    venue = session.get_one(Venue, room.venue_id)
    assert told["room"] == {
        "id": str(room.id), "slug": "blue-hall", "name": "Blue hall", "venue": venue.name, "zone": "UTC",
    }  # fmt: skip
    assert told["starts_at"][11:] == "12:00:00Z" and told["time_text"]
    assert told["place"].startswith("Blue hall, ")
    claim = session.scalars(select(Claim)).one()
    assert (claim.booking_id, claim.expires_at) == (UUID(told["id"]), None)


@pytest.fixture
def committed(whole_app: Flask) -> Iterator[str]:
    """Store a room for real, so that many connections see it, and take all of it away again."""
    with whole_app.app_context():
        with unit_of_work() as session:
            key = str(stored_room(session).id)
        yield key
        db.session.rollback()
        with unit_of_work() as session:
            tables = "room_claim, room, venue, company, city, country, outbox, idempotent_answer"
            session.execute(text(f"TRUNCATE {tables} CASCADE"))
        db.session.remove()


# Rule 2
def test_of_fifty_requests_at_once_for_one_time_exactly_one_is_served(
    whole_app: Flask, committed: str
) -> None:
    body = dumps(wish(room=committed))
    start = Barrier(THREADS)

    def one(number: int) -> int:
        start.wait(timeout=30)
        connection = HTTPConnection(
            "127.0.0.1", port, timeout=60, source_address=(f"127.0.9.{number + 1}", 0)
        )
        connection.request("POST", HOLDS, body, {"Content-Type": "application/json"})
        status = connection.getresponse().status
        connection.close()
        return status

    with serving(whole_app) as address, ThreadPoolExecutor(THREADS) as pool:
        port = int(address.rpartition(":")[2])
        assert Counter(pool.map(one, range(50))) == {201: 1, 409: 49}
    assert db.session.scalar(select(func.count()).select_from(Claim).where(Claim.blocks)) == 1
    assert service.sweep(db.session()) == 0
