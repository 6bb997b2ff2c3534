"""What a process keeps in memory of the database, and forgets when any process writes it.

Inside a process the session tells; from process to process PostgreSQL does: a trigger of each table that a
value is made of (`festoon_notify` with the value's name) notifies the channel `festoon` of what was committed.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import psycopg
import structlog
from flask import current_app, has_app_context, has_request_context
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.kernel.db import db, reading

CHANNEL = "festoon"
_ALIVE_SECONDS = 30.0
_AWAY_SECONDS = 2.0
_CHANGED = "festoon.shared"
log: Any = structlog.get_logger("festoon.shared")
T = TypeVar("T")
_NOTHING: Any = object()


class Shared(Generic[T]):
    """A value made of some tables, loaded when it is first asked for and again after they were written.

    `load` gets a connection and runs outside of any transaction. Whoever has written the tables and not yet
    committed gets what they wrote, which nobody else does. Where the database cannot be read, the last known
    value is given, or `otherwise`; without that the error is raised.
    """

    def __init__(
        self,
        name: str,
        *,
        tables: Iterable[str],
        load: Callable[[Connection], T],
        otherwise: Callable[[], T] | None = None,
    ) -> None:
        if name in _known:
            raise ValueError(f"There are two shared values named {name}")
        self.name, self.tables = name, frozenset(tables)
        self._load, self._otherwise = load, otherwise
        self._kept: T = _NOTHING
        self._last: T = _NOTHING
        self._age = 0
        self._retry_at = 0.0
        _known[name] = self

    def get(self) -> T:
        """Give the value."""
        if _writers and (session := _writing_session()) is not None and self in session.info[_CHANGED]:
            return self._load(session.connection())
        kept = self._kept
        return self._read() if kept is _NOTHING else kept

    def forget(self) -> None:
        """Have the value loaded anew when it is next asked for."""
        with _lock:
            self._age += 1
            self._kept = _NOTHING
            self._retry_at = 0.0

    def changed(self, session: Session) -> None:
        """Say that the session's transaction changes the value, by a way that the session does not see itself."""
        with _lock:
            if _CHANGED not in session.info:
                session.info[_CHANGED] = set()
                _writers.append(session)
        session.info[_CHANGED].add(self)
        self.forget()

    def _read(self) -> T:
        age = self._age
        if self._retry_at > time.monotonic():
            return self._instead()
        _hearing.begin()
        try:
            with reading() as connection:
                value = self._load(connection)
        except (SQLAlchemyError, RuntimeError) as error:
            if self._otherwise is None or (isinstance(error, RuntimeError) and has_app_context()):
                raise
            if has_app_context():
                log.warning("shared value not read", name=self.name, error=type(error).__name__)
                self._retry_at = time.monotonic() + _AWAY_SECONDS
            return self._instead()
        with _lock:
            if age == self._age:  # else it was written while it was read
                self._kept = self._last = value
        return value

    def _instead(self) -> T:
        if self._last is not _NOTHING or self._otherwise is None:
            return self._last
        return self._otherwise()


_known: dict[str, Shared[Any]] = {}
_writers: list[Session] = []
"""The sessions whose transaction has changed a shared value."""
_lock = threading.Lock()


def forget(name: str) -> None:
    """Forget one value; a name that is none of ours is another version's."""
    if (found := _known.get(name)) is not None:
        found.forget()


def forget_all() -> None:
    """Forget every value."""
    for shared in list(_known.values()):
        shared.forget()


def load_all() -> None:
    """Load every value that is not in memory: before statements are counted."""
    for shared in list(_known.values()):
        shared.get()


def all_shared() -> tuple[Shared[Any], ...]:
    """List the shared values there are."""
    return tuple(_known.values())


def _writing_session() -> Session | None:
    if not has_app_context() or not db.session.registry.has():
        return None
    session: Session = db.session()
    return session if _CHANGED in session.info else None


def _note(session: Session, tables: Iterable[str]) -> None:
    written = set(tables)
    for shared in _known.values():
        if not shared.tables.isdisjoint(written):
            shared.changed(session)


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, *_unused: Any) -> None:
    rows = (*session.new, *session.dirty, *session.deleted)
    _note(session, {getattr(row, "__tablename__", "") for row in rows})


@event.listens_for(Session, "do_orm_execute")
def _note_executed(state: Any) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _note(state.session, {getattr(state.statement.table, "name", "")})


@event.listens_for(Session, "after_transaction_end")
def _settle(session: Session, transaction: Any) -> None:
    """After a commit the new value is loaded, after a rollback the old one."""
    if transaction.parent is not None:
        return
    changed: set[Shared[Any]] = session.info.pop(_CHANGED, set())
    if changed:
        with _lock:
            _writers.remove(session)
    for shared in changed:
        shared.forget()


class _Ear(threading.Thread):
    """Listens for what other processes have written, on a connection of its own."""

    def __init__(self, url: URL, arguments: Mapping[str, Any]) -> None:
        super().__init__(name="festoon-shared", daemon=True)
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._arguments = dict(arguments)

    def run(self) -> None:
        """Listen, and again after a loss; what was written meanwhile nobody told, so all is forgotten."""
        while True:
            try:
                with psycopg.connect(self._address, autocommit=True, **self._arguments) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    forget_all()
                    self._listen(connection)
            except psycopg.Error as error:
                log.info("shared values not heard of", error=type(error).__name__)
            time.sleep(_AWAY_SECONDS)

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        while True:
            for notice in connection.notifies(timeout=_ALIVE_SECONDS):
                forget(notice.payload)
            connection.execute("SELECT 1")  # a line that is dead is silent, too


class _Hearing:
    """The listener of this process, begun when it first reads a value for a request: commands do not serve."""

    def __init__(self) -> None:
        self._ear: _Ear | None = None

    def begin(self) -> None:
        if self._ear is not None or not has_request_context():
            return
        engine = db.engine
        if current_app.config.get("TESTING") or not isinstance(engine, Engine):  # a test lends a connection
            return
        options = current_app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {})
        with _lock:
            if self._ear is None:
                self._ear = _Ear(engine.url, options.get("connect_args", {}))
                self._ear.start()

    def end_in_child(self) -> None:
        """Begin anew in a process that was forked: it has the values of its parent, and no thread."""
        global _lock  # noqa: PLW0603  # somebody may have held it
        _lock = threading.Lock()
        self._ear = None
        forget_all()


_hearing = _Hearing()
os.register_at_fork(after_in_child=_hearing.end_in_child)
