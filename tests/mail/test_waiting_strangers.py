"""Rule 21: who types somebody's address learns nothing of whether they wait; the mail to the address says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from app.domains.bookings import queries, service
from app.domains.bookings.models import Booking, Waiting, WaitingStatus
from app.domains.venues.models import Room
from app.mail.settings import MailSettings
from tests.domains.bookings import next_address, sign_member_in
from tests.domains.rooms import stored_room
from tests.domains.test_waiting_public import URL, ask, asking, path_for
from tests.domains.waiting import booked, join, wish
from tests.mail.conftest import Inbox
from tests.outbox import deliver_all

NEVER_THE_SAME = {"Date", "X-Request-ID"}


@pytest.fixture
def room(session: Session) -> Room:
    found = stored_room(session, name="Blue hall", slug="blue-hall", capacity=50)
    session.commit()
    return found


@pytest.fixture
def taken(session: Session, room: Room) -> Booking:
    return booked(session, room.id, wish())


def many_rooms(session: Session, count: int) -> list[Room]:
    rooms = [stored_room(session) for _ in range(count)]
    for one in rooms:
        booked(session, one.id, wish())
    session.commit()
    return rooms


def seen(answer: Any) -> tuple[Any, ...]:
    """Give all that who asks sees."""
    headers = sorted(
        (name, re.sub(r"'nonce-[^']+'", "", value))
        for name, value in answer.headers
        if name not in NEVER_THE_SAME
    )
    return answer.status_code, answer.get_data(), dict(headers)


def places(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Waiting)) or 0


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gather the kinds of the statements that are run."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "idempotent" not in statement:
            found.append(re.sub(r"\s+", " ", statement).split("(")[0].split(" SAVEPOINT")[0][:40])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_stranger_gets_the_same_answer_whether_the_address_waits_already_or_not(
    client: FlaskClient, session: Session, taken: Booking
) -> None:
    first, again = ask(client), ask(client)
    assert seen(first) == seen(again)
    assert first.status_code == 202
    assert places(session) == 1
    body = first.get_data(as_text=True)
    waiting = session.scalars(select(Waiting)).one()
    for secret in (str(waiting.id), queries.waiting_token(waiting.id), "links", "place", "status"):
        assert secret not in body, secret


def test_it_is_the_same_in_capitals_for_a_time_that_meets_it_and_while_it_is_offered(
    client: FlaskClient, session: Session, room: Room, taken: Booking
) -> None:
    assert ask(client).status_code == 202
    assert ask(client, client_email="AMAL@example.com").status_code == 202
    when = wish("13:00", "15:00")
    times = {"starts_at": when.starts_at.isoformat(), "ends_at": when.ends_at.isoformat()}
    met, again = ask(client, **times), ask(client, **times)
    assert seen(met) == seen(again)
    service.cancel(taken)
    session.commit()
    deliver_all()
    assert session.scalars(select(Waiting)).one().status == WaitingStatus.OFFERED
    assert ask(client).status_code == 202  # what is held for them is taken, as for everybody
    assert places(session) == 1


def test_how_many_times_an_address_waits_for_is_no_strangers_to_learn_either(
    client: FlaskClient, session: Session
) -> None:
    rooms = many_rooms(session, 6)
    answers = [ask(client, room=str(one.id)) for one in rooms]
    assert [answer.status_code for answer in answers] == [202] * 6
    assert places(session) == 5
    assert answers[5].get_json()["data"].keys() == answers[0].get_json()["data"].keys()


def test_the_work_is_about_the_same(client: FlaskClient, session: Session, taken: Booking) -> None:
    ask(client, client_email="warm@example.com")
    with statements() as first:
        ask(client)
    with statements() as again:
        ask(client)
    differ = [one for one in set(first) ^ set(again) if "SAVEPOINT" not in one and one != "ROLLBACK TO"]
    assert (abs(len(first) - len(again)) <= 1, differ) == (True, [])


def test_the_mail_says_where_it_stands_with_its_link(
    client: FlaskClient, session: Session, taken: Booking, sending: MailSettings, inbox: Inbox
) -> None:
    ask(client)
    deliver_all()
    for expected in ("You are on the waiting list for Blue hall", "Blue hall is free: it is your turn"):
        inbox.mails.clear()
        assert ask(client, client_name="Somebody Else").status_code == 202
        deliver_all()
        (mail,) = (one for one in inbox.mails if "amal@example.com" in one["To"])
        assert (mail["Subject"], mail["To"]) == (expected, "Amal Haddad <amal@example.com>")
        body = mail.get_body(("plain",))
        assert body is not None
        assert path_for(session, api=False) in str(body.get_content())
        if taken.status != "cancelled":
            service.cancel(taken)
            session.commit()
            deliver_all()


def test_who_waits_for_as_many_times_as_one_may_is_told_by_mail(
    client: FlaskClient, session: Session, sending: MailSettings, inbox: Inbox
) -> None:
    for one in many_rooms(session, 5):
        join(session, one.id, "Amal")
    (more,) = many_rooms(session, 1)
    deliver_all()
    inbox.mails.clear()
    assert ask(client, room=str(more.id)).status_code == 202
    deliver_all()
    (mail,) = (one for one in inbox.mails if "amal@example.com" in one["To"])
    assert mail["Subject"] == "You wait for as many times as one may"
    assert places(session) == 5


# Rule 14
def test_a_wish_sent_again_with_its_key_is_one_mail_and_a_key_keeps_no_secret(
    client: FlaskClient, session: Session, taken: Booking, sending: MailSettings, inbox: Inbox
) -> None:
    headers = {"Idempotency-Key": "0123456789abcdefghijklmnop"}
    answers = [
        client.post(URL, json=asking(), headers=headers, environ_base=next_address()) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].get_data() == answers[1].get_data()
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    deliver_all()
    assert len([one for one in inbox.mails if "amal@example.com" in one["To"]]) == 1
    other = {"Idempotency-Key": "another-key-of-the-stranger"}
    again = client.post(URL, json=asking(), headers=other, environ_base=next_address())
    assert (again.status_code, again.get_data()) == (202, answers[0].get_data())
    assert "Idempotent-Replayed" not in again.headers
    assert places(session) == 1


def test_a_member_hears_of_their_own_place_and_of_nobody_elses(
    client: FlaskClient, session: Session, room: Room, taken: Booking
) -> None:
    join(session, room.id, "Amal")
    session.commit()
    _member, headers = sign_member_in(session, is_verified=True)
    own = {name: value for name, value in asking().items() if not name.startswith("client_")}
    assert client.post(URL, json=own, headers=headers).status_code == 201
    again = client.post(URL, json=own, headers=headers)
    assert (again.status_code, again.get_json()["code"]) == (409, "already_waiting")
    _cleo, headers = sign_member_in(session, "Cleo Park", is_verified=True)
    answers = [
        client.post(URL, json=asking(client_email=address), headers=headers)
        for address in ("amal@example.com", "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [202, 202]


def test_an_address_that_nobody_confirmed_is_a_strangers(
    client: FlaskClient, session: Session, room: Room, taken: Booking
) -> None:
    """Anybody may register with somebody's address: until it is confirmed it tells nothing."""
    join(session, room.id, "Amal")
    session.commit()
    _member, headers = sign_member_in(session, "Amal", is_verified=False)
    assert client.post(URL, json=asking(), headers=headers).status_code == 202
    assert places(session) == 1


def test_a_member_waits_for_no_more_than_a_few_times_nor_twice_for_one_that_meets_another(
    client: FlaskClient, session: Session
) -> None:
    rooms = many_rooms(session, 6)
    _member, headers = sign_member_in(session, is_verified=True)

    def wished(room: Room, starts: str = "12:00", ends: str = "14:00") -> Any:
        when = wish(starts, ends)
        body = asking(
            room=str(room.id), starts_at=when.starts_at.isoformat(), ends_at=when.ends_at.isoformat()
        )
        body = {name: value for name, value in body.items() if not name.startswith("client_")}
        return client.post(URL, json=body, headers=headers, environ_base=next_address())

    answers = [wished(one) for one in rooms]
    assert [answer.status_code for answer in answers] == [201] * 5 + [409]
    assert answers[-1].get_json()["code"] == "too_many_waits"
    meeting = wished(rooms[0], "13:00", "15:00")
    assert (meeting.status_code, meeting.get_json()["code"]) == (409, "already_waiting")
