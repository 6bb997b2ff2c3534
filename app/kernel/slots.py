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


SMALL_BODY = 64 * 2**10
"""A body up to this length is here when its request begins: see listening.py."""


class Places:
    """So many places in all, and so many of them for one address."""

    def __init__(self, total: int, each: int) -> None:
        self.total, self.each = total, each
        self.held: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, address: str) -> bool:
        """Take a place; False when there is none left."""
        with self._lock:
            if self.held.total() >= self.total or self.held[address] >= self.each:
                return False
            self.held[address] += 1
            return True

    def give_back(self, address: str) -> None:
        """Give the place back."""
        with self._lock:
            self.held[address] -= 1
            if self.held[address] <= 0:
                del self.held[address]


class Turns:
    """The turns of requests that are at work; whoever has no turn yet waits, first for one of its address."""

    def __init__(self, total: int, each: int) -> None:
        self.each = each
        self._all = threading.BoundedSemaphore(total)
        self._own: dict[str, threading.BoundedSemaphore] = {}
        self._wanted: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, address: str) -> None:
        """Wait for a turn."""
        with self._lock:
            self._wanted[address] += 1
            own = self._own.setdefault(address, threading.BoundedSemaphore(self.each))
        own.acquire()
        self._all.acquire()

    def give_back(self, address: str) -> None:
        """Let the next one work."""
        self._all.release()
        with self._lock:
            self._own[address].release()
            self._wanted[address] -= 1
            if not self._wanted[address]:
                del self._wanted[address], self._own[address]


class Slots:
    """Middleware: at most `requests` requests at work at once, and beside them at most `sockets` that wait.

    A connection of a socket, its poll included, holds a thread as long as it lasts: past the bound, or past
    `per_address` from one address, it is answered 503 at once and no thread is held. One address gets half of
    the turns of requests. A request whose body is read while it works, an upload, takes one of the places of
    those: half of the turns, a quarter for one address.
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
        self.turns = Turns(requests, max(1, requests // 2))
        self.uploads = Places(max(1, requests // 2), max(1, requests // 4))
        self.sockets = Places(sockets, per_address)
        self.is_socket = is_socket

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Pass the request on in its turn."""
        address = customer(environ)
        if self.is_socket(environ):
            return self._in_a_place(self.sockets, address, self.wsgi, environ, start_response)
        environ[ENVIRON] = self
        if _is_upload(environ):
            return self._in_a_place(self.uploads, address, self._in_turn, environ, start_response)
        return self._in_turn(environ, start_response)

    def _in_turn(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        address = customer(environ)
        self.turns.take(address)
        try:
            return self.wsgi(environ, start_response)
        finally:
            self.turns.give_back(address)

    def _in_a_place(
        self,
        places: Places,
        address: str,
        wsgi: Callable[..., Any],
        environ: dict[str, Any],
        start_response: Callable[..., Any],
    ) -> Any:
        if not places.take(address):
            headers = [("Content-Type", "application/problem+json"), ("Retry-After", "10")]
            start_response("503 Service Unavailable", [*headers, ("Content-Length", str(len(_BUSY)))])
            return [_BUSY]
        try:
            return wsgi(environ, start_response)
        finally:
            places.give_back(address)


def _is_upload(environ: Mapping[str, Any]) -> bool:
    length = str(environ.get("CONTENT_LENGTH") or "0")
    return (
        "HTTP_TRANSFER_ENCODING" in environ
        or "HTTP_EXPECT" in environ
        or not length.isdecimal()
        or int(length[:12]) > SMALL_BODY
    )


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
    if not slots.sockets.take(address):
        yield False
        return
    slots.turns.give_back(address)
    try:
        yield True
    finally:
        slots.sockets.give_back(address)
        slots.turns.take(address)
