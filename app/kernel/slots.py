"""How many requests run at once: pages and JSON have threads of their own, sockets cannot take them."""

from __future__ import annotations

import ipaddress
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

ENVIRON = "festoon.slot"
_BUSY = (
    b'{"status":503,"code":"too_many_connections","title":"Too many connections","detail":"Try again soon."}'
)


class Slots:
    """Middleware: at most `requests` requests at work at once, and beside them at most `sockets` that wait.

    A connection of a socket, its poll included, holds a thread as long as it lasts: past the bound, or past
    `per_address` from one address, it is answered 503 at once and no thread is held.
    """

    def __init__(
        self,
        wsgi: Callable[..., Any],
        requests: int,
        sockets: int,
        per_address: int,
        is_socket: Callable[[dict[str, Any]], bool],
    ) -> None:
        self.wsgi = wsgi
        self.working = threading.BoundedSemaphore(requests)
        self.sockets, self.per_address = sockets, per_address
        self.is_socket = is_socket
        self.held: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Pass the request on in its turn."""
        if self.is_socket(environ):
            return self._socket(environ, start_response)
        environ[ENVIRON] = self
        with self.working:
            return self.wsgi(environ, start_response)

    def _socket(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        address = customer(environ)
        if not self.take(address):
            headers = [("Content-Type", "application/problem+json"), ("Retry-After", "10")]
            start_response("503 Service Unavailable", [*headers, ("Content-Length", str(len(_BUSY)))])
            return [_BUSY]
        try:
            return self.wsgi(environ, start_response)
        finally:
            self.give_back(address)

    def take(self, address: str) -> bool:
        """Take the place of one that waits; False when there is none left."""
        with self._lock:
            if self.held.total() >= self.sockets or self.held[address] >= self.per_address:
                return False
            self.held[address] += 1
            return True

    def give_back(self, address: str) -> None:
        """Give the place back."""
        with self._lock:
            self.held[address] -= 1
            if self.held[address] <= 0:
                del self.held[address]


def customer(environ: Mapping[str, Any]) -> str:
    """Name whose connection it is: the address, or for IPv6 its /64."""
    text = str(environ.get("REMOTE_ADDR", "")).partition("%")[0]
    if ":" not in text:
        return text
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return text
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


@contextmanager
def waiting(environ: dict[str, Any]) -> Iterator[bool]:
    """Let a request wait without keeping others from work; gives False, and keeps its turn, when too many wait."""
    slots: Slots | None = environ.get(ENVIRON)
    if slots is None:  # no server around us: a test, a command
        yield True
        return
    address = customer(environ)
    if not slots.take(address):
        yield False
        return
    slots.working.release()
    try:
        yield True
    finally:
        slots.give_back(address)
        slots.working.acquire()
