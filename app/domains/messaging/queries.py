"""Questions about conversations: whose they are, what was said, what waits for staff."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, tuple_

from app.domains.messaging.models import (
    CannedAnswer,
    Conversation,
    Message,
    MessageKind,
    ReadMark,
    Sender,
    Status,
    VisitorSession,
)
from app.kernel import clock
from app.kernel.db import db, metadata
from app.translation.chain import Chain, bind_chain, translated_locales

FOLDERS = ("open", "mine", "unassigned", "closed")
MOST_MESSAGES = 100
MOST_CANNED = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who writes from outside: by a session, as a member, or both."""

    session_id: UUID | None
    member_id: UUID | None
    name: str = ""
    locale: str = "en"

    @property
    def key(self) -> str:
        """Name the visitor for limits and locks; it is also the room where their connections are."""
        return f"member:{self.member_id}" if self.member_id else f"session:{self.session_id}"


def digest(token: str) -> str:
    """Give what is stored of a session's token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def session_by_token(token: str) -> VisitorSession | None:
    """Find the living session of a token."""
    found: VisitorSession | None = db.session.scalar(
        select(VisitorSession).where(
            VisitorSession.token_hash == digest(token), VisitorSession.ended_at.is_(None)
        )
    )
    return found


@dataclass(frozen=True, slots=True)
class Living:
    """A session that has not ended. `is_signed_in` says that its token counts beside its member's alone."""

    member_id: UUID | None
    is_signed_in: bool


def living_sessions(keys: Sequence[UUID]) -> dict[UUID, Living]:
    """Tell which sessions are alive, and whose they are."""
    rows = db.session.execute(
        select(VisitorSession.id, VisitorSession.member_id, VisitorSession.signed_in_at).where(
            VisitorSession.id.in_(keys), VisitorSession.ended_at.is_(None)
        )
    )
    return {row.id: Living(row.member_id, row.signed_in_at is not None) for row in rows}


def is_signed_in(session_id: UUID) -> bool:
    """Tell whether a session's token alone opens nothing, for its member has signed in."""
    session = db.session.get(VisitorSession, session_id)
    return session is not None and session.signed_in_at is not None


def _of(visitor: Visitor) -> ColumnElement[bool]:
    """Give the condition on the conversations that a visitor may see.

    A session's token alone shows what was said in that session, as long as nobody has signed in there (see
    `visitor_of`); a member sees what was said in every one that is theirs.
    """
    whose: list[ColumnElement[bool]] = []
    if visitor.member_id is not None:
        whose.append(Conversation.member_id == visitor.member_id)
    if visitor.session_id is not None:
        mine = Conversation.session_id == visitor.session_id
        if visitor.member_id is not None:  # another member's may lie in a session that was shared
            mine = and_(
                mine, or_(Conversation.member_id.is_(None), Conversation.member_id == visitor.member_id)
            )
        whose.append(mine)
    return or_(*whose) if whose else false()


def conversation_of(
    visitor: Visitor, conversation_id: UUID, *, for_update: bool = False
) -> Conversation | None:
    """Find a conversation of a visitor's own; None for any other as for none."""
    wanted = select(Conversation).where(Conversation.id == conversation_id, _of(visitor))
    return _one(wanted, for_update)


def current_conversation(visitor: Visitor, *, for_update: bool = False) -> Conversation | None:
    """Find the conversation that goes on, or else the last one."""
    wanted = (
        select(Conversation)
        .where(_of(visitor))
        .order_by(Conversation.status.desc(), Conversation.last_message_at.desc(), Conversation.id.desc())
        .limit(1)
    )
    return _one(wanted, for_update)


def conversations_of(visitor: Visitor, limit: int = 20) -> list[Conversation]:
    """List a visitor's conversations, the newest first."""
    newest = Conversation.last_message_at.desc(), Conversation.id.desc()
    return list(db.session.scalars(select(Conversation).where(_of(visitor)).order_by(*newest).limit(limit)))


