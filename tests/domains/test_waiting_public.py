"""Rule 21 from outside: to join, to see one's place, to answer an offer by the mail's link, to leave."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.bookings import queries, service
from app.domains.bookings.models import Booking, Waiting, WaitingStatus
from app.domains.venues.models import Room
from tests.domains.bookings import next_address, path_of, sign_member_in
from tests.domains.rooms import stored_room
from tests.domains.waiting import booked, join, later, wish
from tests.outbox import deliver_all

URL = "/public/v1/waiting"


@pytest.fixture
def room(session: Session) -> Room:
    found = stored_room(session, name="Blue hall", slug="blue-hall", capacity=50)
    session.commit()
    return found


@pytest.fixture
def taken(session: Session, room: Room) -> Booking:
    return booked(session, room.id, wish())


def asking(**more: Any) -> dict[str, Any]:
    when = wish()
    return {
        "room": "blue-hall",
        "starts_at": when.starts_at.isoformat(),
        "ends_at": when.ends_at.isoformat(),
        "guests": 12,
        "client_name": "Amal Haddad",
        "client_email": "amal@example.com",
        "time_zone": "Asia/Kolkata",
    } | more


def ask(client: FlaskClient, **more: Any) -> Any:
    return client.post(URL, json=asking(**more), environ_base=next_address())


def path_for(session: Session, address: str = "amal@example.com", *, api: bool = True) -> str:
    """Give the path of the link in the mail to an address."""
    mine = select(Waiting).where(Waiting.client_email == address).order_by(Waiting.created_at.desc())
    found = session.scalars(mine.execution_options(populate_existing=True)).first()
    assert found is not None
    token = queries.waiting_token(found.id, found.link_serial)
    return f"{URL}/{token}" if api else f"/public/waiting/{token}"


def joined(client: FlaskClient, session: Session) -> str:
    """Join as a visitor, and give the path of the mail's link."""
    assert ask(client).status_code == 202
    return path_for(session)


def offered(session: Session, taken: Booking) -> None:
    service.cancel(taken)
    session.commit()
    deliver_all()


def test_a_visitor_joins_and_sees_their_place_and_then_the_offer_with_its_deadline(
    client: FlaskClient, session: Session, room: Room, taken: Booking
) -> None:
    join(session, room.id, "Bo")
    answer = ask(client)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    heard = answer.get_json()["data"]
    assert (heard["room"]["name"], heard["guests"]) == ("Blue hall", 12)
    assert heard["next"][0] == "We write to amal@example.com where you stand in line."
    path = path_for(session)
    told = client.get(path).get_json()["data"]
    assert (told["status"], told["place"], told["offer"], told["room"]["name"]) == (
        "waiting",
        2,
        None,
        "Blue hall",
    )
    assert told["next"][0] == "You are number 2 in line."
    offered(session, taken)
    service.decline(session.scalars(select(Waiting).where(Waiting.client_name == "Bo")).one())
    session.commit()
    deliver_all()
    seen = client.get(path)
    told = seen.get_json()["data"]
    assert seen.headers["Cache-Control"] == "no-store"
    assert (told["status"], told["place"], told["offer"]["total"]["minor"]) == ("offered", None, 8000)
    assert "(Kolkata" in told["offer"]["expires_text"] or "India" in told["offer"]["expires_text"]
    assert told["offer"]["seconds_left"] > 23 * 3600


