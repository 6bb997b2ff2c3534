"""A record publishes itself in a language, where that is chosen, once the last of its texts is approved.

That is judged after the commit, in a transaction of its own: two people may approve the last two texts at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import event as happening
from sqlalchemy.orm import Session

from app.kernel.db import unit_of_work
from app.kernel.languages import find
from app.kernel.outbox import Delivery, DomainEvent, record, subscriber
from app.translation.models import Translation
from app.translation.reach import owner_of
from app.translation.releases import WAITING, is_released, publish, releases_of

_TOLD = "festoon.texts_approved"


@dataclass(frozen=True, slots=True)
class TextApproved(DomainEvent):
    """A text was approved in a language in which records publish themselves."""

    topic: ClassVar[str] = "text.approved"
    content_type: str
    object_id: UUID
    locale: str


@happening.listens_for(Session, "after_flush")
def _tell(session: Session, _context: Any) -> None:
    """Tell once in a transaction of each row and language."""
    for row in (*session.new, *session.dirty):
        if not isinstance(row, Translation) or row.state != "approved":
            continue
        language = find(row.locale)
        if language is None or not (language.is_gated and language.publishes_itself):
            continue
        told = session.info.setdefault(_TOLD, set())
        mark = (row.content_type, row.object_id, row.locale)
        if mark not in told:
            told.add(mark)
            record(TextApproved(*mark))


@happening.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(_TOLD, None)


@subscriber("texts.publish", TextApproved)
def publish_complete(event: TextApproved, _delivery: Delivery) -> None:
    """Publish the record if nothing is lacking; one that somebody withdrew stays so."""
    with unit_of_work() as session:
        found = owner_of(session, event.content_type, event.object_id)
        if found is None or not is_released(found[0]):
            return
        resource, key = found
        if releases_of(session, resource, [key], (event.locale,))[key, event.locale].status == WAITING:
            publish(session, resource, [key], event.locale)
