"""Who has read up to where."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.domains.messaging import queries
from app.domains.messaging.errors import NoSuchConversation
from app.domains.messaging.models import Conversation, Message, ReadMark, Sender
from app.domains.messaging.queries import Visitor
from app.domains.messaging.service import news
from app.kernel import clock
from app.kernel.db import db
from app.kernel.ids import new_id
from app.kernel.live import tell


def read_by_client(visitor: Visitor, conversation_id: UUID, sequence: int) -> Conversation:
    """Note up to which sequence the client has read; never back. Raises NoSuchConversation."""
    conversation = queries.conversation_of(visitor, conversation_id, for_update=True)
    if conversation is None:
        raise NoSuchConversation(_l("There is no such conversation."))
    upto = min(sequence, conversation.last_sequence)
    if upto > conversation.read_by_client:
        conversation.read_by_client = upto
        conversation.unread_by_client = _unread(conversation_id, upto, Sender.STAFF, Sender.BOT)
        _mark(conversation_id, None, upto)
        _told(conversation, "client", upto)
    return conversation


def read_by_staff(conversation_id: UUID, user_id: int, sequence: int | None = None) -> Conversation:
    """Note that a staff user has read a conversation, up to a sequence or all of it. Raises NoSuchConversation."""
    conversation = queries.conversation(conversation_id, for_update=True)
    if conversation is None:
        raise NoSuchConversation(_l("There is no such conversation."))
    last = conversation.last_sequence
    upto = last if sequence is None else min(sequence, last)
    _mark(conversation_id, user_id, upto)
    if upto > conversation.read_by_staff:
        conversation.read_by_staff = upto
        conversation.unread_by_staff = _unread(conversation_id, upto, Sender.CLIENT)
        db.session.flush()
        _told(conversation, "staff", upto)
        news.conversation_changed(conversation)
    return conversation


def _told(conversation: Conversation, by: str, sequence: int) -> None:
    facts = {"conversation": str(conversation.id), "by": by, "sequence": sequence}
    tell(news.STAFF, news.room(conversation.id), "read", facts)
    news.client_told(conversation, "read", by=by, sequence=sequence)


def _unread(conversation_id: UUID, upto: int, *senders: Sender) -> int:
    left = select(func.count()).where(
        Message.conversation_id == conversation_id,
        Message.sequence > upto,
        Message.sender.in_([sender.value for sender in senders]),
    )
    return db.session.scalar(left) or 0


def _mark(conversation_id: UUID, user_id: int | None, sequence: int) -> None:
    now = clock.now()
    mark = insert(ReadMark).values(
        id=new_id(), conversation_id=conversation_id, user_id=user_id, sequence=sequence, read_at=now
    )
    latest = func.greatest(ReadMark.sequence, mark.excluded.sequence)
    db.session.execute(
        mark.on_conflict_do_update(
            index_elements=["conversation_id", "user_id"], set_={"sequence": latest, "read_at": now}
        )
    )
