"""The Socket.IO server of this process, and everything that stands guard before it."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask
from flask_socketio import SocketIO
from socketio.packet import BINARY_ACK, BINARY_EVENT

from app.kernel import live
from app.kernel.slots import Slots, customer
from app.web.sockets.connections import Connections
from app.web.sockets.hanging_up import hang_up
from app.web.sockets.lines import LARGEST_FRAME, PING_SECONDS, PONG_SECONDS, WebSocket
from app.web.sockets.origins import is_allowed
from app.web.sockets.presence import Presence
from app.web.sockets.public import PublicNamespace
from app.web.sockets.queue import LocalManager, ValkeyManager
from app.web.sockets.staff import StaffNamespace
from app.web.sockets.watching import Watch

PATH = "/socket.io/"
RESERVED = ("connect", "disconnect", "connect_error")
log: Any = structlog.get_logger("festoon.sockets")


def open_sockets(app: Flask) -> SocketIO:
    """Serve /socket.io/ beside the program; call it before the guards of hosts and headers, which stand outside."""
    url = str(app.config.get("REDIS_URL") or "")
    manager = ValkeyManager(url) if url else LocalManager()
    sockets = SocketIO(
        app,
        async_mode="threading",
        client_manager=manager,
        manage_session=False,
        cookie=None,
        cors_allowed_origins=lambda _origin, environ: is_allowed(environ, app.config["PUBLIC_ORIGINS"]),
        cors_credentials=False,
        async_handlers=False,  # one event of a connection after the other: who floods waits for itself
        max_http_buffer_size=LARGEST_FRAME,
        http_compression=False,
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        logger=_quiet("socketio"),
        engineio_logger=_quiet("engineio"),
    )
    server = sockets.server
    connections, presence = Connections(), Presence(url)
    public = PublicNamespace(app, connections, presence)
    staff = StaffNamespace(app, connections, presence)
    server.register_namespace(public)
    server.register_namespace(staff)
    server.eio._async = {**server.eio._async, "websocket": WebSocket}  # noqa: SLF001  # see lines.py
    watch = Watch(app, connections, presence, (public, staff))
    _guard(app, server, watch)
    app.extensions[live.EXTENSION], app.extensions[live.PRESENCE] = manager, presence
    app.wsgi_app = Slots(  # type: ignore[method-assign]
        app.wsgi_app,
        app.config["WEB_THREADS"],
        app.config["SOCKETS"],
        app.config["SOCKETS_PER_ADDRESS"],
        lambda environ: str(environ.get("PATH_INFO", "")).startswith(PATH),
    )
    return sockets


def _quiet(name: str) -> logging.Logger:
    """Give a library a logger that tells no trace of what a stranger sent malformed."""
    logger = logging.getLogger(f"festoon.{name}")
    logger.setLevel(logging.CRITICAL)
    return logger


def _guard(app: Flask, server: Any, watch: Watch) -> None:
    """Bound the connections, and let nothing malformed or reserved reach the library."""
    greet, read, serve = server._handle_eio_connect, server._handle_eio_message, server._handle_event  # noqa: SLF001  # the library has no other place

    def on_connect(eio_sid: str, environ: dict[str, Any]) -> Any:
        whose = customer(environ)
        known = list(server.environ.values())
        alike = sum(1 for other in known if customer(other) == whose)
        if len(known) >= app.config["SOCKETS"] or alike >= app.config["SOCKETS_PER_ADDRESS"]:
            return "Too many connections. Try again soon."
        watch.ensure_running()
        return greet(eio_sid, environ)

    def on_message(eio_sid: str, data: Any) -> None:
        try:
            if not isinstance(data, str) or data[:1] in (str(BINARY_EVENT), str(BINARY_ACK)):
                raise ValueError("binary")
            read(eio_sid, data)
        except Exception as error:  # noqa: BLE001  # a stranger's packet: whatever it broke, they are cut off
            log.info("socket cut", reason="malformed packet", error=type(error).__name__)
            hang_up(server, eio_sid)

    def on_event(eio_sid: str, namespace: str, number: Any, data: Any) -> None:
        is_named = isinstance(data, list) and data and isinstance(data[0], str) and data[0] not in RESERVED
        if not is_named or len(data) > 2:
            raise ValueError("no event of ours")
        serve(eio_sid, namespace, number, data)

    server.eio.on("connect", on_connect)
    server.eio.on("message", on_message)
    server._handle_event = on_event  # noqa: SLF001  # events named like the library's own would call them


def end_sockets_with_the_server(app: Flask) -> None:
    """When gunicorn asks this process to stop, close the sockets first: it waits for their threads.

    Call it in the main thread, where the server has set its signal handlers already.
    """
    before = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        return
    end: Callable[[int, Any], Any] = before

    def stop(number: int, frame: Any) -> None:
        threading.Thread(target=close_all, args=(app.extensions,), daemon=True).start()
        end(number, frame)

    signal.signal(signal.SIGTERM, stop)


def close_all(extensions: Mapping[str, Any]) -> None:
    """Close every socket of this process; clients connect again, to the process that comes after."""
    server = extensions["socketio"].server
    for eio_sid in list(server.eio.sockets):
        hang_up(server, eio_sid)
