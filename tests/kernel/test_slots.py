"""Requests and connections do not take each other's threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from app.kernel.slots import Slots, customer, waiting


def run(work: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


class Program:
    """Holds every request until it is let go; it counts those inside."""

    def __init__(self) -> None:
        self.go, self.inside, self.most = threading.Event(), 0, 0
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], _start: Any) -> list[bytes]:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        if environ.get("waits"):
            with waiting(environ) as may:
                environ["waited"] = may
                self.go.wait(5)
        else:
            self.go.wait(5)
        with self.lock:
            self.inside -= 1
        return [b"done"]


@pytest.fixture
def program() -> Program:
    return Program()


def made(program: Program, **bounds: int) -> Slots:
    given = {"requests": 2, "sockets": 3, "per_address": 2} | bounds
    return Slots(program, is_socket=lambda environ: bool(environ.get("socket")), **given)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_no_more_requests_work_at_once_than_are_allowed(program: Program) -> None:
    slots = made(program)
    threads = [run(lambda own=own: slots({"REMOTE_ADDR": own}, None)) for own in "abcdef"]
    until(lambda: program.inside == 2)
    time.sleep(0.05)
    program.go.set()
    for thread in threads:
        thread.join()
    assert program.most == 2


def test_one_address_gets_half_of_the_turns_and_the_others_go_on(program: Program) -> None:
    slots = made(program, requests=4)
    threads = [run(lambda: slots({"REMOTE_ADDR": "a"}, None)) for _ in range(6)]
    until(lambda: program.inside == 2)
    time.sleep(0.05)
    assert program.inside == 2
    threads += [run(lambda own=own: slots({"REMOTE_ADDR": own}, None)) for own in "bc"]
    until(lambda: program.inside == 4)
    program.go.set()
    for thread in threads:
        thread.join()
    assert slots.turns._own == {}, "an address that asks for nothing is forgotten"


@pytest.mark.parametrize(
    "facts",
    [{"CONTENT_LENGTH": str(2**20)}, {"HTTP_TRANSFER_ENCODING": "chunked"}, {"HTTP_EXPECT": "100-continue"}],
)
def test_uploads_take_a_part_of_the_turns_and_the_next_is_answered_at_once(
    program: Program, facts: dict[str, str]
) -> None:
    slots, said = made(program, requests=8), []

    def send(address: str, **more: str) -> Any:
        environ = {"REMOTE_ADDR": address, **more}
        return slots(environ, lambda status, _headers: said.append(status))

    threads = [run(lambda own=own: send(own, **facts)) for own in "aabb"]
    until(lambda: program.inside == 4)
    assert b"too_many_connections" in send("a", **facts)[0]
    assert b"too_many_connections" in send("c", **facts)[0]
    assert said == ["503 Service Unavailable"] * 2
    threads.append(run(lambda: send("a", CONTENT_LENGTH="50")))
    until(lambda: program.inside == 5)
    program.go.set()
    for thread in threads:
        thread.join()


def test_connections_past_a_bound_are_answered_at_once(program: Program) -> None:
    slots, said = made(program), []

    def connect(address: str) -> Any:
        return slots({"socket": True, "REMOTE_ADDR": address}, lambda status, _headers: said.append(status))

    threads = [run(lambda address=address: connect(address)) for address in ("a", "a", "b")]
    until(lambda: program.inside == 3)
    assert b"too_many_connections" in connect("a")[0]
    assert b"too_many_connections" in connect("c")[0]
    assert said == ["503 Service Unavailable"] * 2
    program.go.set()
    for thread in threads:
        thread.join()
    assert connect("a") == [b"done"]


def test_a_request_that_waits_lends_its_turn_to_others(program: Program) -> None:
    slots = made(program, requests=1)
    first = {"waits": True, "REMOTE_ADDR": "a"}
    threads = [run(lambda: slots(first, None))]
    until(lambda: program.inside == 1)
    threads.append(run(lambda: slots({"REMOTE_ADDR": "a"}, None)))
    until(lambda: program.inside == 2)
    program.go.set()
    for thread in threads:
        thread.join()
    assert first["waited"] is True
    assert slots.sockets.held.total() == 0


def test_when_too_many_wait_the_next_does_not(program: Program) -> None:
    slots = made(program, per_address=1)
    program.go.set()
    slots.sockets.take("a")
    request = {"waits": True, "REMOTE_ADDR": "a"}
    slots(request, None)
    assert request["waited"] is False


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_connections_are_counted_by_customer(address: str, whose: str) -> None:
    assert customer({"REMOTE_ADDR": address}) == whose