def conversations_with(
    member_id: UUID | None, email: str, visible: ColumnElement[bool], limit: int = 8
) -> list[Conversation]:
    """List, for staff, the newest conversations of a member, or of who gave an address when they wrote.

    `visible` is the condition of the reader's row rules.
    """
    gave = select(VisitorSession.id).where(func.lower(VisitorSession.email) == email.lower())
    whose: list[ColumnElement[bool]] = [Conversation.session_id.in_(gave)] if email else [false()]
    if member_id is not None:
        whose.append(Conversation.member_id == member_id)
    newest = Conversation.last_message_at.desc(), Conversation.id.desc()
    found = select(Conversation).where(or_(*whose), visible).order_by(*newest).limit(limit)
    return list(db.session.scalars(found))


def conversation(conversation_id: UUID, *, for_update: bool = False) -> Conversation | None:
    """Find a conversation; for staff."""
    return _one(select(Conversation).where(Conversation.id == conversation_id), for_update)


def _one(wanted: Select[Any], for_update: bool) -> Conversation | None:
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found: Conversation | None = db.session.scalar(wanted)
    return found


def messages(
    conversation_id: UUID,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
    with_notes: bool = False,
) -> list[Message]:
    """List messages in the order they were left: the newest `limit`, those before, or those after a mark.

    For the public the mark is a sequence; with notes, for staff, it is a position.
    """
    mark = Message.position if with_notes else Message.sequence
    wanted = select(Message).where(Message.conversation_id == conversation_id)
    if not with_notes:
        wanted = wanted.where(Message.kind == MessageKind.TEXT.value)
    if before is not None:
        wanted = wanted.where(mark < before)
    limit = max(1, min(limit, MOST_MESSAGES))
    if after is not None:
        return list(db.session.scalars(wanted.where(mark > after).order_by(mark).limit(limit)))
    return list(db.session.scalars(wanted.order_by(mark.desc()).limit(limit)))[::-1]


def message(message_id: UUID) -> Message | None:
    """Find a message."""
    return db.session.get(Message, message_id)


def message_by_key(conversation_id: UUID, sender: str, client_key: str) -> Message | None:
    """Find what a retry has left already."""
    found: Message | None = db.session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id,
            Message.sender == sender,
            Message.client_key == client_key,
        )
    )
    return found


def last_sequence(conversation_id: UUID) -> int:
    """Tell the sequence of a conversation's last message; 0 before the first."""
    found = db.session.scalar(select(Conversation.last_sequence).where(Conversation.id == conversation_id))
    return found or 0


def inbox(
    folder: str,
    user_id: int,
    *,
    text: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 30,
    visible: ColumnElement[bool] | None = None,
) -> list[Conversation]:
    """List the conversations of a folder (one of FOLDERS), the newest message first.

    `before` is (last_message_at, id) of the last one seen. `text` is looked for in names and messages.
    `visible` is the condition of the reader's row rules.
    """
    wanted = select(Conversation).where(_in_folder(folder, user_id), true() if visible is None else visible)
    if before is not None:
        wanted = wanted.where(tuple_(Conversation.last_message_at, Conversation.id) < before)
    if sought := text.strip():
        escaped = sought[:100].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        said = select(Message.id).where(
            Message.conversation_id == Conversation.id, Message.text.ilike(f"%{escaped}%")
        )
        wanted = wanted.where(or_(Conversation.visitor_name.ilike(f"%{escaped}%"), said.exists()))
    newest = Conversation.last_message_at.desc(), Conversation.id.desc()
    return list(db.session.scalars(wanted.order_by(*newest).limit(max(1, min(limit, 100)))))


def folder_counts(user_id: int, visible: ColumnElement[bool] | None = None) -> dict[str, int]:
    """Count the open conversations of each folder, and under "waiting" those that wait for the user.

    They hold something unread, and are the user's or nobody's. Closed ones are not counted: they only grow.
    """
    mine, nobodys = Conversation.assigned_to_id == user_id, Conversation.assigned_to_id.is_(None)
    waiting = and_(Conversation.unread_by_staff > 0, or_(mine, nobodys))
    row = db.session.execute(
        select(
            func.count().label("open"),
            func.count().filter(mine).label("mine"),
            func.count().filter(nobodys).label("unassigned"),
            func.count().filter(waiting).label("waiting"),
        ).where(Conversation.status == Status.OPEN.value, true() if visible is None else visible)
    ).one()
    return dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's own name for a public thing


