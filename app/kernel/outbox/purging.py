"""Forgetting what was delivered long ago."""

from __future__ import annotations

from sqlalchemy import text

from app.kernel.db import unit_of_work
from app.kernel.jobs import job

KEEP_SENT = 7
KEEP_DEAD = 90
"""Days."""

_FORGET_DELIVERIES = text("""
    DELETE FROM delivery WHERE (state = 'sent' AND ended_at < now() - make_interval(days => :sent))
        OR (state = 'dead' AND ended_at < now() - make_interval(days => :dead))
""")
_FORGET_EVENTS = text("""
    DELETE FROM outbox AS o WHERE o.created_at < now() - make_interval(days => :sent)
        AND o.relayed_at IS NOT NULL AND NOT EXISTS (SELECT FROM delivery AS d WHERE d.outbox_id = o.id)
""")


@job("outbox.purge", at="47 3 * * *", seconds=900)
def purge() -> None:
    """Remove deliveries that ended long ago, and events that have none left; what waits is kept."""
    with unit_of_work() as session:
        session.execute(_FORGET_DELIVERIES, {"sent": KEEP_SENT, "dead": KEEP_DEAD})
        session.execute(_FORGET_EVENTS, {"sent": KEEP_SENT})
