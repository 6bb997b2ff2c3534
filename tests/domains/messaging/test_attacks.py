"""Strangers at the sockets: other people's rooms, other sites' pages, forged names, floods, broken packets."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket
from socketio.exceptions import ConnectionError as NotConnected

from tests.domains.messaging.conftest import Stage
from tests.domains.messaging.served import Desk, Peer, Served
from tests.domains.messaging.steps import HEADER

Connect = Callable[..., Peer]
EVIL = ("https://evil.example", "null", "http://127.0.0.1.evil.example", "http://evil.example:80", "file://")


Raw = Callable[..., websocket.WebSocket]


@pytest.fixture
def raw() -> Iterator[Raw]:
    """Open WebSockets below the protocol; their greeting is read."""
    lines: list[websocket.WebSocket] = []

    def start(served: Served, **more: Any) -> websocket.WebSocket:
        url = served.base.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        lines.append(websocket.create_connection(url, timeout=10, suppress_origin=True, **more))
        assert lines[-1].recv().startswith("0{")
        return lines[-1]

    yield start
    for line in lines:
        line.shutdown()


def ended(line: websocket.WebSocket, seconds: float = 12) -> bool:
    """Tell whether the server closes the line in time, whatever it says before."""
    deadline = time.monotonic() + seconds
    line.settimeout(0.5)
    while time.monotonic() < deadline:
        try:
            if line.recv() == "":
                return True
        except websocket.WebSocketTimeoutException:
            continue
        except (OSError, websocket.WebSocketException):
            return True
    return False


def test_thirty_tries_to_hear_or_speak_in_somebody_elses_conversation_get_nothing(
    served: Served, peer: Connect, operator: Desk
) -> None:
    victim = peer(auth={"token": served.session()})
    conversation = victim.ask("message", {"text": "my secret"})["conversation"]["id"]
    mallory = peer(auth={"token": served.session()})
    mallory.ask("message", {"text": "hello"})
    rooms = [f"conversation:{conversation}", "everyone", "inbox", f"session:{conversation}", "/staff", ""]
    tries: list[tuple[str, Any]] = [("join", {"room": room}) for room in rooms]
    tries += [("enter_room", room) for room in rooms] + [("subscribe", {"conversation": conversation})]
    tries += [
        (event, {"conversation": key, "text": "x", "sequence": 1, "after": 0, "on": True})
        for event in ("message", "read", "typing", "resume")
        for key in (conversation, conversation.upper(), [conversation], {"id": conversation})
    ]
    tries += [("message", {"text": "forged", "sender": "staff", "conversation": conversation})]
    assert len(tries) >= 30
    for event, facts in tries:
        time.sleep(0.11)
        assert mallory.ask(event, facts)["ok"] is False, (event, facts)
    forged = mallory.ask("message", {"text": "mine", "sender": "staff", "author": "Alice", "is_bot": True})
    assert (forged["message"]["sender"], forged["message"]["author"]) == ("client", "")
    operator.answer(conversation, "for the victim alone")
    victim.wait_for("message", text="for the victim alone")
    time.sleep(0.3)
    assert "secret" not in str(mallory.heard) and "victim" not in str(mallory.heard)
    assert [message["text"] for message in victim.ask("resume")["messages"]] == [
        "my secret",
        "for the victim alone",
    ]


@pytest.mark.parametrize("origin", EVIL)
def test_pages_of_other_sites_open_no_socket(served: Served, operator: Desk, origin: str) -> None:
    url = served.base.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        websocket.create_connection(url, origin=origin, cookie=operator.cookie, timeout=5)
    assert refusal.value.status_code == 400
    headers = {"Origin": origin, "Cookie": operator.cookie}
    polled = requests.get(f"{served.base}/socket.io/?EIO=4&transport=polling", headers=headers, timeout=5)
    assert polled.status_code == 400
    assert "Access-Control-Allow-Origin" not in polled.headers


def test_what_the_socket_answers_over_http_carries_the_guards_of_every_answer(served: Served) -> None:
    for path in ("?EIO=4&transport=polling", "?EIO=3&transport=polling", "?EIO=4&transport=polling&sid=x"):
        answer = requests.get(f"{served.base}/socket.io/{path}", timeout=5)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Set-Cookie" not in answer.headers


def test_a_named_site_may_open_the_public_namespace_and_never_that_of_staff(stage: Stage) -> None:
    site = "https://shop.example"
    stage.environment["FESTOON_PUBLIC_ORIGINS"] = site
    try:
        open_one = stage.start()
    finally:
        del stage.environment["FESTOON_PUBLIC_ORIGINS"]
    cookie = open_one.sign_in("admin").cookie
    visitor = Peer(open_one, auth={"token": open_one.session()}, headers={"Origin": site})
    assert visitor.ask("message", {"text": "from the shop"})["ok"]
    visitor.close()
    with pytest.raises(NotConnected):
        Peer(open_one, "/staff", headers={"Origin": site, "Cookie": cookie})


def test_staff_enter_by_a_session_from_our_own_pages_alone(served: Served, operator: Desk) -> None:
    for headers in (
        {"Origin": served.base},
        {"Cookie": operator.cookie},
        {"Origin": served.base, "Cookie": "festoon=forged"},
        {"Origin": served.base, "Authorization": f"Bearer {served.session()}"},
    ):
        with pytest.raises(NotConnected):
            Peer(served, "/staff", auth={"token": served.session()}, headers=headers)


def test_a_role_hears_the_rooms_of_its_rights_and_no_others(served: Served, peer: Connect) -> None:
    editor = peer("/staff", headers=served.sign_in("editor").headers())
    answers = {
        room: editor.ask("join", {"room": room})["ok"]
        for room in ("resource:package", "resource:booking", "resource:ab_user", "resource:nothing", "inbox",
                     "conversation:01990000-0000-7000-8000-000000000000", "everyone")
    }  # fmt: skip
    assert [room for room, is_in in answers.items() if is_in] == ["resource:package"]


def test_a_signed_out_user_is_cut_off_within_five_seconds(served: Served, peer: Connect) -> None:
    desk = served.sign_in("moderator")
    staff = peer("/staff", headers=desk.headers())
    form = {"csrf_token": desk.browser.headers["X-CSRFToken"]}
    assert desk.browser.post(f"{served.base}/logout/", data=form, timeout=10).status_code == 200
    assert staff.until_gone() < 5
    assert staff.said("refused")[0]["code"] == "unauthorized"


def test_an_ended_session_is_cut_off_within_five_seconds(served: Served, peer: Connect) -> None:
    token = served.session()
    visitor = peer(auth={"token": token})
    path = f"{served.base}/public/v1/sessions/current"
    assert requests.delete(path, headers={HEADER: token}, timeout=10).status_code == 204
    assert visitor.until_gone() < 5
    assert visitor.said("refused")[0]["code"] == "unauthorized"


def test_the_librarys_own_events_cannot_be_called_from_outside(served: Served, raw: Raw) -> None:
    for event in ("connect", "disconnect", "connect_error"):
        line = raw(served)
        line.send("40/public," + json.dumps({"token": served.session()}))
        assert line.recv().startswith("40/public")
        line.send(f'42/public,["{event}", {{"REMOTE_ADDR": "1.2.3.4"}}, {{"token": "x"}}]')
        assert ended(line)


@pytest.mark.parametrize(
    "packet",
    ['451-/public,["message",{"_placeholder":true,"num":0}]', "42/public,{", "42/public,[]", "42/public,[1]",
     "49999999999999999999/public,[]", "4", "9", '42/nowhere,["message",{}]', "43/public,1[]",
     "40/public," + "[" * 5000],
)  # fmt: skip
def test_broken_packets_end_the_connection_that_sent_them_and_no_other(
    served: Served, peer: Connect, raw: Raw, packet: str
) -> None:
    other = peer(auth={"token": served.session()})
    line = raw(served)
    line.send("40/public," + json.dumps({"token": served.session()}))
    assert line.recv().startswith("40/public")
    line.send(packet)
    with contextlib.suppress(OSError, websocket.WebSocketException):
        line.send_binary(b"\x00" * 10)
    assert ended(line)
    assert other.ask("message", {"text": "still here"})["ok"]


def test_a_frame_of_more_than_64_kib_ends_the_connection(served: Served, raw: Raw) -> None:
    line = raw(served)
    with contextlib.suppress(OSError, websocket.WebSocketException):
        line.send("4" + "x" * 300_000)
    assert ended(line)


def test_a_flood_of_pongs_ends_the_connection_and_starts_no_threads(served: Served, raw: Raw) -> None:
    line = raw(served)

    def threads() -> int:
        status = Path(f"/proc/{worker_of(served)}/status").read_text(encoding="ascii")
        return int(status.partition("Threads:")[2].split()[0])

    before = threads()
    with contextlib.suppress(OSError, websocket.WebSocketException):
        for _ in range(2000):
            line.send("3")
    assert ended(line)
    assert threads() <= before + 3


def worker_of(served: Served) -> int:
    """Find gunicorn's worker."""
    pid = served.process.pid
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()[0])