def test_the_offer_is_taken_once_however_often_the_button_is_pressed(
    client: FlaskClient, session: Session, taken: Booking
) -> None:
    path = joined(client, session)
    early = client.post(f"{path}/accept", json={})
    assert (early.status_code, early.get_json()["code"]) == (410, "offer_ended")
    offered(session, taken)
    assert client.post(f"{path}/accept", json={"guests": 51}).status_code == 422
    answers = [client.post(f"{path}/accept", json={"event_type": "wedding", "guests": 14}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    told = answers[1].get_json()["data"]
    assert told["status"] == "accepted"
    assert client.get(path_of(told["booking"]["status"])).get_json()["data"]["guests"] == 14
    assert session.scalar(select(func.count()).select_from(Booking)) == 2
    assert client.post(f"{path}/decline", json={}).status_code == 409


def test_an_offer_past_its_time_is_told_as_lapsed_before_any_job_has_run(
    client: FlaskClient, session: Session, taken: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = joined(client, session)
    offered(session, taken)
    later(monkeypatch, hours=24)
    assert client.get(path).get_json()["data"]["status"] == "lapsed"
    assert client.post(f"{path}/accept", json={}).status_code == 410
    assert session.scalars(select(Waiting)).one().status == WaitingStatus.OFFERED


def test_the_leave_link_works_and_twice_is_as_once(
    client: FlaskClient, session: Session, taken: Booking
) -> None:
    path = joined(client, session)
    assert [client.delete(path).status_code for _ in range(2)] == [204, 204]
    assert client.get(path).get_json()["data"]["status"] == "left"
    offered(session, taken)
    assert client.get(path).get_json()["data"]["status"] == "left"


def test_a_free_time_and_a_time_that_is_never_offered_are_refused_with_their_codes(
    client: FlaskClient, room: Room, taken: Booking
) -> None:
    free = wish("16:00", "18:00")
    answer = ask(client, starts_at=free.starts_at.isoformat(), ends_at=free.ends_at.isoformat())
    assert (answer.status_code, answer.get_json()["code"]) == (409, "time_is_free")
    night = wish("20:00", "22:30")
    answer = ask(client, starts_at=night.starts_at.isoformat(), ends_at=night.ends_at.isoformat())
    assert (answer.status_code, answer.get_json()["code"]) == (409, "time_refused")
    assert ask(client, room="no-such-room").status_code == 404
    assert ask(client, client_name="Win at http://evil.example").status_code == 422


# Rule 14
def test_a_wish_that_is_sent_again_is_one_place(
    client: FlaskClient, session: Session, taken: Booking
) -> None:
    headers = {"Idempotency-Key": "once-and-again"}
    answers = [client.post(URL, json=asking(), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].get_json() == answers[1].get_json()
    other = client.post(URL, json=asking(guests=3), headers=headers)
    assert other.status_code in (409, 422)
    assert session.scalar(select(func.count()).select_from(Waiting)) == 1


def test_a_member_need_not_say_who_they_are_and_takes_the_offer_by_the_mails_link(
    client: FlaskClient, session: Session, taken: Booking
) -> None:
    member, headers = sign_member_in(session, is_verified=True)
    body = {name: value for name, value in asking().items() if not name.startswith("client_")}
    told = client.post(URL, json=body, headers=headers).get_json()["data"]
    assert told["client_email"] == member.email
    offered(session, taken)
    path = path_of(told["links"]["status"])
    assert client.post(f"{path}/accept", json={}).get_json()["data"]["status"] == "accepted"
    assert session.scalars(select(Booking).where(Booking.member_id == member.id)).one().guests == 12


def test_a_wrong_or_renewed_link_leads_nowhere(client: FlaskClient, session: Session, taken: Booking) -> None:
    path = joined(client, session)
    assert client.get(f"{path[:-2]}AA").status_code == 404
    service.renew_waiting_link(session.scalars(select(Waiting)).one())
    session.commit()
    for answer in (client.get(path), client.post(f"{path}/accept", json={}), client.delete(path)):
        assert answer.status_code == 404


def test_a_visitors_joins_are_counted(client: FlaskClient, taken: Booking) -> None:
    answers = [client.post(URL, json=asking(client_email=f"a{n}@example.com")) for n in range(25)]
    assert answers[0].status_code == 202
    assert answers[-1].status_code == 429


def test_the_page_of_the_mail_takes_declines_and_leaves(
    client: FlaskClient, session: Session, taken: Booking
) -> None:
    addresses = [f"{name}@example.com" for name in ("a", "b", "c")]
    assert {ask(client, client_email=address).status_code for address in addresses} == {202}
    first, second, third = (path_for(session, address, api=False) for address in addresses)
    assert "You are number 1 in line." in client.get(first).get_data(as_text=True)
    assert "Du bist Nummer" not in client.get(first).get_data(as_text=True)
    offered(session, taken)
    page = client.get(f"{first}?answer=decline").get_data(as_text=True)
    assert "This time is held for you" in page
    assert client.post(f"{first}/decline", data={"reason": "Too dear"}).status_code == 303
    deliver_all()
    assert client.post(f"{third}/leave").status_code == 303
    refused = client.post(f"{second}/accept", data={"guests": "51"})
    assert refused.status_code == 422
    assert "This room holds 50 guests at most." in refused.get_data(as_text=True)
    assert client.post(f"{second}/accept", data={"client_phone": "call me"}).status_code == 422
    assert client.post(f"{second}/accept", data={"event_type": "wedding", "guests": "9"}).status_code == 303
    page = client.get(second).get_data(as_text=True)
    assert "See your booking" in page
    booking = session.scalars(select(Booking).order_by(Booking.created_at.desc())).first()
    assert booking is not None
    assert (booking.guests, booking.event_type) == (9, "wedding")
    assert client.get("/public/waiting/nonsense").status_code == 404
