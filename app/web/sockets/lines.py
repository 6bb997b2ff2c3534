"""WebSocket connections for engine.io, read by the thread that serves them: whoever sends too fast waits."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

import simple_websocket
from wsproto.events import AcceptConnection, CloseConnection, Request
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import ProtocolError

LARGEST_FRAME = 64 * 2**10
FRAMES_A_SECOND = 40
FRAMES_AT_ONCE = 120
SEND_SECONDS = 10
BEGIN_SECONDS = 10
"""In so many seconds what a connection begins with must be there, each part of it."""
PING_SECONDS, PONG_SECONDS = 25, 20
"""How often a peer is asked for a sign of life, and how long it may take to give one."""


class _NoThread:
    """Stands where the library would begin a thread that reads ahead, without bound."""

    name = ""

    def __init__(self, **_unused: Any) -> None:
        pass

    def start(self) -> None:
        """Begin nothing."""


class Line(simple_websocket.Server):
    """One WebSocket: no compression, messages of 64 KiB at most, a bounded number of frames a second."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self._writing = threading.Lock()
        self._spare, self._counted_at = float(FRAMES_AT_ONCE), time.monotonic()
        # an upgrade of a connection that polls is two messages: the probe, and the word to change over
        self._beginning = 2 if "sid=" in environ.get("QUERY_STRING", "") else 1
        super().__init__(environ, max_message_size=LARGEST_FRAME, thread_class=_NoThread)

    def handshake(self) -> None:
        """Accept the upgrade; a compressed message could be a thousand times what was sent, so none is."""
        lines = [
            f"{_header(name)}: {value}\r\n" for name, value in self.environ.items() if name[:5] == "HTTP_"
        ]
        self.ws.receive_data(("GET / HTTP/1.1\r\n" + "".join(lines) + "\r\n").encode("latin-1"))
        for event in self.ws.events():
            if isinstance(event, Request):
                # a peer that does not read what it asked for is given up, not waited for
                patience = struct.pack("ll", SEND_SECONDS, 0)
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)
                self.sock.sendall(self.ws.send(AcceptConnection()))
                self.connected = True

    def receive(self, timeout: float | None = None) -> Any:  # noqa: ARG002  # the library's signature
        """Read the next message; None when the connection is at its end, or says nothing for too long."""
        seconds = BEGIN_SECONDS if self._beginning else PING_SECONDS + PONG_SECONDS
        until = time.monotonic() + seconds
        while not self.input_buffer:
            if not self.connected or not self._read(until):
                self.connected = False
                return None
        self._beginning = max(0, self._beginning - 1)
        return self.input_buffer.pop(0)

    def _read(self, until: float) -> bool:
        try:
            # the time of the socket itself is also that of the thread that sends
            ready = select.poll()
            ready.register(self.sock, select.POLLIN)
            if not ready.poll(max(0.0, until - time.monotonic()) * 1000):
                return False
            data = self.sock.recv(self.receive_bytes)
            if not data:
                return False
            self.ws.receive_data(data)
            return bool(self._handle_events())
        except (OSError, ProtocolError, ValueError):
            return False

    def _handle_events(self) -> bool:
        """Count what came in before it is looked at."""
        events = list(self.ws.events())
        if not self._may_go_on(len(events)):
            self.close(CloseReason.POLICY_VIOLATION, "Too many frames")
            return False
        given, self.ws.events = self.ws.events, lambda: iter(events)
        try:
            with self._writing:
                return bool(super()._handle_events())
        finally:
            self.ws.events = given

    def _may_go_on(self, frames: int) -> bool:
        now = time.monotonic()
        self._spare = min(FRAMES_AT_ONCE, self._spare + (now - self._counted_at) * FRAMES_A_SECOND) - frames
        self._counted_at = now
        return self._spare >= 0

    def send(self, data: Any) -> None:
        """Send a message whole; raises OSError when the peer does not take it."""
        if not self.connected:
            raise OSError("closed")
        event = simple_websocket.ws.Message(data) if isinstance(data, bytes) else _text(data)
        with self._writing:
            self.sock.sendall(self.ws.send(event))

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Say goodbye, and end the thread that reads."""
        if not self.connected:
            return
        self.connected = False
        with contextlib.suppress(OSError, ProtocolError), self._writing:
            self.sock.sendall(self.ws.send(CloseConnection(reason or CloseReason.NORMAL_CLOSURE, message)))
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RD)


def _header(name: str) -> str:
    return "-".join(part.capitalize() for part in name[5:].split("_"))


def _text(data: Any) -> Any:
    return simple_websocket.ws.TextMessage(data=str(data))


class WebSocket:
    """What engine.io calls for a request that asks for an upgrade."""

    def __init__(self, serve: Callable[[Any], Any], _server: Any) -> None:
        self.serve = serve

    def __call__(self, environ: dict[str, Any], _start_response: Callable[..., Any]) -> Any:
        """Serve the connection to its end."""
        try:
            self.line = Line(environ)
        except (simple_websocket.ConnectionError, ProtocolError, OSError) as error:
            raise StopIteration from error  # what was no WebSocket gets no answer
        result = self.serve(self)
        self.line.close()
        if self.line.mode == "gunicorn":
            raise StopIteration  # gunicorn's word for: the connection is done with
        return result

    def send(self, message: Any) -> None:
        """Send a packet."""
        self.line.send(message)

    def wait(self) -> Any:
        """Wait for the next packet; None at the end."""
        return self.line.receive()

    def close(self) -> None:
        """End the connection."""
        self.line.close()