def test_who_polls_once_and_never_again_keeps_nobody_from_being_watched(
    served: Served, peer: Connect, raw: Raw
) -> None:
    for _ in range(3):
        assert requests.get(f"{served.base}/socket.io/?EIO=4&transport=polling", timeout=5).status_code == 200
    assert ended(raw(served), seconds=18)
    token = served.session()
    visitor = peer(auth={"token": token})
    path = f"{served.base}/public/v1/sessions/current"
    requests.delete(path, headers={HEADER: token}, timeout=10)
    assert visitor.until_gone() < 5


@pytest.mark.parametrize("token", ["vs_\\ud800", "\\ud800", "vs_\\u0000"])
def test_a_token_that_is_no_text_is_a_wrong_token(served: Served, raw: Raw, token: str) -> None:
    line = raw(served)
    line.send(f'40/public,{{"token": "{token}"}}')
    answer = line.recv()
    assert answer.startswith("44/public,"), answer
    assert '"unauthorized"' in answer or '"session_unknown"' in answer, answer


def test_who_names_nobody_is_sent_away(served: Served, raw: Raw) -> None:
    began = time.monotonic()
    assert ended(raw(served), seconds=16)
    assert time.monotonic() - began > 5


def test_one_address_holds_so_many_connections_and_requests_go_on(stage: Stage, raw: Raw) -> None:
    small = stage.start(sockets=6, sockets_per_address=4, web_threads=2)
    lines = [raw(small) for _ in range(4)]
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        raw(small)
    assert refusal.value.status_code == 503
    assert requests.get(f"{small.base}/health/ready", timeout=5).status_code == 200
    lines[0].close()
    time.sleep(0.5)
    raw(small).close()


