"""Every two seconds: whose credential died is cut off, who never said who they are is sent away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Container, Mapping
from typing import Any
from uuid import UUID

import structlog
from flask import Flask
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import Unauthorized

from app.domains.messaging import queries, service
from app.domains.messaging.service import news
from app.web.sockets.connections import Connection, Connections
from app.web.sockets.edge import public_event, refusal
from app.web.sockets.hanging_up import hang_up
from app.web.sockets.presence import Presence
from app.web.sockets.public import PublicNamespace
from app.web.sockets.staff import StaffNamespace

EVERY = 2.0
NAMELESS = 10.0
"""Seconds in which a connection must have entered a namespace."""
log: Any = structlog.get_logger("festoon.sockets")


class Watch:
    """One thread of a process that has connections."""

    def __init__(
        self,
        app: Flask,
        connections: Connections,
        presence: Presence,
        namespaces: tuple[PublicNamespace, StaffNamespace],
    ) -> None:
        self.app, self.connections, self.presence = app, connections, presence
        self.public, self.staff = namespaces
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def ensure_running(self) -> None:
        """Begin to watch, once in a process."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="socket-watch", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        turn = 0
        while True:
            time.sleep(EVERY)
            turn += 1
            for step in (
                self.look,
                self.send_nameless_away,
                *([self.presence.refresh] if turn % 3 == 0 else []),
            ):
                self._try(step)

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001  # the next turn comes; the database may be away
            log.warning("sockets not watched", step=step.__name__, error=type(error).__name__)

    def look(self) -> None:
        """Cut off every connection whose credential is worth nothing any more."""
        staff = self.connections.all(news.STAFF)
        for connection in staff:
            if not self.staff.is_alive(connection):
                self._cut(self.staff, connection)
        visitors = self.connections.all(news.PUBLIC)
        if not visitors:
            return
        with public_event(self.app, "watch"):
            dead = self._dead(visitors)
        for connection in dead:
            self._cut(self.public, connection)

    def _dead(self, visitors: list[Connection]) -> list[Connection]:
        """Find who is dead: sessions are read in one statement, each member's token once."""
        keys = {connection.session_id for connection in visitors if connection.session_id}
        living = queries.living_sessions(list(keys)) if keys else {}
        members = {session.member_id for session in living.values()}
        silent = {member for member in members if not service.may_speak(member)}
        tokens: dict[str, bool] = {}
        return [
            connection
            for connection in visitors
            if _has_lost_its_session(connection, living, silent)
            or (connection.token and not self._is_good(connection.token, tokens))
        ]

    def _is_good(self, token: str, known: dict[str, bool]) -> bool:
        if token not in known:
            known[token] = self.public.is_good(token)
        return known[token]

    def _cut(self, namespace: Any, connection: Connection) -> None:
        with self.app.app_context():
            namespace.cut(connection.sid, refusal(Unauthorized(_l("The token is not valid any more."))))
        log.info("socket cut", namespace=connection.namespace, reason="credential ended")

    def send_nameless_away(self) -> None:
        """Close connections that entered no namespace, or left the one they were in."""
        server = self.public.server
        for eio_sid, environ in list(server.environ.items()):
            named = any(
                server.manager.sid_from_eio_sid(eio_sid, namespace) for namespace in (news.PUBLIC, news.STAFF)
            )
            if named:
                environ["festoon.nameless_since"] = None
                continue
            since = environ.get("festoon.nameless_since") or time.monotonic()
            environ["festoon.nameless_since"] = since
            if time.monotonic() - since > NAMELESS:
                hang_up(server, eio_sid)


def _has_lost_its_session(
    connection: Connection, living: Mapping[UUID, queries.Living], silent: Container[UUID | None]
) -> bool:
    """Tell whether the session ended, its member may not speak, or signed in while it came without a token."""
    if connection.session_id is None:
        return False
    session = living.get(connection.session_id)
    if session is None or session.member_id in silent:
        return True
    return session.is_signed_in and not connection.token
