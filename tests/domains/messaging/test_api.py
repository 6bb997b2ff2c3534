"""The chat over HTTP: sessions, history, waiting, and what is refused."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domains.messaging import queries, service
from app.domains.messaging.models import Conversation, MessageKind, VisitorSession
from app.kernel.db import db
from tests.domains.messaging.steps import ADDRESS, HEADER, begin, write

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.proves("S0.24", "S0.9")
def test_a_session_begins_with_an_opaque_token_of_which_the_hash_alone_is_kept(client: FlaskClient) -> None:
    found = begin(client, name="Amira", locale="ar-EG")
    session = db.session.get_one(VisitorSession, found["id"])
    assert len(found["token"]) > 40
    assert found["token"] not in (session.token_hash, str(session.id))
    assert session.token_hash == queries.digest(found["token"])
    assert (session.name, session.locale, session.member_id) == ("Amira", "ar", None)


@pytest.mark.proves("S0.19")
def test_a_visitor_without_an_account_writes_and_reads_what_staff_answer(client: FlaskClient) -> None:
    token = begin(client)["token"]
    left = write(client, token, "Do you also come to Porto?")
    assert left.status_code == 201
    conversation = left.json["conversation"]["id"]
    service.answer(queries.conversation(conversation).id, "Gladly!", service.Author(None, "Alice"))
    db.session.commit()
    history = client.get(f"{ADDRESS}/chat/messages", headers={HEADER: token}).json
    assert [(said["sender"], said["author"], said["text"]) for said in history["messages"]] == [
        ("client", "", "Do you also come to Porto?"),
        ("staff", "Alice", "Gladly!"),
    ]
    assert history["conversation"]["unread"] == 1


def test_a_session_may_be_begun_ten_times_a_minute_and_not_once_more(client: FlaskClient) -> None:
    for _ in range(10):
        begin(client)
    refused = client.post(f"{ADDRESS}/sessions", json={})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


@pytest.mark.parametrize("token", ["", "vs_nobody", "vs_" + "x" * 43, "null"])
def test_without_a_living_session_the_chat_is_closed(client: FlaskClient, token: str) -> None:
    headers = {HEADER: token} if token else {}
    for answer in (
        client.post(f"{ADDRESS}/chat/connect", headers=headers),
        client.get(f"{ADDRESS}/chat/messages", headers=headers),
        client.post(f"{ADDRESS}/chat/messages", json={"text": "hello"}, headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.json["code"] == "session_unknown"


def test_a_retry_with_the_same_key_leaves_one_message(client: FlaskClient) -> None:
    token = begin(client)["token"]
    first, again = (write(client, token, "Once", client_key="k-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["message"] == again.json["message"]
    history = client.get(f"{ADDRESS}/chat/messages", headers={HEADER: token}).json
    assert len(history["messages"]) == 1


@pytest.mark.proves("S0.39")
def test_the_history_is_kept_and_read_page_by_page_in_both_directions(client: FlaskClient) -> None:
    token = begin(client)["token"]
    whose = service.visitor_of(token)
    for number in range(1, 26):
        service.leave_message(whose, f"message {number}")
    db.session.commit()

    def read(**query: int) -> tuple[list[int], bool]:
        answer = client.get(f"{ADDRESS}/chat/messages", query_string=query, headers={HEADER: token}).json
        return [message["sequence"] for message in answer["messages"]], answer["more"]

    assert read(limit=10) == (list(range(16, 26)), True)
    assert read(limit=10, before=16) == (list(range(6, 16)), True)
    assert read(limit=10, before=6) == (list(range(1, 6)), False)
    assert read(limit=10, after=0) == (list(range(1, 11)), True)
    assert read(limit=10, after=20) == (list(range(21, 26)), False)


def test_a_note_of_staff_reaches_no_client_and_leaves_no_gap(client: FlaskClient) -> None:
    token = begin(client)["token"]
    conversation = write(client, token, "Hello").json["conversation"]["id"]
    key = queries.conversation(conversation).id
    alice = service.Author(None, "Alice")
    service.answer(key, "A difficult one", alice, kind=MessageKind.NOTE)
    service.answer(key, "Good day", alice)
    db.session.commit()
    answer = client.get(f"{ADDRESS}/chat/messages", headers={HEADER: token})
    assert "difficult" not in answer.get_data(as_text=True)
    assert [message["sequence"] for message in answer.json["messages"]] == [1, 2]
    assert [message.position for message in queries.messages(key, with_notes=True)] == [1, 2, 3]


def test_somebody_elses_conversation_is_as_if_it_were_none(client: FlaskClient) -> None:
    mine, other = begin(client)["token"], begin(client)["token"]
    conversation = write(client, mine, "Secret").json["conversation"]["id"]
    missing = "01990000-0000-7000-8000-000000000000"
    for path, body in (("messages", {"text": "x"}), ("read", {"sequence": 1}), ("close", {})):
        answers = [
            client.post(f"{ADDRESS}/chat/{path}", json={**body, "conversation": key}, headers={HEADER: other})
            for key in (conversation, missing)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json["detail"] == answers[1].json["detail"]
    seen = client.get(f"{ADDRESS}/chat/messages?conversation={conversation}", headers={HEADER: other})
    assert seen.status_code == 404
    assert len(queries.messages(queries.conversation(conversation).id)) == 1


@pytest.mark.proves("S0.25")
def test_connecting_names_the_socket_and_the_way_without_one(client: FlaskClient) -> None:
    token = begin(client)["token"]
    write(client, token, "Hello")
    answer = client.post(f"{ADDRESS}/chat/connect", headers={HEADER: token}).json
    assert [transport["kind"] for transport in answer["transports"]] == ["socket.io", "poll"]
    assert answer["transports"][0]["namespace"] == "/public"
    assert answer["last_sequence"] == 1
    assert answer["staff_online"] is False


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  hello \r\n there ", "hello \n there"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("pay \u202egnp.exe", "pay gnp.exe"),
        ("مرحبا \u2067abc\u2069", "مرحبا \u2067abc\u2069"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_text_is_kept_as_it_was_written_but_for_what_only_deceives(
    client: FlaskClient, text: str, kept: str
) -> None:
    assert write(client, begin(client)["token"], text).json["message"]["text"] == kept


@pytest.mark.parametrize("text", ["", "   ", "\x00", "x" * 4001, 5, None, ["x"]])
def test_no_text_or_too_much_of_it_is_refused_by_field(client: FlaskClient, text: object) -> None:
    answer = client.post(
        f"{ADDRESS}/chat/messages", json={"text": text}, headers={HEADER: begin(client)["token"]}
    )
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["text"]


@pytest.mark.proves("S0.40")
def test_a_closed_conversation_opens_again_at_the_clients_next_message(client: FlaskClient) -> None:
    token = begin(client)["token"]
    first = write(client, token, "Hello").json["conversation"]["id"]
    closed = client.post(f"{ADDRESS}/chat/close", json={}, headers={HEADER: token}).json["conversation"]
    assert closed["status"] == "closed"
    again = write(client, token, "One more thing").json["conversation"]
    assert (again["id"], again["status"]) == (first, "open")


@pytest.mark.proves("S0.40")
def test_an_ended_session_is_dead_at_once(client: FlaskClient) -> None:
    token = begin(client)["token"]
    assert client.delete(f"{ADDRESS}/sessions/current", headers={HEADER: token}).status_code == 204
    assert write(client, token, "Hello").status_code == 401


def test_pages_are_kept_to_the_last_twenty(client: FlaskClient) -> None:
    found = begin(client)
    for number in range(25):
        answer = client.post(
            f"{ADDRESS}/chat/pages",
            json={"path": f"/packages/{number}", "title": "A\nB"},
            headers={HEADER: found["token"]},
        )
        assert answer.status_code == 204
    session = db.session.get_one(VisitorSession, found["id"])
    assert [page["path"] for page in session.pages] == [f"/packages/{number}" for number in range(5, 25)]
    assert session.pages[-1]["title"] == "A B"


def test_more_than_ten_messages_a_second_are_refused(client: FlaskClient) -> None:
    token = begin(client)["token"]
    statuses = [write(client, token, f"{number}").status_code for number in range(15)]
    assert statuses.count(201) >= 10
    assert 429 in statuses


def test_a_read_mark_goes_forward_alone_and_counts_what_is_unread(client: FlaskClient) -> None:
    token = begin(client)["token"]
    conversation = write(client, token, "Hello").json["conversation"]["id"]
    key = queries.conversation(conversation).id
    for text in ("One", "Two"):
        service.answer(key, text, service.Author(None, "Alice"))
    db.session.commit()
    read = [
        client.post(f"{ADDRESS}/chat/read", json={"sequence": upto}, headers={HEADER: token}).json
        for upto in (2, 1, 99)
    ]
    assert [state["conversation"]["read_by_client"] for state in read] == [2, 2, 3]
    assert [state["conversation"]["unread"] for state in read] == [1, 1, 0]


def test_a_request_that_waits_answers_when_its_time_is_over(app: Flask, client: FlaskClient) -> None:
    token = begin(client)["token"]
    write(client, token, "Hello")
    answer = client.get(f"{ADDRESS}/chat/messages?after=1&wait=1", headers={HEADER: token})
    assert answer.json["messages"] == []
    assert answer.json["conversation"]["last_sequence"] == 1
    assert db.session.query(Conversation).count() == 1
