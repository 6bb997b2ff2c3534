"""Writing a domain event into the transaction that it tells of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event as happening
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.db import db
from app.kernel.ids import new_id
from app.kernel.outbox.events import DomainEvent
from app.kernel.outbox.nudging import nudge
from app.kernel.outbox.tables import OutboxRow

_RECORDED = "festoon.outbox_recorded"


def record(event: DomainEvent) -> None:
    """Write the event in the session's transaction; its commit wakes the relay, its rollback forgets it."""
    session = db.session()
    session.add(OutboxRow(**row_of(event)))
    session.info[_RECORDED] = True


def row_of(event: DomainEvent) -> dict[str, Any]:
    """Give the values of the event's row by column, for statements written by hand; those call `nudge` too.

    `payload` is a dict that JSON can hold.
    """
    key = new_id()
    return {
        "id": key,
        "topic": event.topic,
        "payload": event.payload(),
        "correlation_id": current_actor().correlation_id or str(key),
        "created_at": clock.now(),
    }


@happening.listens_for(Session, "after_commit")
def _nudge_after_commit(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.pop(_RECORDED, False):
        nudge()


@happening.listens_for(Session, "after_rollback")
def _forget_after_rollback(session: Session) -> None:
    session.info.pop(_RECORDED, None)
