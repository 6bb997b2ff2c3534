"""Visitors' sessions, their conversations with staff, the messages in them, and answers kept ready."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Instant, Record

LONGEST_TEXT = 4_000
LONGEST_KEY = 64
MOST_PAGES = 20
EXCERPT = 160


class Status(StrEnum):
    """Whether a conversation goes on; a client's message opens a closed one again."""

    OPEN = "open"
    CLOSED = "closed"


class Sender(StrEnum):
    """Who wrote a message."""

    CLIENT = "client"
    STAFF = "staff"
    BOT = "bot"


class MessageKind(StrEnum):
    """A text is for both sides; notes, and events such as an assignment, never leave the staff side."""

    TEXT = "text"
    NOTE = "note"
    EVENT = "event"


class Step(StrEnum):
    """What an event tells; it is the event's text, worded where it is shown."""

    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    CLOSED = "closed"
    REOPENED = "reopened"
    LINKED = "linked"
    UNLINKED = "unlinked"
    BOT_ON = "bot_on"
    BOT_OFF = "bot_off"


class VisitorSession(Record):
    """A visitor's browser or app, with or without an account. The visitor holds a token, this row its SHA-256.

    `pages` lists the last pages visited, the newest last: {"path", "title", "at"}. `signed_in_at` is set once
    its member has spoken with a token of their own: from then on the session's token alone opens nothing.
    """

    __tablename__ = "visitor_session"
    __table_args__ = (Index("ix_visitor_session_seen", "seen_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    locale: Mapped[str] = mapped_column(String(35), default="en", server_default="en")
    user_agent: Mapped[str] = mapped_column(String(300), default="", server_default="")
    pages: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    seen_at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=sql("now()"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant())


class Conversation(Record):
    """What a visitor and staff say to each other.

    `last_sequence` counts the messages that both sides see, `last_position` the notes too. The read columns
    hold the sequence up to which a side has read.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("status IN ('open','closed')", name="status"),
        CheckConstraint("unread_by_staff >= 0 AND unread_by_client >= 0", name="unread"),
        Index("uq_conversation_open_session", "session_id", unique=True,
              postgresql_where=sql("status = 'open'")),
        Index("ix_conversation_session", "session_id"),
        Index("ix_conversation_member", "member_id", "last_message_at"),
        Index("ix_conversation_status_newest", "status", "last_message_at", "id"),
        Index("ix_conversation_assigned", "assigned_to_id", "status"),
    )  # fmt: skip

    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("visitor_session.id", ondelete="CASCADE"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    visitor_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    status: Mapped[str] = mapped_column(
        String(10), default=Status.OPEN.value, server_default=Status.OPEN.value
    )
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    locale: Mapped[str] = mapped_column(String(35), default="en", server_default="en")
    bot_on: Mapped[bool] = mapped_column(default=True, server_default=sql("true"))
    bot_replies: Mapped[int] = mapped_column(default=0, server_default="0")
    last_position: Mapped[int] = mapped_column(default=0, server_default="0")
    last_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    last_message_at: Mapped[datetime] = mapped_column(
        Instant(), default=clock.now, server_default=sql("now()")
    )
    last_sender: Mapped[str] = mapped_column(String(10), default="", server_default="")
    last_excerpt: Mapped[str] = mapped_column(String(200), default="", server_default="")
    unread_by_staff: Mapped[int] = mapped_column(default=0, server_default="0")
    unread_by_client: Mapped[int] = mapped_column(default=0, server_default="0")
    read_by_staff: Mapped[int] = mapped_column(default=0, server_default="0")
    read_by_client: Mapped[int] = mapped_column(default=0, server_default="0")
    closed_at: Mapped[datetime | None] = mapped_column(Instant())
    closed_by: Mapped[str] = mapped_column(String(10), default="", server_default="")

    def __str__(self) -> str:
        return self.visitor_name

    @property
    def is_open(self) -> bool:
        """Tell whether it goes on."""
        return self.status == Status.OPEN


class Message(Record):
    """One text. `position` counts all of a conversation, `sequence` those that both sides see.

    `about` names whom an event is about: who was assigned, which member it was linked to.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "position"),
        UniqueConstraint("conversation_id", "sequence"),
        UniqueConstraint("conversation_id", "sender", "client_key"),
        CheckConstraint("sender IN ('client','staff','bot')", name="sender"),
        CheckConstraint("kind IN ('text','note','event')", name="kind"),
        CheckConstraint("(kind = 'text') = (sequence IS NOT NULL)", name="only_texts_have_a_sequence"),
        CheckConstraint("kind <> 'note' OR sender = 'staff'", name="notes_are_of_staff"),
        CheckConstraint(f"char_length(text) BETWEEN 1 AND {LONGEST_TEXT}", name="text_bounded"),
        Index("ix_message_text", "text", postgresql_using="gin", postgresql_ops={"text": "gin_trgm_ops"}),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    position: Mapped[int]
    sequence: Mapped[int | None]
    sender: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(
        String(10), default=MessageKind.TEXT.value, server_default=MessageKind.TEXT.value
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    text: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(String(200), default="", server_default="")
    client_key: Mapped[str | None] = mapped_column(String(LONGEST_KEY))

    def public_facts(self) -> dict[str, Any]:
        """Give the message as a visitor's app reads it, as plain JSON; never ask this but of a text."""
        if self.kind != MessageKind.TEXT:
            raise ValueError(f"a {self.kind} is not for the public")
        return {
            "id": str(self.id),
            "conversation": str(self.conversation_id),
            "sequence": self.sequence,
            "sender": self.sender,
            "author": self.author_name if self.sender != Sender.CLIENT else "",
            "is_bot": self.sender == Sender.BOT,
            "text": self.text,
            "client_key": self.client_key if self.sender == Sender.CLIENT else None,
            "created_at": self.created_at.isoformat().replace("+00:00", "Z"),
        }

    def staff_facts(self) -> dict[str, Any]:
        """Give the message as a staff screen reads it, as plain JSON."""
        return {
            "id": str(self.id),
            "conversation": str(self.conversation_id),
            "position": self.position,
            "sequence": self.sequence,
            "sender": self.sender,
            "kind": self.kind,
            "author": self.author_name,
            "author_id": self.author_id,
            "is_bot": self.sender == Sender.BOT,
            "text": self.text,
            "about": self.about,
            "client_key": self.client_key,
            "created_at": self.created_at.isoformat().replace("+00:00", "Z"),
        }


class ReadMark(Record):
    """Up to which sequence a staff user has read a conversation, or its client (no user)."""

    __tablename__ = "read_mark"
    __table_args__ = (UniqueConstraint("conversation_id", "user_id", postgresql_nulls_not_distinct=True),)

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    read_at: Mapped[datetime] = mapped_column(Instant(), default=clock.now, server_default=sql("now()"))


class CannedAnswer(Record):
    """An answer that staff keep ready; `shortcut` is what is typed to find it."""

    __tablename__ = "canned_answer"
    __table_args__ = (Index("ix_canned_answer_order", "position", "id"),)

    title: Mapped[str] = mapped_column(String(120))
    shortcut: Mapped[str] = mapped_column(String(40), default="", server_default="")
    text: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sql("true"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")

    def __str__(self) -> str:
        return self.title
