"""Canned answers in every language, and conversations of visitors that an inbox begins with."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.content import content
from app.demo.keys import stable_key
from app.domains.messaging.models import (
    EXCERPT,
    CannedAnswer,
    Conversation,
    Message,
    MessageKind,
    Sender,
    Status,
    VisitorSession,
)

STAFF = "Marta"
"""The name under which visitors of the demo were answered."""
Translate = Callable[[Any, str, dict[str, dict[str, Any]]], None]


def add_canned_answers(session: Session, translate: Translate) -> int:
    """Put in the answers that are missing; give how many."""
    wanted = {stable_key("canned_answer", told["slug"], n): told for n, told in enumerate(content("canned"))}
    stored = set(session.scalars(select(CannedAnswer.id).where(CannedAnswer.id.in_(wanted))))
    missing = {key: told for key, told in wanted.items() if key not in stored}
    for key, told in missing.items():
        position = list(wanted).index(key)
        answer = CannedAnswer(id=key, shortcut=told["slug"], position=position, **told["text"]["en"])
        session.add(answer)
        session.flush()
        translate(answer, "canned_answer", told["text"])
    return len(missing)


def add_conversations(session: Session, at: Callable[[int, int], Any]) -> int:
    """Put in the conversations that are missing; `at(days ago, hour)` gives an instant. Give how many.

    Nobody holds a token of these sessions, and no news of them is recorded: nobody is written to.
    """
    wanted = {stable_key("conversation", str(n), n): told for n, told in enumerate(content("chats"))}
    stored = set(session.scalars(select(Conversation.id).where(Conversation.id.in_(wanted))))
    missing = {key: told for key, told in wanted.items() if key not in stored}
    for key, told in missing.items():
        began = at(told["days_ago"], told["hour"])
        pages = [
            {"path": path, "title": title, "at": (began - timedelta(minutes=5 - n)).isoformat()}
            for n, (path, title) in enumerate(told["pages"])
        ]
        visitor = VisitorSession(
            id=stable_key("visitor_session", str(key)),
            token_hash=secrets.token_hex(32),
            name=told["name"],
            email=told["email"],
            locale=told["locale"],
            user_agent=told["browser"],
            pages=pages,
            seen_at=began + timedelta(minutes=told["said"][-1][1]),
            created_at=began,
        )
        session.add(visitor)
        session.flush()
        _add_talk(session, key, told, visitor, began)
    return len(missing)


def _add_talk(
    session: Session, key: Any, told: Mapping[str, Any], visitor: VisitorSession, began: Any
) -> None:
    messages = _messages(key, told, began)
    texts = [message for message in messages if message.sequence]
    answered = max((message.sequence or 0 for message in texts if message.sender == Sender.STAFF), default=0)
    is_closed = told["status"] == Status.CLOSED
    unread = 0 if is_closed else len(texts) - answered
    conversation = Conversation(
        id=key,
        session_id=visitor.id,
        visitor_name=told["name"],
        status=told["status"],
        locale=told["locale"],
        bot_on=not answered,
        last_position=len(messages),
        last_sequence=len(texts),
        last_message_at=texts[-1].created_at,
        last_sender=texts[-1].sender,
        last_excerpt=texts[-1].text[:EXCERPT],
        unread_by_staff=unread,
        read_by_staff=len(texts) - unread,
        read_by_client=len(texts),
        closed_at=texts[-1].created_at if is_closed else None,
        closed_by="staff" if is_closed else "",
        created_at=began,
    )
    session.add(conversation)
    session.flush()
    session.add_all(messages)
    session.flush()


def _messages(key: Any, told: Mapping[str, Any], began: Any) -> list[Message]:
    made, sequence = [], 0
    for position, (who, minutes, text) in enumerate(told["said"], 1):
        is_text = who != "note"
        sequence += is_text
        is_client = who == "client"
        made.append(
            Message(
                id=stable_key("message", f"{key} {position}", position),
                conversation_id=key,
                position=position,
                sequence=sequence if is_text else None,
                sender=(Sender.CLIENT if is_client else Sender.STAFF).value,
                kind=(MessageKind.TEXT if is_text else MessageKind.NOTE).value,
                author_name=told["name"] if is_client else STAFF,
                text=text,
                created_at=began + timedelta(minutes=minutes),
            )
        )
    return made
