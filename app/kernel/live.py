"""Live news: told after the commit of what it is about, to browsers that any process holds connections of."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from flask import current_app, has_app_context
from sqlalchemy import event as happening
from sqlalchemy.orm import Session, SessionTransaction

from app.kernel.db import db

EXTENSION = "festoon.live"
PRESENCE = "festoon.presence"
_TOLD = "festoon.live_news"
log: Any = structlog.get_logger("festoon.live")


class Sender(Protocol):
    """What carries news to browsers."""

    def send(self, namespace: str, room: str, event: str, facts: Mapping[str, Any]) -> None:
        """Give an event to everyone in a room, whichever process they are connected to."""


@dataclass(frozen=True, slots=True)
class News:
    """One event for one room; `owner` is the transaction, or the savepoint, it belongs to."""

    namespace: str
    room: str
    event: str
    facts: Mapping[str, Any]
    owner: SessionTransaction | None = None


def tell(namespace: str, room: str, event: str, facts: Mapping[str, Any]) -> None:
    """Tell everyone in a room, once the transaction of the session is committed; forget it if it is rolled back.

    Outside a transaction it is told at once. `facts` are plain JSON, told as they are now. Never raises.
    """
    if not has_app_context():
        log.warning("live news outside the application", event_name=event)
        return
    session = db.session()
    owner = session.get_nested_transaction() or session.get_transaction()
    news = News(namespace, room, event, dict(facts), owner)
    if owner is None:
        _send(news)
    else:
        session.info.setdefault(_TOLD, []).append(news)


def tell_now(namespace: str, room: str, event: str, facts: Mapping[str, Any]) -> None:
    """Tell at once what no transaction is about: who types, who looks. Never raises."""
    _send(News(namespace, room, event, dict(facts)))


def _send(news: News) -> None:
    wake(news.namespace, news.room)
    sender: Sender | None = current_app.extensions.get(EXTENSION)
    if sender is None:
        return
    try:
        sender.send(news.namespace, news.room, news.event, news.facts)
    except Exception as error:  # noqa: BLE001  # what is committed stands, whoever cannot hear of it
        log.warning("live news not told", room=news.room, event_name=news.event, error=str(error)[:200])


@happening.listens_for(Session, "after_commit")
def _tell_after_commit(session: Session) -> None:
    if session.get_nested_transaction() is not None:  # a savepoint's release is no commit yet
        return
    for news in session.info.pop(_TOLD, ()):
        _send(news)


@happening.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """Forget what was told inside of what is rolled back: a savepoint's own, or everything."""
    told = session.info.get(_TOLD)
    if told:
        session.info[_TOLD] = [news for news in told if not _is_within(news.owner, previous)]


def _is_within(owner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while owner is not None:
        if owner is outer:
            return True
        owner = owner.parent
    return False


# Who waits in this process for something to be told in a room: requests that poll.
_waiting: dict[tuple[str, str], set[threading.Event]] = {}
_lock = threading.Lock()


@contextmanager
def listening(namespace: str, room: str) -> Iterator[threading.Event]:
    """Lend an event that is set when this process tells, or hears, something in the room."""
    wish = threading.Event()
    key = (namespace, room)
    with _lock:
        _waiting.setdefault(key, set()).add(wish)
    try:
        yield wish
    finally:
        with _lock:
            left = _waiting.get(key, set())
            left.discard(wish)
            if not left:
                _waiting.pop(key, None)


def wake(namespace: str, room: str) -> None:
    """Wake who waits in this process for the room; called also when another process told something in it."""
    with _lock:
        wishes = list(_waiting.get((namespace, room), ()))
    for wish in wishes:
        wish.set()


def viewers(room: str) -> list[dict[str, Any]]:
    """List who of the staff looks at a room, in whichever process: {"id", "name"}."""
    presence = current_app.extensions.get(PRESENCE)
    return list(presence.viewers(room)) if presence is not None else []
