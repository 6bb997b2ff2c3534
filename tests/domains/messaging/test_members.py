"""Members in the chat: a session is linked at sign-in or by staff, and the history goes with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from socketio.exceptions import ConnectionError as NotConnected

from app.domains.messaging import queries, service
from app.domains.messaging.models import Conversation, VisitorSession
from app.kernel.db import db
from tests.domains.members.steps import PASSWORD, enter, make_member
from tests.domains.messaging.conftest import Stage
from tests.domains.messaging.served import Desk, Peer, Served, from_another_address
from tests.domains.messaging.steps import ADDRESS, HEADER, begin, write

Connect = Callable[..., Peer]


def both(token: str, session: str = "") -> dict[str, str]:
    """Give the headers of a member, with a session's token beside."""
    return {"Authorization": f"Bearer {token}"} | ({HEADER: session} if session else {})


def texts(client: FlaskClient, headers: dict[str, str]) -> list[str]:
    answer = client.get(f"{ADDRESS}/chat/messages", headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [message["text"] for message in answer.json["messages"]]


@pytest.mark.proves("S0.9")
def test_a_visitor_who_signs_in_takes_the_history_along(client: FlaskClient) -> None:
    session = begin(client)
    write(client, session["token"], "before I signed in")
    bob = make_member()
    token = enter(client, bob)["access_token"]
    assert texts(client, both(token, session["token"])) == ["before I signed in"]
    assert texts(client, both(token)) == ["before I signed in"]
    kept = db.session.get_one(VisitorSession, session["id"])
    assert kept.member_id == bob.id
    assert db.session.scalars(db.select(Conversation.visitor_name)).all() == [bob.name]


def test_a_linked_session_is_nobody_elses_and_by_itself_nobodys(client: FlaskClient) -> None:
    shared = begin(client)["token"]
    bob, charlie = (enter(client, make_member())["access_token"] for _ in range(2))
    client.post(f"{ADDRESS}/chat/messages", json={"text": "from my phone"}, headers=both(bob))
    write(client, shared, "at the library")
    client.post(f"{ADDRESS}/chat/connect", headers=both(bob, shared))
    assert client.post(f"{ADDRESS}/chat/connect", headers=both(charlie, shared)).status_code == 409
    assert client.get(f"{ADDRESS}/chat/messages", headers={HEADER: shared}).status_code == 401
    listed = client.get(f"{ADDRESS}/chat/conversations", headers=both(bob)).json["data"]
    assert len(listed) == 2


@pytest.mark.parametrize("token", ["x", "a.b.c", "vs_x"])
def test_a_wrong_members_token_is_refused_even_beside_a_good_session(client: FlaskClient, token: str) -> None:
    session = begin(client)["token"]
    assert client.post(f"{ADDRESS}/chat/connect", headers=both(token, session)).status_code == 401


def test_a_sessions_token_is_no_members_and_the_other_way_round(client: FlaskClient) -> None:
    session = begin(client)["token"]
    member = enter(client, make_member())["access_token"]
    assert client.get(f"{ADDRESS}/auth/me", headers=both(session)).status_code == 401
    assert client.get(f"{ADDRESS}/chat/messages", headers={HEADER: member}).status_code == 401
    assert client.get("/api/v1/inbox/", headers={HEADER: session}).status_code == 401


@pytest.mark.proves("S0.32")
def test_staff_link_a_session_to_a_member_and_take_it_back(
    client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    session = begin(client)
    write(client, session["token"], "it is me")
    bob = make_member()
    operator = sign_in("Booking operator")
    path = f"/api/v1/chat/sessions/{session['id']}"
    linked = operator.patch(path, json={"member": str(bob.id)})
    assert (linked.status_code, linked.json["data"]["conversations"]) == (200, 1)
    token = enter(client, bob)["access_token"]
    assert texts(client, both(token)) == ["it is me"]
    assert operator.patch(path, json={"member": None}).status_code == 200
    assert texts(client, both(token)) == []
    assert sign_in("Viewer").patch(path, json={"member": str(bob.id)}).status_code == 403
    assert operator.patch(path, json={"member": session["id"]}).status_code == 422


@pytest.mark.proves("S0.31")
def test_staff_list_conversations_with_their_last_message_and_what_is_unread(
    client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    for text in ("one", "two"):
        token = begin(client, name=f"Visitor {text}")["token"]
        write(client, token, f"first {text}")
        write(client, token, f"second {text}")
    rows = sign_in("Booking operator").get("/api/v1/inbox/").json["data"]
    assert [(row["visitor_name"], row["last_excerpt"], row["unread_by_staff"]) for row in rows] == [
        ("Visitor two", "second two", 2),
        ("Visitor one", "second one", 2),
    ]


def test_a_suspended_members_session_is_worth_nothing(client: FlaskClient) -> None:
    session, bob = begin(client)["token"], make_member()
    client.post(f"{ADDRESS}/chat/connect", headers=both(enter(client, bob)["access_token"], session))
    bob.status = "suspended"
    db.session.commit()
    assert write(client, session, "still here?").status_code == 401


@pytest.mark.usefixtures("app")
def test_two_conversations_of_one_session_are_never_open_at_once(client: FlaskClient) -> None:
    token = begin(client)["token"]
    first = write(client, token, "one").json["conversation"]["id"]
    service.close(queries.conversation(first).id)
    db.session.execute(db.update(Conversation).values(last_message_at="2020-01-01T00:00:00Z"))
    db.session.commit()
    second = write(client, token, "two").json["conversation"]["id"]
    assert second != first
    refused = write(client, token, "again", conversation=first)
    assert (refused.status_code, refused.json["code"]) == (409, "conversation_closed")


class Bob:
    """A member of the running program."""

    def __init__(self, stage: Stage, served: Served) -> None:
        with stage.app.app_context():
            self.email = make_member().email
        self.served = served

    def enter(self) -> str:
        """Sign in; give the access token."""
        with from_another_address() as browser:
            body = {"email": self.email, "password": PASSWORD}
            answer = browser.post(f"{self.served.base}{ADDRESS}/auth/login", json=body, timeout=10)
            assert answer.status_code == 200, answer.text
            return str(answer.json()["access_token"])


def test_a_member_chats_without_a_session_on_two_devices(
    stage: Stage, served: Served, peer: Connect, operator: Desk
) -> None:
    bob = Bob(stage, served)
    phone, desk = (peer(auth={"token": bob.enter()}) for _ in range(2))
    conversation = phone.ask("message", {"text": "from the phone"})["conversation"]["id"]
    desk.wait_for("message", text="from the phone")
    operator.answer(conversation, "Welcome")
    for device in (phone, desk):
        device.wait_for("message", text="Welcome")
        time.sleep(0.2)
        assert len([said for said in device.said("message") if said["text"] == "Welcome"]) == 1


def suspend(_token: str, bob: Bob, stage: Stage) -> None:
    _write(stage, "UPDATE member SET status = 'suspended' WHERE email = :email", bob)


def sign_out(token: str, bob: Bob, _stage: Stage) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.get(f"{bob.served.base}{ADDRESS}/auth/devices", headers=headers, timeout=10)
    for device in answer.json()["data"]:
        path = f"{bob.served.base}{ADDRESS}/auth/devices/{device['id']}"
        assert requests.delete(path, headers=headers, timeout=10).status_code in (200, 204)


def sign_out_everywhere(_token: str, bob: Bob, stage: Stage) -> None:
    _write(stage, "UPDATE member SET epoch = epoch + 1 WHERE email = :email", bob)


def _write(stage: Stage, statement: str, bob: Bob) -> None:
    with stage.app.app_context():
        db.session.execute(db.text(statement), {"email": bob.email})
        db.session.commit()


@pytest.mark.parametrize("end", [suspend, sign_out, sign_out_everywhere])
def test_a_member_who_may_no_longer_be_here_is_cut_off_within_five_seconds(
    stage: Stage, served: Served, peer: Connect, end: Callable[[str, Bob, Stage], Any]
) -> None:
    bob = Bob(stage, served)
    token = bob.enter()
    connected = peer(auth={"token": token})
    assert connected.ask("message", {"text": "hello"})["ok"]
    end(token, bob, stage)
    assert connected.until_gone() < 5
    assert connected.said("refused")[0]["code"] == "unauthorized"
    with pytest.raises(NotConnected):
        Peer(served, auth={"token": token})
