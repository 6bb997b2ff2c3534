"""The load: a few connections in a closed loop, each asking again as soon as it is answered.

It counts only what was answered whole, and ends when nothing is under way; so the servers' CPU time, read
before and after, belongs to exactly the requests it counts, also where one request takes half a second.
Run as `python -m bench.load [core]` it reads an Order as JSON from its input and writes a Result.
"""

from __future__ import annotations

import itertools
import json
import os
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

DONE = (200, 201)


@dataclass(frozen=True, slots=True)
class Order:
    """What to ask for: for some `seconds`, or exactly so many `requests` when that is not 0.

    With a `body` it is posted as JSON, each time as if by another visitor behind a proxy: servers count
    what comes from one address.
    """

    port: int
    path: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    connections: int = 4
    seconds: float = 1.0
    requests: int = 0

    def message(self) -> bytes:
        """Give the request as it goes over the wire."""
        method = "POST" if self.body else "GET"
        lines = [f"{method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            length = len(self.body.encode())
            lines += ["Content-Type: application/json", f"Content-Length: {length}", next(_VISITORS)]
        return "\r\n".join([*lines, "", self.body]).encode()


def _visitors() -> Iterator[str]:
    """Name one address after the other, from a place that differs from run to run."""
    for number in itertools.count(time.time_ns() // 1000 % 2**24):
        yield f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


_VISITORS = _visitors()


@dataclass(frozen=True, slots=True)
class Result:
    """How many requests were answered 200 or 201, how many otherwise, in which time and how many bytes."""

    answered: int
    refused: int
    seconds: float
    bytes: int


class Connection:
    """One connection and the answer that is coming in."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.got = bytearray()
        self.expected = 0
        self.socket = self._open()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.order.port), timeout=60)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def ask(self) -> None:
        """Send the request."""
        self.got.clear()
        self.expected = 0
        self.socket.sendall(self.order.message())

    def take(self) -> int:
        """Take in what has come; give the status once the answer is whole, 0 before."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError(f"port {self.order.port} closed the connection before its answer was whole")
        self.got += chunk
        if not self.expected:
            self.expected = _expected_length(self.got)
        is_whole = len(self.got) >= self.expected > 0 or (
            self.expected < 0 and self.got.endswith(b"0\r\n\r\n")
        )
        return int(self.got[9:12]) if is_whole else 0


def _expected_length(got: bytearray) -> int:
    """Tell how long the answer will be with its head: 0 not known yet, -1 sent in chunks."""
    head = got.find(b"\r\n\r\n")
    if head < 0:
        return 0
    for line in bytes(got[:head]).split(b"\r\n"):
        name, _mark, value = line.partition(b":")
        if name.lower() == b"content-length":
            return head + 4 + int(value)
    return -1


def run(order: Order) -> Result:
    """Ask until the time is over or enough was asked, then wait for what is under way."""
    begun = time.perf_counter()
    end = begun + order.seconds
    asked = answered = refused = size = 0
    connections = [
        Connection(order) for _ in range(min(order.connections, order.requests or order.connections))
    ]
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
            asked += 1
        while answered + refused < asked:
            for key, _events in selector.select(timeout=60):
                status = key.data.take()
                if not status:
                    continue
                size += len(key.data.got)
                answered, refused = answered + (status in DONE), refused + (status not in DONE)
                if asked < order.requests or (not order.requests and time.perf_counter() < end):
                    key.data.ask()
                    asked += 1
    seconds = time.perf_counter() - begun
    for connection in connections:
        connection.socket.close()
    return Result(answered, refused, seconds, size)


if __name__ == "__main__":
    if sys.argv[1:]:
        os.sched_setaffinity(0, {int(sys.argv[1])})
    json.dump(asdict(run(Order(**json.load(sys.stdin)))), sys.stdout)
