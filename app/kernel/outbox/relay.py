"""The relay: spreads events to their subscribers, and puts into the queues what is due. Any number may run."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from redis import Redis
from redis.client import PubSub
from redis.exceptions import RedisError
from rq import Queue
from rq.queue import EnqueueData
from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import jobs
from app.kernel.ids import new_id
from app.kernel.outbox.events import known_topics
from app.kernel.outbox.nudging import CHANNEL
from app.kernel.outbox.subscribing import Subscriber, subscribers
from app.kernel.queues import RELAYS

DELIVER = "outbox.deliver"
"""The job that carries a delivery out."""

MOST_TRIES = 5
_BATCH = 500
_IDLE = 1.0
_GATHER = 0.05
_ALIVE_SECONDS = 5.0
_FORGOTTEN_SECONDS = 86_400
_QUEUED = 60
"""Seconds after which a delivery that nobody took is looked for in its queue."""

log: Any = structlog.get_logger("festoon.outbox")
Due = Sequence[tuple[UUID, Subscriber]]

_UNRELAYED = text("""
    SELECT id, topic FROM outbox WHERE relayed_at IS NULL AND topic = ANY(:topics)
    ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED
""")
_SPREAD = text("""
    INSERT INTO delivery (id, outbox_id, subscriber)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:events AS uuid[]), CAST(:names AS text[]))
    ON CONFLICT (outbox_id, subscriber) DO NOTHING
""")
_RELAYED = text("UPDATE outbox SET relayed_at = now() WHERE id = ANY(:ids)")
_TAKE_DUE = text("""
    WITH due AS (
        SELECT id, state = 'running' AS is_lost, state = 'running' AND attempts >= :tries AS is_dead
        FROM delivery
        WHERE state IN ('waiting', 'running') AND next_at <= now() AND subscriber = ANY(:names)
        ORDER BY next_at, id LIMIT :most FOR UPDATE SKIP LOCKED
    )
    UPDATE delivery AS d SET
        state = CASE WHEN due.is_dead THEN 'dead' ELSE 'waiting' END,
        next_at = now() + make_interval(secs => :again),
        last_error = CASE WHEN due.is_lost THEN :lost ELSE d.last_error END,
        ended_at = CASE WHEN due.is_dead THEN now() END
    FROM due WHERE d.id = due.id RETURNING d.id, d.subscriber, d.state
""")
_LATER = text("""
    UPDATE delivery SET next_at = now() + make_interval(secs => :wait)
    WHERE id = ANY(:ids) AND state = 'waiting'
""")
LOST = "WorkerLost: the worker ended in the middle of it"


def spread(connection: Connection, most: int = _BATCH) -> int:
    """Make a delivery of each new event for each of its subscribers; give how many events were spread.

    Events of a topic that this code does not know wait for code that does.
    """
    asked = {"topics": list(known_topics()), "most": most}
    events = connection.execute(_UNRELAYED, asked).all()
    if not events:
        return 0
    wanted = [
        (new_id(), key, found.name)
        for key, topic in events
        for found in subscribers().values()
        if found.event.topic == topic
    ]
    if wanted:
        ids, owners, names = zip(*wanted, strict=True)
        connection.execute(_SPREAD, {"ids": list(ids), "events": list(owners), "names": list(names)})
    connection.execute(_RELAYED, {"ids": [key for key, _topic in events]})
    return len(events)


def take_due(connection: Connection, most: int = _BATCH) -> Due:
    """Take what is due for a queue, also what a lost worker left; whoever takes it looks again in a minute.

    What was lost too often is dead.
    """
    asked = {"names": list(subscribers()), "most": most, "tries": MOST_TRIES, "again": _QUEUED, "lost": LOST}
    return [
        (key, subscribers()[name])
        for key, name, state in connection.execute(_TAKE_DUE, asked)
        if state == "waiting"
    ]


def enqueue(via: Redis, due: Due) -> None:
    """Put deliveries into their queues, each once: one that still waits there is left where it is."""
    with via.pipeline(transaction=False) as asking:
        for key, found in due:
            asking.lpos(jobs.queue(found.queue, via).key, str(key))
        positions = asking.execute()
    wanted: dict[str, list[EnqueueData]] = {}
    for (key, found), position in zip(due, positions, strict=True):
        if position is None:
            wanted.setdefault(found.queue, []).append(_message(key, found))
    for name, messages in wanted.items():
        where = jobs.queue(name, via)
        via.zrem(where.failed_job_registry.key, *(str(message.job_id) for message in messages))
        where.enqueue_many(messages)


def _message(key: UUID, found: Subscriber) -> EnqueueData:
    return Queue.prepare_data(
        DELIVER,
        kwargs={"delivery_id": str(key)},
        job_id=str(key),
        timeout=found.seconds,
        result_ttl=0,
        failure_ttl=jobs.KEEP_FAILED,
        description=found.name,
    )


class Relay:
    """One relay: it looks every second, and at once when it is nudged."""

    def __init__(self, engine: Engine, via: Redis) -> None:
        self.engine = engine
        self.via = via
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._news: PubSub | None = None
        self._told_at = 0.0
        self._is_ill = False

    def run(self, stop: threading.Event) -> None:
        """Work until asked to stop; a database or Valkey that is away is waited for."""
        while not stop.is_set():
            try:
                while self.turn() >= _BATCH and not stop.is_set():
                    pass
                self._note(is_ill=False)
                self._wait()
            except (SQLAlchemyError, RedisError, OSError) as error:
                self._news = None
                self._note(is_ill=True, error=type(error).__name__)
                stop.wait(_IDLE)
            except Exception:
                log.exception("relay fault")  # it must go on: nothing is delivered without it
                stop.wait(_IDLE)

    def turn(self) -> int:
        """Spread what is new and queue what is due; give how many of them there were at most."""
        with self.engine.begin() as connection:
            spread_now = spread(connection)
        with self.engine.begin() as connection:
            due = take_due(connection)
        if due:
            try:
                enqueue(self.via, due)
            except RedisError:
                with self.engine.begin() as connection:
                    connection.execute(_LATER, {"ids": [key for key, _found in due], "wait": _IDLE})
                raise
        return max(spread_now, len(due))

    def _wait(self) -> None:
        """Sleep until somebody nudges, a second at most. Raises RedisError."""
        if time.monotonic() - self._told_at > _ALIVE_SECONDS:
            self._tell_alive()
        if self._news is None:
            self._news = self.via.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
            self._news.subscribe(CHANNEL)
            return  # what was told before is looked for first
        end = time.monotonic() + _IDLE
        while (left := end - time.monotonic()) > 0 and self._news.get_message(timeout=left) is None:
            pass
        time.sleep(_GATHER)
        while self._news.get_message(timeout=0) is not None:
            pass

    def _tell_alive(self) -> None:
        now = time.time()
        with self.via.pipeline() as telling:
            telling.zadd(RELAYS, {self.name: now})
            telling.zremrangebyscore(RELAYS, 0, now - _FORGOTTEN_SECONDS)
            telling.execute()
        self._told_at = time.monotonic()

    def _note(self, *, is_ill: bool, error: str = "") -> None:
        """Log a change between well and ill, once."""
        if is_ill and not self._is_ill:
            log.warning("relay waits", error=error)
        elif self._is_ill and not is_ill:
            log.info("relay goes on")
        self._is_ill = is_ill


def later_statement() -> TextClause:
    """Give the statement that puts waiting deliveries off: `ids`, `wait` in seconds."""
    return _LATER
