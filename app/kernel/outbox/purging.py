"""Forgetting what was delivered long ago."""

from __future__ import annotations

from typing import Any

from sqlalchemy import TextClause, text

from app.kernel.db import unit_of_work
from app.kernel.jobs import job

KEEP_SENT = 7
KEEP_DEAD = 90
"""Days."""

_BATCH = 5_000

_DELIVERIES = text("""
    DELETE FROM delivery WHERE id IN (
        SELECT id FROM delivery WHERE (state = 'sent' AND ended_at < now() - make_interval(days => :sent))
            OR (state = 'dead' AND ended_at < now() - make_interval(days => :dead)) LIMIT :most)
""")
_EVENTS = text("""
    DELETE FROM outbox WHERE id IN (
        SELECT o.id FROM outbox AS o WHERE o.created_at < now() - make_interval(days => :sent)
            AND o.relayed_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM delivery AS d WHERE d.outbox_id = o.id) LIMIT :most)
""")


@job("outbox.purge", at="47 3 * * *", seconds=900)
def purge() -> int:
    """Remove deliveries that ended long ago, and events that have none left; what waits is kept. Gives how many."""
    return _in_batches(_DELIVERIES) + _in_batches(_EVENTS)


def _in_batches(statement: TextClause) -> int:
    removed: int = 0
    while True:
        with unit_of_work() as session:
            done: Any = session.execute(statement, {"sent": KEEP_SENT, "dead": KEEP_DEAD, "most": _BATCH})
        removed += int(done.rowcount)
        if done.rowcount < _BATCH:
            return removed