def last_authors(conversations: Sequence[Conversation]) -> dict[UUID, tuple[int | None, str]]:
    """Tell of each conversation who wrote its last text, if that was staff: (user id, name)."""
    last = [(row.id, row.last_sequence) for row in conversations if row.last_sender == Sender.STAFF]
    if not last:
        return {}
    rows = db.session.execute(
        select(Message.conversation_id, Message.author_id, Message.author_name).where(
            tuple_(Message.conversation_id, Message.sequence).in_(last)
        )
    )
    return {row.conversation_id: (row.author_id, row.author_name) for row in rows}


def _in_folder(folder: str, user_id: int) -> ColumnElement[bool]:
    if folder == "closed":
        return Conversation.status == Status.CLOSED.value
    is_open = Conversation.status == Status.OPEN.value
    if folder == "mine":
        return and_(is_open, Conversation.assigned_to_id == user_id)
    if folder == "unassigned":
        return and_(is_open, Conversation.assigned_to_id.is_(None))
    if folder == "open":
        return is_open
    if folder == "all":
        return true()
    raise ValueError(f"{folder} is no folder; there are {', '.join(FOLDERS)}")


def session_of(conversation: Conversation) -> VisitorSession | None:
    """Find the session that a conversation began in: its pages, its language, its name."""
    return db.session.get(VisitorSession, conversation.session_id) if conversation.session_id else None


def session_is_visible(session_id: UUID, visible: ColumnElement[bool]) -> bool:
    """Tell whether a session has a conversation that the reader may see, or none that anybody could."""
    of_session = select(Conversation.id).where(Conversation.session_id == session_id)
    known = select(VisitorSession.id).where(
        VisitorSession.id == session_id, or_(of_session.where(visible).exists(), ~of_session.exists())
    )
    return db.session.scalar(known) is not None


def has_open(session_id: UUID) -> bool:
    """Tell whether a conversation of a session goes on."""
    is_open = Conversation.status == Status.OPEN.value
    wanted = select(Conversation.id).where(Conversation.session_id == session_id, is_open)
    return db.session.scalar(wanted.limit(1)) is not None


def staff_name(user_id: int) -> str | None:
    """Give the name under which clients know an active staff user; None when there is none."""
    users = metadata.tables["ab_user"].c
    found = db.session.execute(
        select(users.first_name, users.username).where(users.id == user_id, users.active.is_(True))
    ).first()
    return (found.first_name or found.username) if found else None


def read_marks(conversation_id: UUID) -> list[ReadMark]:
    """List up to where each staff user, and the client (no user), has read."""
    return list(db.session.scalars(select(ReadMark).where(ReadMark.conversation_id == conversation_id)))


def idle_conversations(since: timedelta, limit: int = 500) -> list[UUID]:
    """List open conversations in which nothing was said for so long."""
    return list(
        db.session.scalars(
            select(Conversation.id)
            .where(
                Conversation.status == Status.OPEN.value, Conversation.last_message_at < clock.now() - since
            )
            .order_by(Conversation.last_message_at)
            .limit(limit)
        )
    )


def canned_answers(locale: str) -> list[dict[str, str]]:
    """List the answers kept ready, each in the best language there is for a locale."""
    locales = translated_locales(locale)
    table: Any = CannedAnswer.__table__
    chain = Chain(len(locales), table)
    title, _title_in = chain.choose("canned_answer", table.c.id, "title", table.c.title)
    said, _said_in = chain.choose("canned_answer", table.c.id, "text", table.c.text)
    wanted = (
        select(table.c.id, table.c.shortcut, title.label("title"), said.label("text"))
        .select_from(chain.joined)
        .where(table.c.is_active)
        .order_by(table.c.position, table.c.title, table.c.id)
        .limit(MOST_CANNED)
    )
    return [
        {name: str(value) for name, value in row.items()}
        for row in db.session.execute(wanted, bind_chain(locales)).mappings()
    ]
