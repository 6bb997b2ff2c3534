"""Carrying out a delivery in a worker: taken by one alone, marked when it worked, put off when it did not."""

from __future__ import annotations

import time
import traceback
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.kernel import logs
from app.kernel.actor import Actor, acting_as
from app.kernel.db import db, unit_of_work
from app.kernel.jobs import job
from app.kernel.outbox.relay import DELIVER, MOST_TRIES, later_statement
from app.kernel.outbox.subscribing import Delivery, PeerAway, Subscriber, Undeliverable, subscribers
from app.kernel.settings import ROOT

BACK_OFF = (10, 60, 300, 1_800, 3_600)
"""Seconds before the second, third, ... try; the last for all after it."""

PATIENCE = timedelta(days=3)
"""How long it is tried while what a subscriber speaks to is away."""

_GRACE = 30
_UNKNOWN_WAIT = 60
_MARK_TRIES = 5
_LAST_LINES = 12
_LONGEST = 4_000

log: Any = structlog.get_logger("festoon.outbox")

_READ = text("""
    SELECT d.subscriber, o.topic, o.payload, o.correlation_id, now() - o.created_at AS age
    FROM delivery AS d JOIN outbox AS o ON o.id = d.outbox_id WHERE d.id = :id AND d.state = 'waiting'
""")
_TAKE = text("""
    UPDATE delivery SET state = 'running', attempts = attempts + 1,
        next_at = now() + make_interval(secs => :lease)
    WHERE id = :id AND state = 'waiting' RETURNING attempts
""")
_MARK = text("""
    UPDATE delivery SET state = :state, next_at = now() + make_interval(secs => :wait), last_error = :error,
        ended_at = CASE WHEN :state IN ('sent', 'dead') THEN now() END
    WHERE id = :id AND state = 'running' AND attempts = :attempt
""")


@job(DELIVER)
def deliver(*, delivery_id: str) -> str:
    """Carry one delivery out; tells what became of it. Whoever comes second finds nothing to do."""
    key = UUID(delivery_id)
    with unit_of_work() as session:
        row = session.execute(_READ, {"id": key}).mappings().one_or_none()
        if row is None:
            return "done already"
        found = subscribers().get(row["subscriber"])
        if found is None:  # other code than this knows it
            session.execute(later_statement(), {"ids": [key], "wait": _UNKNOWN_WAIT})
            return "unknown here"
        attempt = session.scalar(_TAKE, {"id": key, "lease": found.seconds + _GRACE})
    if attempt is None:
        return "taken already"
    given = Delivery(key, attempt, found.name, row["correlation_id"])
    logs.bind(correlation_id=given.correlation_id, job=found.name, delivery_id=delivery_id)
    with acting_as(Actor("job", delivery_id, found.name, given.correlation_id)):
        return _try(found, given, dict(row))


def _try(found: Subscriber, given: Delivery, row: dict[str, Any]) -> str:
    try:
        found.function(found.event.read(row["payload"]), given)
    except Exception as error:  # noqa: BLE001  # whatever it fails with is kept and tried again
        db.session.rollback()
        state, wait = _judge(error, given.attempt, row["age"])
        log.warning("delivery failed", attempt=given.attempt, next=state, error=logs.redacted(_named(error)))
        _mark(given, state, wait, cause_of(error))
        return state
    db.session.rollback()  # what a subscriber wrote and did not commit is not written
    _mark(given, "sent", 0, "")
    return "sent"


def _judge(error: Exception, attempt: int, age: timedelta) -> tuple[str, int]:
    """Tell the state after a failure, and the seconds to the next try."""
    wait = BACK_OFF[min(attempt, len(BACK_OFF)) - 1]
    if isinstance(error, Undeliverable):
        return "dead", 0
    if isinstance(error, PeerAway):
        return ("waiting", wait) if age < PATIENCE else ("dead", 0)
    return ("waiting", wait) if attempt < MOST_TRIES else ("dead", 0)


def _mark(given: Delivery, state: str, wait: int, error: str) -> None:
    """Write the outcome, unless another has taken it since; a database that restarts is waited for a little."""
    values = {"id": given.id, "attempt": given.attempt, "state": state, "wait": wait, "error": error}
    for pause in range(1, _MARK_TRIES + 1):
        try:
            with unit_of_work() as session:
                session.execute(_MARK, values)
                break
        except OperationalError:
            if pause == _MARK_TRIES:
                raise
            time.sleep(pause)


def cause_of(error: BaseException) -> str:
    """Give what went wrong and the last lines of where, without secrets."""
    lines = "".join(traceback.format_tb(error.__traceback__)).splitlines()[-_LAST_LINES:]
    return logs.redacted("\n".join([_named(error), *lines]).replace(f"{ROOT}/", ""))[:_LONGEST]


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")
