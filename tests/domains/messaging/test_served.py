"""Two people talk through real sockets, by both transports, in one process and across two."""

from __future__ import annotations

import json
import pickle
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from socketio.exceptions import ConnectionError as NotConnected

from app.kernel.jobs import connect
from app.web.sockets.queue import CHANNEL
from tests.domains.messaging.conftest import Stage
from tests.domains.messaging.served import Desk, Peer, Served
from tests.domains.messaging.steps import HEADER

Connect = Callable[..., Peer]
BOTH = pytest.mark.parametrize("transports", [("websocket",), ("polling",)], ids=["websocket", "polling"])


@BOTH
@pytest.mark.proves("S0.25", "S0.38", "S0.33", "S0.31", "S0.50")
def test_a_visitor_and_staff_hear_each_other_at_once(
    served: Served, peer: Connect, operator: Desk, transports: tuple[str, ...]
) -> None:
    visitor = peer(auth={"token": served.session()}, transports=transports)
    staff = peer("/staff", headers=operator.headers(), transports=transports)
    assert staff.ask("join", {"room": "inbox"})["ok"]
    sent = visitor.ask("message", {"text": "Do you come to Porto?", "client_key": "a"})
    assert sent["ok"]
    assert (sent["message"]["text"], sent["message"]["sequence"]) == ("Do you come to Porto?", 1)
    conversation = sent["conversation"]["id"]
    staff.wait_for("conversation", id=conversation)
    joined = staff.ask("join", {"room": f"conversation:{conversation}"})
    assert [viewer["name"] for viewer in joined["viewers"]] == ["Booking operator"]

    visitor.ask("typing", {"on": True})
    staff.wait_for("typing", by="client", on=True, conversation=conversation)
    assert staff.ask("typing", {"conversation": conversation, "on": True})["ok"]
    visitor.wait_for("typing", by="staff", name="Booking operator")

    assert operator.answer(conversation, "Gladly!") == 201
    heard = visitor.wait_for("message", text="Gladly!")
    assert (heard["sender"], heard["author"], heard["sequence"]) == ("staff", "Booking operator", 2)
    visitor.ask("read", {"sequence": 2})
    staff.wait_for("read", by="client", sequence=2)


def test_a_note_is_heard_by_staff_alone(served: Served, peer: Connect, operator: Desk) -> None:
    visitor = peer(auth={"token": served.session()})
    staff = peer("/staff", headers=operator.headers())
    conversation = visitor.ask("message", {"text": "Hello"})["conversation"]["id"]
    staff.ask("join", {"room": f"conversation:{conversation}"})
    assert operator.answer(conversation, "Careful", kind="note") == 201
    assert operator.answer(conversation, "Good day") == 201
    staff.wait_for("message", text="Careful", kind="note")
    visitor.wait_for("message", text="Good day")
    assert "Careful" not in str(visitor.heard)


@pytest.mark.proves("S0.40")
def test_who_connects_again_is_given_what_was_said_meanwhile_and_nothing_twice(
    served: Served, peer: Connect, operator: Desk
) -> None:
    token = served.session()
    visitor = peer(auth={"token": token})
    conversation = visitor.ask("message", {"text": "one", "client_key": "1"})["conversation"]["id"]
    visitor.close()
    for text in ("two", "three"):
        operator.answer(conversation, text)
    again = peer(auth={"token": token})
    retried = again.ask("message", {"text": "one", "client_key": "1"})
    assert retried["is_new"] is False
    found = again.ask("resume", {"conversation": conversation, "after": 1})
    assert [message["text"] for message in found["messages"]] == ["two", "three"]
    assert (found["more"], found["conversation"]["last_sequence"]) == (False, 3)


@pytest.mark.proves("S0.25")
def test_where_sockets_fail_a_waiting_request_hears_the_answer_at_once(
    served: Served, operator: Desk
) -> None:
    headers = {HEADER: served.session()}
    address = f"{served.base}/public/v1/chat/messages"
    left = requests.post(address, json={"text": "Hello"}, headers=headers, timeout=10).json()
    heard: list[tuple[float, str]] = []

    def wait() -> None:
        got = requests.get(f"{address}?after=1&wait=20", headers=headers, timeout=30).json()
        heard.append((time.monotonic(), got["messages"][0]["text"]))

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(1)
    began = time.monotonic()
    operator.answer(left["conversation"]["id"], "At once")
    waiting.join(25)
    assert heard[0][1] == "At once"
    assert heard[0][0] - began < 1.5


