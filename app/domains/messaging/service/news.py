"""What both sides hear live, and in which rooms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.domains.messaging import queries
from app.domains.messaging.models import Conversation, Message, MessageKind
from app.kernel.db import db
from app.kernel.live import tell

PUBLIC = "/public"
STAFF = "/staff"
INBOX = "inbox"


def room(conversation_id: UUID | str) -> str:
    """Name the room where staff have a conversation open."""
    return f"conversation:{conversation_id}"


def public_rooms(conversation: Conversation) -> list[str]:
    """Name the rooms of those to whom a conversation belongs; a connection is in one of them, never in both.

    Where a member has signed in, nobody is told who came by the session's token alone.
    """
    session_id = conversation.session_id
    if session_id is not None and queries.is_signed_in(session_id):
        session_id = None
    keys = (("session", session_id), ("member", conversation.member_id))
    return [f"{kind}:{key}" for kind, key in keys if key is not None]


def message_left(message: Message) -> None:
    """Give a message to staff, and if it is a text to the client."""
    tell(STAFF, room(message.conversation_id), "message", message.staff_facts())
    if message.kind == MessageKind.TEXT:
        conversation = db.session.get_one(Conversation, message.conversation_id)  # loaded already, and locked
        for visitors_room in public_rooms(conversation):
            tell(PUBLIC, visitors_room, "message", message.public_facts())


def conversation_changed(conversation: Conversation) -> None:
    """Let staff's lists, and whoever has it open, know that a conversation is another now."""
    facts = staff_state(conversation)
    tell(STAFF, INBOX, "conversation", {"id": facts["id"], "status": facts["status"]})
    tell(STAFF, room(conversation.id), "conversation", facts)


def page_seen(conversation: Conversation, page: dict[str, str]) -> None:
    """Let whoever has the conversation open know which page its visitor looks at."""
    tell(STAFF, room(conversation.id), "page", {"conversation": str(conversation.id), **page})


def client_told(conversation: Conversation, event: str, **facts: Any) -> None:
    """Tell the client what became of the conversation."""
    for visitors_room in public_rooms(conversation):
        tell(PUBLIC, visitors_room, event, {"conversation": str(conversation.id), **facts})


def staff_state(conversation: Conversation) -> dict[str, Any]:
    """Give where a conversation stands, as plain JSON for staff."""
    return {
        "id": str(conversation.id),
        "visitor": conversation.visitor_name,
        "status": conversation.status,
        "assigned_to": conversation.assigned_to_id,
        "member": str(conversation.member_id) if conversation.member_id else None,
        "locale": conversation.locale,
        "bot_on": conversation.bot_on,
        "last_position": conversation.last_position,
        "last_sequence": conversation.last_sequence,
        "last_message_at": conversation.last_message_at.isoformat().replace("+00:00", "Z"),
        "last_sender": conversation.last_sender,
        "last_excerpt": conversation.last_excerpt,
        "unread": conversation.unread_by_staff,
        "read_by_client": conversation.read_by_client,
        "read_by_staff": conversation.read_by_staff,
    }


def public_state(conversation: Conversation) -> dict[str, Any]:
    """Give where a conversation stands, as plain JSON for its client."""
    return {
        "id": str(conversation.id),
        "status": conversation.status,
        "last_sequence": conversation.last_sequence,
        "last_message_at": conversation.last_message_at.isoformat().replace("+00:00", "Z"),
        "unread": conversation.unread_by_client,
        "read_by_staff": conversation.read_by_staff,
        "read_by_client": conversation.read_by_client,
    }
