"""News of conversations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import DomainEvent


@dataclass(frozen=True, slots=True)
class ConversationOpened(DomainEvent):
    """A visitor began a conversation, or opened a closed one again."""

    topic: ClassVar[str] = "conversation.opened"
    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class MessageLeft(DomainEvent):
    """A client wrote."""

    topic: ClassVar[str] = "message.left"
    message_id: UUID
    conversation_id: UUID
