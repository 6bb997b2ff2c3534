"""What a member has to do with us, across domains: their bookings and their conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking
from app.domains.messaging.models import Conversation

MOST = 8


@dataclass(frozen=True, slots=True)
class Some:
    """The newest, and how many there are."""

    rows: Sequence[Any]
    count: int


def bookings_of(session: Session, member_id: UUID, visible: ColumnElement[bool]) -> Some:
    """Read a member's newest bookings, in one statement; `visible` is the condition of the reader's row rules."""
    newest = (Booking.created_at.desc(), Booking.id.desc())
    return _some(session, Booking, visible & (Booking.member_id == member_id), newest)


def conversations_of(session: Session, member_id: UUID, visible: ColumnElement[bool]) -> Some:
    """Read a member's newest conversations, in one statement, as `bookings_of` does."""
    newest = (Conversation.last_message_at.desc(), Conversation.id.desc())
    return _some(session, Conversation, visible & (Conversation.member_id == member_id), newest)


def _some(session: Session, model: Any, condition: Any, newest: Sequence[Any]) -> Some:
    count = func.count().over()
    rows = session.execute(select(model, count).where(condition).order_by(*newest).limit(MOST)).all()
    return Some([row[0] for row in rows], rows[0][1] if rows else 0)
