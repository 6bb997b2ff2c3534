"""How a row gets its place in a conversation; the caller holds the lock of the conversation."""

from __future__ import annotations

from app.domains.messaging.models import Conversation, Message, MessageKind, Sender, Step
from app.domains.messaging.service import news, words
from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.db import db


def append(
    conversation: Conversation,
    sender: Sender,
    text: str,
    kind: MessageKind = MessageKind.TEXT,
    author_id: int | None = None,
    author_name: str = "",
    client_key: str | None = None,
    about: str = "",
) -> Message:
    """Add a message behind the last one."""
    conversation.last_position += 1
    if kind is MessageKind.TEXT:
        conversation.last_sequence += 1
    message = Message(
        conversation_id=conversation.id,
        position=conversation.last_position,
        sequence=conversation.last_sequence if kind is MessageKind.TEXT else None,
        sender=sender.value,
        kind=kind.value,
        author_id=author_id,
        author_name=author_name,
        text=text,
        about=about,
        client_key=client_key,
        created_at=clock.now(),
    )
    if kind is MessageKind.TEXT:
        conversation.last_message_at = message.created_at
        conversation.last_sender, conversation.last_excerpt = sender.value, words.excerpt(text)
    db.session.add(message)
    return message


def note_step(conversation: Conversation, step: Step, about: str = "") -> None:
    """Add what became of the conversation, and by whom, as an event that staff see among the messages."""
    actor = current_actor()
    is_staff = actor.kind == "user"
    sender = Sender.STAFF if is_staff else Sender.BOT if actor.kind in ("job", "command") else Sender.CLIENT
    message = append(
        conversation,
        sender,
        step.value,
        MessageKind.EVENT,
        int(actor.id) if is_staff else None,
        words.line(actor.label, 200) if is_staff else "",
        about=words.line(about, 200),
    )
    db.session.flush()
    news.message_left(message)