@pytest.mark.proves("S0.50")
def test_two_processes_deliver_to_each_others_connections(
    stage: Stage, served: Served, peer: Connect, operator: Desk
) -> None:
    other = stage.start()
    visitor = peer(auth={"token": served.session()})
    staff = peer("/staff", headers=operator.headers(other), at=other)
    assert staff.ask("join", {"room": "inbox"})["ok"]
    conversation = visitor.ask("message", {"text": "Across"})["conversation"]["id"]
    staff.wait_for("conversation", id=conversation)
    here = peer("/staff", headers=operator.headers())
    assert here.ask("join", {"room": f"conversation:{conversation}"})["ok"]
    assert operator.answer(conversation, "And back", other) == 201
    visitor.wait_for("message", text="And back")
    here.wait_for("message", text="And back")
    viewer = peer("/staff", headers=other.sign_in("admin").headers(), at=other)
    names = [who["name"] for who in viewer.ask("join", {"room": f"conversation:{conversation}"})["viewers"]]
    assert names == ["Admin", "Booking operator"]
    viewer.close()
    deadline = time.monotonic() + 8
    while [len(facts["viewers"]) for facts in here.said("viewers")][-1] != 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.proves("S0.45")
def test_the_bots_reply_is_made_by_a_worker_and_heard_at_the_visitors_socket(
    stage: Stage, served: Served, peer: Connect
) -> None:
    with stage.with_processes(FESTOON_CHAT_BOT="rules"):
        visitor = peer(auth={"token": served.session()})
        assert visitor.ask("message", {"text": "hi"})["ok"]
        heard = visitor.wait_for("message", seconds=80, sender="bot")
    assert (heard["is_bot"], heard["sequence"]) == (True, 2)
    assert heard["text"].startswith("Hello, I am a bot")
    assert visitor.said("typing")[0]["by"] == "bot"


class Trap:
    """Makes a file wherever it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return open, (self.path, "w")


def test_what_others_write_into_the_queue_is_read_as_json_or_not_at_all(
    stage: Stage, served: Served, peer: Connect
) -> None:
    visitor = peer(auth={"token": served.session()})
    queue, trap = connect(stage.environment["REDIS_URL"]), stage.folder / "sprung"
    for junk in (
        pickle.dumps(Trap(str(trap))),
        b"\x80",
        b"{",
        b"[]",
        b'{"method":"emit"}',
        b'{"method":"x"}',
    ):
        assert queue.publish(CHANNEL, junk) >= 1
    news = {"method": "emit", "event": "presence", "data": [{"staff_online": True}], "binary": False,
            "namespace": "/public", "room": "everyone", "skip_sid": None, "callback": None, "host_id": "x"}  # fmt: skip
    queue.publish(CHANNEL, json.dumps(news))
    visitor.wait_for("presence", staff_online=True)
    assert not trap.exists()


def test_without_valkey_one_process_goes_on_alone(stage: Stage, peer: Connect) -> None:
    alone = stage.start(valkey="redis://127.0.0.1:1/0")
    admin = alone.sign_in("admin")
    visitor = peer(auth={"token": alone.session()}, at=alone)
    staff = peer("/staff", headers=admin.headers(), at=alone)
    conversation = visitor.ask("message", {"text": "Hello"})["conversation"]["id"]
    assert staff.ask("join", {"room": f"conversation:{conversation}"})["ok"]
    assert admin.answer(conversation, "Still here") == 201
    visitor.wait_for("message", text="Still here")
    staff.wait_for("message", text="Still here")


def test_a_stopping_server_ends_its_sockets_first_and_is_quick(stage: Stage, peer: Connect) -> None:
    leaving = stage.start()
    visitor = peer(auth={"token": leaving.session()}, at=leaving)
    assert leaving.stop() < 4
    visitor.until_gone(2)


def test_who_is_nobody_is_refused_with_a_reason(served: Served) -> None:
    for auth in (None, {}, {"token": "vs_nobody"}, {"token": "a.b.c"}, {"token": 5}, "vs_nobody"):
        with pytest.raises(NotConnected):
            Peer(served, auth=auth)