@pytest.mark.proves("S0.50")
@pytest.mark.parametrize(
    "many", [pytest.param(50, id="50"), pytest.param(500, id="500", marks=pytest.mark.long)]
)
def test_one_who_floods_is_cut_and_the_others_do_not_notice(stage: Stage, raw: Raw, many: int) -> None:
    busy = stage.start(sockets=many + 40, sockets_per_address=many + 40)
    desk = busy.sign_in("admin")
    token = busy.session()
    crowd = [raw(busy) for _ in range(many)]
    for line in crowd:
        line.send("40/public," + json.dumps({"token": token}))
    for line in crowd:
        assert line.recv().startswith("40/public")
    calm = Peer(busy, auth={"token": busy.session()})
    flooder = Peer(busy, auth={"token": busy.session()})
    stored, refused = [0], [0]

    def count(answer: Any = None) -> None:
        (stored if answer and answer.get("ok") else refused)[0] += 1

    def flood() -> None:
        end = time.monotonic() + 3
        while time.monotonic() < end and flooder.is_connected:
            with contextlib.suppress(Exception):
                flooder.client.emit("message", {"text": "x"}, namespace="/public", callback=count)
            time.sleep(0.01)

    thread = threading.Thread(target=flood)
    thread.start()
    took = []
    for number in range(20):
        began = time.monotonic()
        assert calm.ask("message", {"text": f"{number}"})["ok"]
        took.append(time.monotonic() - began)
        time.sleep(0.12)
    thread.join()
    flooder.until_gone()
    assert flooder.said("refused")[0]["code"] == "too_many_messages"
    assert refused[0] > 20
    assert stored[0] <= 10 + 10 * 4
    assert sorted(took)[18] < 0.2, took
    assert desk.ask("GET", "/api/v1/inbox/").status_code == 200
    calm.close()
