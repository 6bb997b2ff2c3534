"""What becomes of a conversation: closed, opened again, given to somebody, with or without the bot."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l

from app.domains.messaging import queries
from app.domains.messaging.errors import NoSuchConversation, StillClosed
from app.domains.messaging.models import Conversation, Status, Step
from app.domains.messaging.service import news
from app.domains.messaging.service.appending import note_step
from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.surfaces.desk import notices


def close(conversation_id: UUID, by: str = "staff") -> Conversation:
    """Close a conversation; `by` is staff, client or idle. Closing twice changes nothing."""
    conversation = _locked(conversation_id)
    if conversation.is_open:
        conversation.status = Status.CLOSED.value
        conversation.closed_at, conversation.closed_by = clock.now(), by
        note_step(conversation, Step.CLOSED)
        _changed(conversation)
        news.client_told(conversation, "closed", by=by)
    return conversation


def reopen(conversation_id: UUID) -> Conversation:
    """Open a closed conversation again. Raises StillClosed when the visitor has another one open."""
    conversation = _locked(conversation_id)
    if not conversation.is_open:
        if conversation.session_id and queries.has_open(conversation.session_id):
            raise StillClosed(_l("The visitor has another conversation open."))
        conversation.status = Status.OPEN.value
        conversation.closed_at, conversation.closed_by = None, ""
        note_step(conversation, Step.REOPENED)
        _changed(conversation)
        news.client_told(conversation, "reopened")
    return conversation


def assign(conversation_id: UUID, user_id: int | None) -> Conversation:
    """Give a conversation to a staff user, or to nobody. Raises Invalid when there is no such active user."""
    conversation = _locked(conversation_id)
    name = queries.staff_name(user_id) if user_id is not None else ""
    if name is None:
        raise Invalid({"user_id": [_l("There is no such user.")]})
    if conversation.assigned_to_id != user_id:
        conversation.assigned_to_id = user_id
        actor = current_actor()
        about = actor.label if name and actor.id == str(user_id) else name
        note_step(conversation, Step.ASSIGNED if name else Step.UNASSIGNED, about)
        _changed(conversation)
        news.client_told(conversation, "assigned", name=name)
        if user_id is not None and actor.id != str(user_id):
            notices.tell_user(
                db.session(),
                user_id,
                "assigned",
                resource="conversation",
                record_id=conversation.id,
                title=conversation.visitor_name,
                actor=actor.label,
            )
    return conversation


def set_bot(conversation_id: UUID, on: bool) -> Conversation:
    """Let the bot answer in a conversation, or not."""
    conversation = _locked(conversation_id)
    if conversation.bot_on != on:
        conversation.bot_on = on
        note_step(conversation, Step.BOT_ON if on else Step.BOT_OFF)
        _changed(conversation)
    return conversation


def close_idle(hours: int) -> int:
    """Close conversations in which nothing was said for so many hours; give how many."""
    found = queries.idle_conversations(timedelta(hours=hours))
    for conversation_id in found:
        close(conversation_id, by="idle")
    return len(found)


def _locked(conversation_id: UUID) -> Conversation:
    conversation = queries.conversation(conversation_id, for_update=True)
    if conversation is None:
        raise NoSuchConversation(_l("There is no such conversation."))
    return conversation


def _changed(conversation: Conversation) -> None:
    db.session.flush()
    news.conversation_changed(conversation)
