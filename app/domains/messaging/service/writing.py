"""Messages are left here: by the client, by staff, by the bot. One row lock a conversation orders them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.domains.messaging import queries
from app.domains.messaging.errors import NoSuchConversation, StillClosed
from app.domains.messaging.events import ConversationOpened, MessageLeft
from app.domains.messaging.models import Conversation, Message, MessageKind, Sender, Status, Step
from app.domains.messaging.queries import Visitor
from app.domains.messaging.service import news, words
from app.domains.messaging.service.appending import append, note_step
from app.domains.messaging.service.visitors import sign_in_session
from app.kernel import clock
from app.kernel.db import db
from app.kernel.outbox import record

REOPENED_WITHIN = timedelta(days=30)
"""A client who writes without naming a conversation goes on with the last one, if it is no older than this."""


@dataclass(frozen=True, slots=True)
class Author:
    """A staff user who writes, under the name that the client is shown."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Left:
    """A message as it is kept. `is_new` is false for a retry of one that was left before."""

    message: Message
    conversation: Conversation
    is_new: bool


def leave_message(
    visitor: Visitor, text: object, client_key: object = None, conversation_id: UUID | None = None
) -> Left:
    """Leave a client's message; opens a conversation where there is none, and a closed one again.

    The same `client_key` again gives what was left the first time. Raises Invalid, NoSuchConversation.
    """
    said, key = words.clean(text), words.client_key(client_key)
    conversation = _to_write_in(visitor, conversation_id)
    if visitor.member_id is not None and conversation.session_id is not None:
        sign_in_session(
            conversation.session_id
        )  # staff linked it: whoever sits there may not read the member
    if key and (known := queries.message_by_key(conversation.id, Sender.CLIENT, key)):
        return Left(known, conversation, False)
    if not conversation.is_open:
        _open_again(conversation)
    message = append(conversation, Sender.CLIENT, said, author_name=visitor.name, client_key=key)
    conversation.unread_by_staff += 1
    conversation.read_by_client = conversation.last_sequence
    conversation.unread_by_client = 0
    left = _told(conversation, message)
    record(MessageLeft(message_id=message.id, conversation_id=conversation.id))
    return left


def answer(
    conversation_id: UUID,
    text: object,
    author: Author,
    client_key: object = None,
    kind: MessageKind = MessageKind.TEXT,
) -> Left:
    """Leave a message of staff, or a note that no client sees. A text opens a closed conversation again.

    Raises Invalid, NoSuchConversation.
    """
    said, key = words.clean(text), words.client_key(client_key)
    conversation = _locked(conversation_id)
    if key and (known := queries.message_by_key(conversation.id, Sender.STAFF, key)):
        return Left(known, conversation, False)
    if kind is MessageKind.TEXT and not conversation.is_open:
        _open_again(conversation)
    message = append(conversation, Sender.STAFF, said, kind, author.user_id, author.name, key)
    if kind is MessageKind.TEXT:
        conversation.bot_on = False  # from here on a person speaks; staff may switch it on again
        conversation.unread_by_client += 1
        conversation.unread_by_staff = 0
        conversation.read_by_staff = conversation.last_sequence
    return _told(conversation, message)


def answer_as_bot(conversation_id: UUID, text: str, after_sequence: int, name: str) -> Left | None:
    """Leave the bot's reply to a client's message; None when somebody spoke after it, or it is switched off."""
    conversation = _locked(conversation_id)
    is_last_word = conversation.last_sequence == after_sequence
    if not (is_last_word and conversation.bot_on and conversation.is_open):
        return None
    message = append(conversation, Sender.BOT, words.clean(text), author_name=name)
    conversation.bot_replies += 1
    conversation.unread_by_client += 1
    return _told(conversation, message)


def _to_write_in(visitor: Visitor, conversation_id: UUID | None) -> Conversation:
    """Find and lock the conversation a client writes in, or open one: of two who do so at once one waits."""
    if conversation_id is not None:
        found = queries.conversation_of(visitor, conversation_id, for_update=True)
        if found is None:
            raise NoSuchConversation(_l("There is no such conversation."))
        return found
    if (found := _going_on(visitor)) is not None:
        return found
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(visitor.key, 0))))
    return _going_on(visitor) or _open(visitor)


def _going_on(visitor: Visitor) -> Conversation | None:
    found = queries.current_conversation(visitor, for_update=True)
    if found is None or (not found.is_open and found.last_message_at < clock.now() - REOPENED_WITHIN):
        return None
    return found


def _open(visitor: Visitor) -> Conversation:
    conversation = Conversation(
        session_id=visitor.session_id,
        member_id=visitor.member_id,
        visitor_name=words.line(visitor.name, 200),
        locale=visitor.locale[:35],
        **dict.fromkeys(("last_position", "last_sequence", "unread_by_staff", "unread_by_client"), 0),
        bot_on=True,
        bot_replies=0,
        status=Status.OPEN.value,
    )
    db.session.add(conversation)
    db.session.flush()
    record(ConversationOpened(conversation_id=conversation.id))
    return conversation


def _open_again(conversation: Conversation) -> None:
    if conversation.session_id and queries.has_open(conversation.session_id):
        raise StillClosed(_l("The visitor has another conversation open."))
    conversation.status = Status.OPEN.value
    conversation.closed_at, conversation.closed_by = None, ""
    record(ConversationOpened(conversation_id=conversation.id))
    note_step(conversation, Step.REOPENED)
    news.client_told(conversation, "reopened")


def _locked(conversation_id: UUID) -> Conversation:
    conversation = queries.conversation(conversation_id, for_update=True)
    if conversation is None:
        raise NoSuchConversation(_l("There is no such conversation."))
    return conversation


def _told(conversation: Conversation, message: Message) -> Left:
    db.session.flush()
    news.message_left(message)
    news.conversation_changed(conversation)
    return Left(message, conversation, True)
