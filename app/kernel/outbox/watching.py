"""What the outbox holds, read for people, and what they may do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.kernel.db import db

SHOWN = 50
_STUCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deliveries are in which state; `sent` is of the last day, `unknown` are events nobody takes."""

    waiting: int
    running: int
    dead: int
    sent: int
    unknown: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class DeliverySeen:
    """A delivery with its event."""

    id: UUID
    subscriber: str
    topic: str
    payload: Mapping[str, Any]
    correlation_id: str
    created_at: datetime
    state: str
    attempts: int
    next_at: datetime
    ended_at: datetime | None
    last_error: str


_COUNTS = text("""
    SELECT
        (SELECT count(*) FROM delivery WHERE state IN ('waiting', 'running') AND state = 'waiting') AS waiting,
        (SELECT count(*) FROM delivery WHERE state IN ('waiting', 'running') AND state = 'running') AS running,
        (SELECT count(*) FROM delivery WHERE state = 'dead') AS dead,
        (SELECT count(*) FROM delivery WHERE state = 'sent' AND ended_at > now() - interval '1 day') AS sent,
        (SELECT count(*) FROM outbox WHERE relayed_at IS NULL
            AND created_at < now() - make_interval(secs => :stuck)) AS unknown,
        (SELECT min(o.created_at) FROM delivery AS d JOIN outbox AS o ON o.id = d.outbox_id
            WHERE d.state IN ('waiting', 'running')) AS oldest
""")
_LISTED = """
    SELECT d.id, d.subscriber, o.topic, o.payload, o.correlation_id, o.created_at, d.state, d.attempts,
        d.next_at, d.ended_at, d.last_error
    FROM delivery AS d JOIN outbox AS o ON o.id = d.outbox_id
"""
_PENDING = text(f"{_LISTED} WHERE d.state IN ('waiting', 'running') ORDER BY d.next_at, d.id LIMIT :most")
_DEAD = text(f"{_LISTED} WHERE d.state = 'dead' ORDER BY d.id DESC LIMIT :most")
_RETRY = text("""
    UPDATE delivery SET state = 'waiting', attempts = 0, next_at = now(), ended_at = NULL
    WHERE state = 'dead' AND (:all OR id = ANY(:ids))
""")
_FORGET = text("DELETE FROM delivery WHERE state = 'dead' AND (:all OR id = ANY(:ids))")


def counts() -> Counts:
    """Count, in one statement."""
    row = db.session.execute(_COUNTS, {"stuck": _STUCK_SECONDS}).mappings().one()
    return Counts(**row)


def pending() -> tuple[DeliverySeen, ...]:
    """List what waits or runs, the next first."""
    return _list(_PENDING)


def dead() -> tuple[DeliverySeen, ...]:
    """List what was given up, the latest first."""
    return _list(_DEAD)


def retry(keys: Iterable[UUID] | None = None) -> int:
    """Let what was given up be tried anew, all of it without `keys`; call `nudge` after the commit."""
    return _change(_RETRY, keys)


def forget(keys: Iterable[UUID] | None = None) -> int:
    """Delete what was given up, all of it without `keys`."""
    return _change(_FORGET, keys)


def _list(statement: Any) -> tuple[DeliverySeen, ...]:
    return tuple(DeliverySeen(**row) for row in db.session.execute(statement, {"most": SHOWN}).mappings())


def _change(statement: Any, keys: Iterable[UUID] | None) -> int:
    result: Any = db.session.execute(statement, {"all": keys is None, "ids": list(keys or ())})
    return int(result.rowcount)
