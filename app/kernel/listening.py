"""How the web process takes requests in: who sends slowly holds no thread, and not for long."""

from __future__ import annotations

import contextlib
import errno
import re
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from selectors import EVENT_READ
from socket import SHUT_WR
from typing import Any

from gunicorn import http, util
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import ThreadWorker

from app.kernel.slots import SMALL_BODY, customer

WHOLE_SECONDS = 10
"""In so many seconds a request's head and a small body must be there."""
PAUSE_SECONDS = 10
BYTES_A_SECOND = 16 * 2**10
"""What a large body must come with: after ten seconds on average this rate, and no longer pause."""
UNWANTED_SECONDS = 0.2
PARTING_SECONDS = 2
LARGEST_HEAD = 64 * 2**10
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*(?:\r\n|$)")
_ANSWER = b"HTTP/1.1 %b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker with threads, which give a thread to whole requests alone.

    A thread would else be held by whoever sends half a head, and a turn among the requests by half a body.
    Heads and small bodies are gathered by the main loop; larger bodies are read by the thread, at a rate.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.coming: dict[Any, _Coming] = {}  # in the order of their deadlines
        self.parting: dict[Any, _Parting] = {}
        self.senders: Counter[str] = Counter()
        self.most_of_one = max(1, self.worker_connections // 4)

    def enqueue_req(self, conn: Any) -> None:
        """Take in a connection that is new, or has something to say after a rest."""
        if self.cfg.is_ssl or self.cfg.http2_cleartext != "off":  # what arrives is not plain HTTP/1.1
            super().enqueue_req(conn)
            return
        conn.close = partial(self._part_from, conn)
        coming = _Coming(conn)
        state = coming.read()
        if state == "whole":
            self._pass_on(coming)
        elif state == "gone" or self.senders[coming.sender] >= self.most_of_one:
            self._close(conn)
        else:
            self.coming[conn] = coming
            self.senders[coming.sender] += 1
            self.poller.register(conn.sock, EVENT_READ, partial(self._on_more, conn))

    def _on_more(self, conn: Any, _sock: Any) -> None:
        coming = self.coming.get(conn)
        if coming is None:
            return
        state = coming.read()
        if state == "part":
            return
        self._forget(conn)
        if state == "whole":
            self._pass_on(coming)
        else:
            self._close(conn)

    def _pass_on(self, coming: _Coming) -> None:
        coming.hand_over(self.cfg)
        super().enqueue_req(coming.conn)

    def _forget(self, conn: Any) -> None:
        coming = self.coming.pop(conn)
        self.senders[coming.sender] -= 1
        if not self.senders[coming.sender]:
            del self.senders[coming.sender]
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def _close(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Close what did not become whole in time. gunicorn calls this about once a second."""
        super().murder_pending()
        now = time.monotonic()
        while self.parting:
            conn, parting = next(iter(self.parting.items()))
            if parting.until > now:
                break
            self._part_at_last(conn)
        while self.coming:
            conn, coming = next(iter(self.coming.items()))
            if coming.until > now:
                return
            self._forget(conn)
            coming.answer(b"408 Request Timeout")
            self._close(conn)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        """Wait for no body that the program did not want: the connection ends instead."""
        return bool(keepalive and conn.parser.finish_body(deadline=time.monotonic() + UNWANTED_SECONDS))

    def _part_from(self, conn: Any, graceful: bool = False) -> None:
        """Close a connection. gunicorn's main loop would wait for the other side to close, and serve nobody."""
        try:
            if graceful:
                conn.sock.shutdown(SHUT_WR)
                conn.sock.setblocking(False)
                self.poller.register(conn.sock, EVENT_READ, partial(self._on_parting, conn))
                self.parting[conn] = _Parting(time.monotonic() + PARTING_SECONDS)
                self.nr_conns += 1
                return
        except (OSError, KeyError, ValueError):
            pass  # the other side is gone
        util.close(conn.sock)

    def _on_parting(self, conn: Any, _sock: Any) -> None:
        parting = self.parting.get(conn)
        if parting is None:
            return
        try:
            data = conn.sock.recv(4096)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        parting.left -= len(data)
        if not data or parting.left <= 0:
            self._part_at_last(conn)

    def _part_at_last(self, conn: Any) -> None:
        del self.parting[conn]
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self._close(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """When the worker stops, whoever says nothing does not hold it up."""
        super()._cap_keepalive(deadline)
        for coming in self.coming.values():
            coming.until = min(coming.until, deadline)


@dataclass(slots=True)
class _Parting:
    """One connection that has been answered, until the other side has read that."""

    until: float
    left: int = 64 * 2**10


class _Coming:
    """One request while it arrives."""

    def __init__(self, conn: Any) -> None:
        self.conn = conn
        self.until = time.monotonic() + WHOLE_SECONDS
        self.sender = customer({"REMOTE_ADDR": conn.client[0] if isinstance(conn.client, tuple) else ""})
        self.wanted: int | None = None
        # a request that was sent together with the one before lies here already
        self.bytes = bytearray(conn.parser.unreader.take_buffered() if conn.parser else b"")
        conn.sock.setblocking(False)

    def read(self) -> str:
        """Read what is there: the request is then `whole`, `part` of it is there, or the sender is `gone`."""
        if self.is_whole():
            return "whole"
        try:
            data = self.conn.sock.recv(LARGEST_HEAD)
        except (BlockingIOError, InterruptedError):
            return "part"
        except OSError:
            return "gone"
        if not data:
            return "gone"
        searched = max(0, len(self.bytes) - 3)
        self.bytes += data
        if self.is_whole(searched):
            return "whole"
        if self.wanted is None and len(self.bytes) >= LARGEST_HEAD:
            self.answer(b"431 Request Header Fields Too Large")
            return "gone"
        return "part"

    def is_whole(self, searched: int = 0) -> bool:
        """Tell whether nothing of the head and of a small body is missing."""
        if self.wanted is None:
            end = self.bytes.find(b"\r\n\r\n", searched)
            if end < 0:
                return False
            self.wanted = end + 4 + _small_body(bytes(self.bytes[:end]).lower())
        return len(self.bytes) >= self.wanted

    def answer(self, status: bytes) -> None:
        """Say why the connection ends, to one who began to say something."""
        if self.bytes:
            with contextlib.suppress(OSError):
                self.conn.sock.send(_ANSWER % status)

    def hand_over(self, cfg: Any) -> None:
        """Let gunicorn's parser find what was read."""
        conn = self.conn
        if conn.parser is None:
            conn.parser = http.get_parser(cfg, conn.sock, conn.client)
            conn.parser.unreader = Unreader(conn.sock)
        conn.parser.unreader.begin(bytes(self.bytes))
        conn.data_ready = True


def _small_body(head: bytes) -> int:
    """Give how long a body is that is waited for; what is wrong in a head, gunicorn's parser will find."""
    if b"\r\nexpect:" in head or b"\r\ntransfer-encoding:" in head:
        return 0  # the one is sent after an answer, the other does not say how long it is
    found = _LENGTH.search(head)
    length = int(found[1]) if found else 0
    return length if length <= SMALL_BODY else 0


class Unreader(SocketUnreader):  # type: ignore[misc]  # gunicorn has no types
    """Reads the rest of a request in its thread, and gives up on who sends it too slowly."""

    since: float | None = None
    got = 0

    def begin(self, data: bytes) -> None:
        """Begin with the next request, of which this much is here."""
        self.unread(data)
        self.since, self.got = None, 0

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Read what comes next. Raises ConnectionResetError, which gunicorn takes for a client that went."""
        now = time.monotonic()
        self.since = now if self.since is None else self.since
        left = min(PAUSE_SECONDS, self.since + PAUSE_SECONDS + self.got / BYTES_A_SECOND - now)
        given = self.sock.gettimeout()
        try:
            self.sock.settimeout(max(0.001, left if given is None else min(left, given)))
            data: bytes = super().chunk(size_hint)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "sent too slowly") from None
        finally:
            self.sock.settimeout(given)
        self.got += len(data)
        return data
