"""What a session's token is worth once a member has signed in with it, or signed out, or staff have linked it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from socketio.exceptions import ConnectionError as NotConnected

from app.domains.members.queries import member_by_address
from app.domains.messaging import queries, service
from app.domains.messaging.models import VisitorSession
from app.kernel.db import db
from tests.domains.members.steps import enter, make_member
from tests.domains.messaging.conftest import Stage
from tests.domains.messaging.served import Desk, Peer, Served
from tests.domains.messaging.steps import ADDRESS, HEADER, begin, write
from tests.domains.messaging.test_members import Bob, both, texts

Connect = Callable[..., Peer]
ENOUGH = 5
"""Seconds in which what has died must be dead everywhere."""

EVERY_WAY: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/chat/connect", None),
    ("GET", "/chat/messages", None),
    ("GET", "/chat/conversations", None),
    ("POST", "/chat/messages", {"text": "it is me"}),
    ("POST", "/chat/read", {"sequence": 1}),
    ("POST", "/chat/close", {}),
    ("POST", "/chat/pages", {"path": "/packages"}),
    ("DELETE", "/sessions/current", None),
)


def refusals(client: FlaskClient, headers: dict[str, str]) -> set[tuple[int, str]]:
    """Try everything there is; give how it was refused."""
    answers = [
        client.open(f"{ADDRESS}{path}", method=method, json=body, headers=headers)
        for method, path, body in EVERY_WAY
    ]
    return {(answer.status_code, (answer.json or {}).get("code", "")) for answer in answers}


@pytest.mark.proves("S0.9")
def test_a_session_token_that_others_know_opens_nothing_once_a_member_has_signed_in(
    client: FlaskClient,
) -> None:
    known = begin(client)["token"]
    write(client, known, "before")
    bob = enter(client, make_member())["access_token"]
    said = client.post(f"{ADDRESS}/chat/messages", json={"text": "my number"}, headers=both(bob, known))
    assert said.status_code == 201
    assert refusals(client, {HEADER: known}) == {(401, "session_unknown")}
    assert texts(client, both(bob, known)) == texts(client, both(bob)) == ["before", "my number"]
    mallory = enter(client, make_member())["access_token"]
    assert refusals(client, both(mallory, known)) == {(409, "session_of_another")}


@pytest.mark.parametrize("way", ["/auth/logout", "/auth/sign-out-everywhere"])
def test_after_signing_out_the_session_is_closed_and_a_new_one_begins_empty(
    client: FlaskClient, way: str
) -> None:
    bob = enter(client, make_member())["access_token"]
    own = client.post(f"{ADDRESS}/sessions", json={}, headers=both(bob)).json["token"]
    client.post(f"{ADDRESS}/chat/messages", json={"text": "mine"}, headers=both(bob, own))
    assert refusals(client, {HEADER: own}) == {(401, "session_unknown")}
    assert client.post(f"{ADDRESS}{way}", json={}, headers=both(bob)).status_code < 300
    assert refusals(client, {HEADER: own}) == {(401, "session_unknown")}
    new = begin(client)["token"]
    assert texts(client, {HEADER: new}) == []
    assert write(client, new, "somebody else").status_code == 201
    assert texts(client, {HEADER: new}) == ["somebody else"]


@pytest.mark.proves("S0.32")
def test_a_visitor_whom_staff_linked_goes_on_there_and_sees_nothing_else_of_the_member(
    client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    member = make_member()
    bob = enter(client, member)["access_token"]
    earlier = client.post(f"{ADDRESS}/chat/messages", json={"text": "my secret"}, headers=both(bob)).json
    session = begin(client)
    write(client, session["token"], "it is me")
    path = f"/api/v1/chat/sessions/{session['id']}"
    assert sign_in("Booking operator").patch(path, json={"member": str(member.id)}).status_code == 200

    visitor = {HEADER: session["token"]}
    assert write(client, session["token"], "still here").status_code == 201
    assert texts(client, visitor) == ["it is me", "still here"]
    listed = client.get(f"{ADDRESS}/chat/conversations", headers=visitor).json["data"]
    assert earlier["conversation"]["id"] not in [state["id"] for state in listed]
    secret = f"{ADDRESS}/chat/messages?conversation={earlier['conversation']['id']}"
    assert client.get(secret, headers=visitor).status_code == 404
    page = client.post(f"{ADDRESS}/chat/pages", json={"path": "/packages"}, headers=visitor)
    assert page.status_code == 204
    assert texts(client, both(bob)) == ["it is me", "still here"]


def test_as_soon_as_the_member_speaks_where_staff_linked_the_visitor_reads_no_more(
    client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    member = make_member()
    session = begin(client)
    write(client, session["token"], "I am Bob, believe me")
    path = f"/api/v1/chat/sessions/{session['id']}"
    sign_in("Booking operator").patch(path, json={"member": str(member.id)})
    bob = enter(client, member)["access_token"]
    assert texts(client, both(bob)) == texts(client, {HEADER: session["token"]})
    client.post(f"{ADDRESS}/chat/messages", json={"text": "who is that?"}, headers=both(bob))
    assert refusals(client, {HEADER: session["token"]}) == {(401, "session_unknown")}


def test_a_session_in_which_a_member_spoke_is_nobodys_when_staff_take_the_link_away(
    client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    session = begin(client)
    bob, mallory = (enter(client, make_member())["access_token"] for _ in range(2))
    client.post(f"{ADDRESS}/chat/messages", json={"text": "mine"}, headers=both(bob, session["token"]))
    path = f"/api/v1/chat/sessions/{session['id']}"
    assert sign_in("Booking operator").patch(path, json={"member": None}).status_code == 200
    for headers in ({HEADER: session["token"]}, both(mallory, session["token"])):
        assert refusals(client, headers) == {(401, "session_unknown")}


@pytest.mark.usefixtures("app")
def test_signing_in_takes_along_what_was_said_after_staff_had_linked_the_session() -> None:
    member = make_member()
    session, token = service.open_session()
    service.link_session(session.id, member.id, member.name)
    left = service.leave_message(service.visitor_of(token), "later")
    assert left.conversation.member_id is None
    assert service.visitor_of(token, member.id, member.name).member_id == member.id
    assert queries.conversation(left.conversation.id).member_id == member.id
    assert db.session.get_one(VisitorSession, session.id).signed_in_at is not None


@pytest.fixture
def poll(served: Served) -> Iterator[Callable[..., list[Any]]]:
    """Wait for messages in the background; the list that is given fills with (seconds, answer)."""
    threads: list[threading.Thread] = []

    def start(headers: dict[str, str], after: int) -> list[Any]:
        answers: list[Any] = []

        def wait() -> None:
            address = f"{served.base}{ADDRESS}/chat/messages?wait=25&after={after}"
            answer = requests.get(address, headers=headers, timeout=40)
            answers.append((time.monotonic(), answer))

        threads.append(threading.Thread(target=wait))
        threads[-1].start()
        time.sleep(1)
        assert not answers, answers[0][1].text
        return answers

    yield start
    for thread in threads:
        thread.join(30)


def said(served: Served, headers: dict[str, str], text: str) -> Any:
    answer = requests.post(
        f"{served.base}{ADDRESS}/chat/messages", json={"text": text}, headers=headers, timeout=10
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def until_answered(answers: list[Any], seconds: float = ENOUGH) -> Any:
    deadline = time.monotonic() + seconds
    while not answers and time.monotonic() < deadline:
        time.sleep(0.05)
    assert answers, f"no answer in {seconds} seconds"
    return answers[0][1]


def test_a_request_that_waits_ends_within_five_seconds_of_signing_out(
    stage: Stage, served: Served, poll: Callable[..., list[Any]]
) -> None:
    bob = Bob(stage, served)
    token = bob.enter()
    said(served, both(token), "hello")
    waiting = poll(both(token), 1)
    out = requests.post(f"{served.base}{ADDRESS}/auth/sign-out-everywhere", headers=both(token), timeout=10)
    assert out.status_code < 300, out.text
    answer = until_answered(waiting)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.headers["WWW-Authenticate"]


def test_who_waits_with_a_session_hears_nothing_of_the_member_who_signs_in_there(
    stage: Stage, served: Served, peer: Connect, poll: Callable[..., list[Any]]
) -> None:
    known = served.session()
    said(served, {HEADER: known}, "before")
    waiting = poll({HEADER: known}, 1)
    socket = peer(auth={"token": known})
    bob = Bob(stage, served).enter()
    own = peer(auth={"token": bob, "session": known})
    assert own.ask("message", {"text": "my number"})["ok"]
    answer = until_answered(waiting)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_unknown")
    assert socket.until_gone() < ENOUGH
    assert socket.said("message") == []
    assert own.ask("message", {"text": "still here"})["ok"]
    with pytest.raises(NotConnected):
        Peer(served, auth={"token": known})


@pytest.mark.parametrize(
    ("event", "facts"), [("typing", {"on": True}), ("message", {"text": "it is me"}), ("resume", {})]
)
def test_a_socket_whose_session_was_signed_in_may_do_nothing_more(
    stage: Stage, served: Served, peer: Connect, event: str, facts: dict[str, Any]
) -> None:
    known = served.session()
    socket = peer(auth={"token": known})
    assert socket.ask("message", {"text": "before"})["ok"]
    token = Bob(stage, served).enter()
    said(served, both(token, known), "my number")
    socket.client.emit(event, facts, namespace="/public")
    refused = socket.wait_for("refused", seconds=ENOUGH)
    assert (refused["status"], refused["code"]) in ((401, "session_unknown"), (401, "unauthorized"))
    assert socket.until_gone() < ENOUGH
    answer = requests.get(f"{served.base}{ADDRESS}/chat/messages", headers=both(token), timeout=10).json()
    assert [message["text"] for message in answer["messages"]] == ["before", "my number"]


def test_a_visitor_whom_staff_linked_is_not_cut_off_until_the_member_speaks(
    stage: Stage, served: Served, peer: Connect, operator: Desk
) -> None:
    known, bob = served.session(), Bob(stage, served)
    socket = peer(auth={"token": known})
    conversation = socket.ask("message", {"text": "it is me"})["conversation"]["id"]
    token = bob.enter()
    with stage.app.app_context():
        session_id = queries.session_by_token(known).id
        member_id = member_by_address(bob.email).id
    linked = operator.ask("PATCH", f"/api/v1/chat/sessions/{session_id}", {"member": str(member_id)})
    assert linked.status_code == 200, linked.text
    time.sleep(ENOUGH)
    assert socket.is_connected
    assert operator.answer(conversation, "I have found you") == 201
    socket.wait_for("message", text="I have found you")
    said(served, both(token), "that was not me")
    assert socket.until_gone() < ENOUGH
    assert [message["text"] for message in socket.said("message")] == ["it is me", "I have found you"]
