"""Strangers who send slowly, or nothing, at the program as it runs: nobody else notices."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from tests.domains.messaging.conftest import Stage
from tests.domains.messaging.served import Served

THREADS = {"web_threads": 4, "sockets": 12, "sockets_per_address": 8}
LOGIN = (
    b"POST /public/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 50\r\n\r\n{"
)
Send = Callable[..., socket.socket]


@pytest.fixture(scope="module")
def small(stage: Stage) -> Served:
    """Serve with few threads."""
    return stage.start(**THREADS)


@pytest.fixture
def send(small: Served) -> Iterator[Send]:
    """Open plain connections that say so much and no more."""
    lines: list[socket.socket] = []

    def start(data: bytes, address: str = "127.3.0.1") -> socket.socket:
        lines.append(socket.create_connection(("127.0.0.1", small.port), 10, source_address=(address, 0)))
        lines[-1].sendall(data)
        return lines[-1]

    yield start
    for line in lines:
        line.close()


def is_quick(served: Served) -> bool:
    """Tell whether pages and JSON are served without a wait."""
    began = time.monotonic()
    for path in ("/health/live", "/public/v1/packages", "/login/"):
        assert requests.get(f"{served.base}{path}", timeout=5).status_code == 200
    wrong = {"email": "nobody@example.com", "password": "eleven green lanterns"}
    answer = requests.post(f"{served.base}/public/v1/auth/login", json=wrong, timeout=5)
    assert answer.status_code in (401, 429)  # it is read and answered; five tries a minute are looked at
    return time.monotonic() - began < 4


def heard(line: socket.socket, seconds: float) -> bytes:
    """Give all that is said until the server closes the line. Raises TimeoutError when it does not."""
    said, until = b"", time.monotonic() + seconds
    with contextlib.suppress(ConnectionResetError):
        while True:
            line.settimeout(max(0.01, until - time.monotonic()))
            data = line.recv(65536)
            if not data:
                break
            said += data
    return said


@pytest.mark.parametrize(
    "start", [b"GET /health/live HTTP/1.1\r\nHost: lo", LOGIN, b""], ids=["half head", "half body", "nothing"]
)
def test_forty_who_stop_in_the_middle_hold_nobody_up_and_are_sent_away(
    small: Served, send: Send, start: bytes
) -> None:
    began = time.monotonic()
    lines = [send(start) for _ in range(40)]
    time.sleep(0.3)
    assert is_quick(small)
    said = {heard(line, 13 - (time.monotonic() - began))[:12] for line in lines}
    assert 8 < time.monotonic() - began < 13
    assert said == ({b"HTTP/1.1 408"} if start else {b""})


def test_who_sends_a_letter_now_and_then_is_sent_away_too(small: Served, send: Send) -> None:
    line, began = send(b"GET / HTTP/1.1\r\nX: "), time.monotonic()
    line.settimeout(0.5)
    said = b""
    while not said:
        assert time.monotonic() - began < 13
        with contextlib.suppress(TimeoutError):
            line.sendall(b"x")
            said = line.recv(100)
    assert said.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "how", [b"Content-Length: 1000000", b"Transfer-Encoding: chunked"], ids=["length", "chunked"]
)
def test_large_bodies_that_stop_leave_turns_to_others_and_are_given_up(
    small: Served, send: Send, how: bytes
) -> None:
    head = b"POST /public/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    began = time.monotonic()
    lines = [send(head + how + b"\r\n\r\n5\r\n{", f"127.3.1.{number % 4 + 1}") for number in range(16)]
    time.sleep(0.3)
    assert is_quick(small)
    said = [heard(line, 14 - (time.monotonic() - began)) for line in lines]
    assert all(answer.startswith((b"HTTP/1.1 503", b"HTTP/1.1 400", b"HTTP/1.1 408")) for answer in said)
    assert sum(b"too_many_connections" in answer for answer in said) == 14


def test_who_does_not_close_after_the_goodbye_holds_nobody_up(small: Served, send: Send) -> None:
    get = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    lines = [send(get) for _ in range(10)]
    began = time.monotonic()
    assert is_quick(small)
    assert time.monotonic() - began < 2
    for line in lines:
        assert heard(line, 5).startswith(b"HTTP/1.1 200")


def test_a_head_without_an_end_is_refused(small: Served, send: Send) -> None:
    line = send(b"GET / HTTP/1.1\r\nX: ")
    with contextlib.suppress(OSError):
        line.sendall(b"x" * 100_000)
    assert heard(line, 5)[:12] in {b"HTTP/1.1 431", b""}
    assert is_quick(small)


def test_requests_in_pieces_together_and_after_a_rest_are_answered(send: Send) -> None:
    get = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
    line = send(get + get + get[:20])
    line.settimeout(5)
    said = b""
    while said.count(b"HTTP/1.1 200") < 2:
        said += line.recv(65536)
    time.sleep(1)
    line.sendall(get[20:])
    while said.count(b"HTTP/1.1 200") < 3:
        said += line.recv(65536)
    for letter in LOGIN + b"}" + b" " * 48:
        line.sendall(bytes([letter]))
    while b"HTTP/1.1 422" not in said:
        said += line.recv(65536)
    assert (said.count(b"HTTP/1.1 200"), said.count(b"HTTP/1.1 422")) == (3, 1)


def test_an_upload_that_asks_first_is_heard(send: Send) -> None:
    line = send(LOGIN[:-3] + b"Expect: 100-continue\r\n\r\n")
    line.settimeout(5)
    assert line.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
    line.sendall(b"{}" + b" " * 48)
    assert b"HTTP/1.1 422" in line.recv(65536)


@pytest.mark.parametrize("probe", [False, True], ids=["silent", "probed"])
def test_an_upgrade_that_never_ends_gives_its_thread_back(small: Served, send: Send, probe: bool) -> None:
    url = f"{small.base}/socket.io/?EIO=4&transport=polling"
    sid = json.loads(requests.get(url, timeout=5).text[1:])["sid"]
    head = (
        f"GET /socket.io/?EIO=4&transport=websocket&sid={sid} HTTP/1.1\r\nHost: localhost:{small.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n"
    )
    line, began = send(head.encode(), "127.0.0.1"), time.monotonic()
    if probe:
        time.sleep(0.5)
        line.sendall(b"\x81\x86\0\0\0\x002probe")
    assert heard(line, 13).startswith(b"HTTP/1.1 101")
    assert 8 < time.monotonic() - began < 13


def test_a_stop_does_not_wait_for_who_says_nothing(stage: Stage) -> None:
    mine = stage.start(**THREADS)
    with (
        socket.create_connection(("127.0.0.1", mine.port)) as silent,
        socket.create_connection(("127.0.0.1", mine.port)) as half,
    ):
        half.sendall(LOGIN)
        time.sleep(0.2)
        assert mine.stop() < 5
        assert heard(silent, 1) == b""
