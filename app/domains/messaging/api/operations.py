"""The chat's public operations."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.access import limits
from app.domains.members import queries as members
from app.domains.messaging import queries, service
from app.domains.messaging.api import schemas
from app.domains.messaging.errors import (
    NoSuchConversation,
    SessionOfAnother,
    SessionUnknown,
    StillClosed,
)
from app.domains.messaging.models import Conversation
from app.domains.messaging.queries import Visitor
from app.domains.messaging.service import news
from app.kernel import languages
from app.kernel.db import db, unit_of_work
from app.kernel.live import listening, viewers
from app.kernel.slots import waiting
from app.surfaces.contract import Answer, Auth, PublicApi

HEADER = "X-Chat-Session"
PER_MESSAGE = "10 per second"
_STEP = 2.0
"""A request that waits looks by itself after so many seconds, should a word between processes be lost."""

api = PublicApi("chat", tag="Chat")
_TOKEN = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The token of a visitor's session, for whoever has no account or is not signed in. Sent "
    "together with a member's token it links the session to the member, and counts beside that token alone from "
    "then on.",
    "schema": {"type": "string", "maxLength": 64},
}
_CREDENTIALS: dict[str, Any] = {"auth": Auth.OPTIONAL, "parameters": (_TOKEN,)}
_WHO = (SessionUnknown, SessionOfAnother)
_WHOSE = (*_WHO, NoSuchConversation)


def _visitor(member: Any, token: str | None = None) -> Visitor:
    """Tell who asks; belongs into a unit of work, for a session may be linked or touched."""
    token = token or request.headers.get(HEADER)
    accepted = languages.best_words(request.headers.get("Accept-Language", "")) or ""
    if member is None:
        return service.visitor_of(token, locale=accepted)
    return service.visitor_of(token, member.id, member.name, member.locale)


def _stay(member: Any) -> None:
    """Let a member wait on who is still signed in where the request came from. Raises Unauthorized."""
    if member is not None and not members.is_live(member.id, member.device_id, member.epoch):
        raise Unauthorized(_("The token is not valid here."), www_authenticate=WWWAuthenticate("bearer"))


def _known(visitor: Visitor, conversation_id: UUID | None) -> Conversation:
    found = (
        queries.current_conversation(visitor)
        if conversation_id is None
        else queries.conversation_of(visitor, conversation_id)
    )
    if found is None:
        raise NoSuchConversation(_("There is no such conversation."))
    return found


def _shipped(tag: str) -> str:
    accepted = tag or request.headers.get("Accept-Language", "")
    return languages.words_for(tag or accepted or str(current_app.config["BABEL_DEFAULT_LOCALE"]))


@api.operation(
    "POST",
    "/sessions",
    "Begin a visitor's session",
    takes=schemas.SessionWishSchema,
    gives={201: schemas.VisitorSessionSchema},
    refuses=("too_many_requests",),
    auth=Auth.OPTIONAL,
    example={"name": "Amira", "locale": "ar"},
    description=f"Answers an opaque token, told this one time: send it as {HEADER}, or give it to the socket.",
)
def begin_session(body: dict[str, Any], member: Any) -> Answer:
    """Begin a session."""
    limits.spend("chat-session", "10 per minute")
    limits.spend("chat-session-hour", "60 per hour")
    with unit_of_work():
        session, token = service.open_session(
            locale=_shipped(body["locale"] or ""),
            user_agent=request.user_agent.string,
            name=body["name"] or (member.name if member else ""),
            email=body["email"] or "",
            member_id=member.id if member else None,
        )
    facts = {"token": token, "id": session.id, "locale": session.locale, "member": session.member_id}
    return Answer(facts, status=201)


@api.operation(
    "DELETE",
    "/sessions/current",
    "End a visitor's session",
    gives={204: None},
    refuses=_WHO,
    description="Its token is worth nothing from now on; what was said is kept for a while.",
    **_CREDENTIALS,
)
def end_session(member: Any) -> Answer:
    """End the session whose token is sent."""
    with unit_of_work():
        visitor = _visitor(member)
        if visitor.session_id is None:
            raise SessionUnknown(_("Send the token of a session."))
        service.end_session(visitor.session_id)
    return Answer(status=204)


@api.operation(
    "POST",
    "/chat/connect",
    "Learn how to connect to the chat",
    gives={200: schemas.ChatConnectionSchema},
    refuses=_WHO,
    description="Names the ways to hear live news, the best first: Socket.IO, and long polling where sockets "
    "do not get through. The events of the socket are in docs/chat.md.",
    **_CREDENTIALS,
)
def connect_chat(member: Any) -> dict[str, Any]:
    """Tell how to connect, and where the conversation stands."""
    with unit_of_work():
        visitor = _visitor(member)
    conversation = queries.current_conversation(visitor)
    base = request.host_url.rstrip("/")
    return {
        "conversation": news.public_state(conversation) if conversation else None,
        "last_sequence": conversation.last_sequence if conversation else 0,
        "staff_online": bool(viewers(news.INBOX)),
        "transports": [
            {"kind": "socket.io", "url": base, "path": "/socket.io/", "namespace": news.PUBLIC},
            {"kind": "poll", "url": f"{base}/public/v1/chat/messages", "wait": schemas.WAIT_MOST},
        ],
    }


@api.operation(
    "GET",
    "/chat/messages",
    "Read messages, or wait for them",
    query=schemas.HistoryQuerySchema,
    gives={200: schemas.HistorySchema},
    refuses=_WHOSE,
    description="The newest messages, those `before` a sequence, or those `after` one. With `wait` and `after` "
    "the answer comes as soon as there is something new, or empty after so many seconds.",
    **_CREDENTIALS,
)
def read_messages(query: dict[str, Any], member: Any) -> dict[str, Any]:
    """Give a part of the history."""
    with unit_of_work():
        visitor = _visitor(member)
    if query["wait"] and query["after"] is not None:
        return _wait_for_messages(visitor, query, member)
    return _history(visitor, query)


def _history(visitor: Visitor, query: dict[str, Any]) -> dict[str, Any]:
    named = query["conversation"]
    conversation = _known(visitor, named) if named else queries.current_conversation(visitor)
    if conversation is None:
        return {"conversation": None, "messages": [], "more": False}
    before, after, limit = query["before"], query["after"], query["limit"]
    found = queries.messages(conversation.id, before=before, after=after, limit=limit + 1)
    more = len(found) > limit
    found = found[:limit] if after is not None else found[-limit:]
    return {
        "conversation": news.public_state(conversation),
        "messages": [message.public_facts() for message in found],
        "more": more,
    }


def _wait_for_messages(visitor: Visitor, query: dict[str, Any], member: Any) -> dict[str, Any]:
    """Look, wait for news of the visitor, look again; no database connection is held while nothing happens."""
    end = time.monotonic() + min(query["wait"], current_app.config.get("CHAT_WAIT_MOST", schemas.WAIT_MOST))
    with listening(news.PUBLIC, visitor.key) as wish:
        first = found = _history(visitor, query)
        while not found["messages"] and found["conversation"] == first["conversation"]:
            left = end - time.monotonic()
            db.session.remove()
            if left <= 0:
                break
            with waiting(request.environ) as may_wait:
                if not may_wait:
                    break
                wish.wait(min(left, _STEP))
            wish.clear()
            with unit_of_work():  # the session may have ended meanwhile, the member signed out
                _stay(member)
                visitor = _visitor(member)
            found = _history(visitor, query)
    return found


@api.operation(
    "POST",
    "/chat/messages",
    "Leave a message",
    takes=schemas.MessageWishSchema,
    gives={201: schemas.MessageLeftSchema, 200: schemas.MessageLeftSchema},
    refuses=(*_WHOSE, StillClosed, "too_many_requests"),
    example={"text": "Do you also come to Porto?", "client_key": "01j9x6p3"},
    description="Plain text. Opens a conversation where there is none, and a closed one again. The same "
    "`client_key` in the same conversation leaves one message, however often it is sent: 200 from the second "
    "time on.",
    **_CREDENTIALS,
)
def leave_message(body: dict[str, Any], member: Any) -> Answer:
    """Leave a message."""
    with unit_of_work():
        visitor = _visitor(member)
        limits.spend("chat-message", PER_MESSAGE, key=visitor.key)
        left = service.leave_message(visitor, body["text"], body["client_key"], body["conversation"])
        facts = {
            "message": left.message.public_facts(),
            "conversation": news.public_state(left.conversation),
        }
    return Answer(facts, status=201 if left.is_new else 200)


@api.operation(
    "POST",
    "/chat/read",
    "Say up to where the client has read",
    takes=schemas.ReadWishSchema,
    gives={200: schemas.StateSchema},
    refuses=_WHOSE,
    example={"sequence": 4},
    **_CREDENTIALS,
)
def read_chat(body: dict[str, Any], member: Any) -> dict[str, Any]:
    """Note a read mark."""
    with unit_of_work():
        visitor = _visitor(member)
        conversation = _known(visitor, body["conversation"])
        conversation = service.read_by_client(visitor, conversation.id, body["sequence"])
        return {"conversation": news.public_state(conversation)}


@api.operation(
    "POST",
    "/chat/close",
    "Close the conversation",
    takes=schemas.WhichSchema,
    gives={200: schemas.StateSchema},
    refuses=_WHOSE,
    example={},
    **_CREDENTIALS,
)
def close_chat(body: dict[str, Any], member: Any) -> dict[str, Any]:
    """Close a conversation; the next message opens it again."""
    with unit_of_work():
        visitor = _visitor(member)
        conversation = service.close(_known(visitor, body["conversation"]).id, by="client")
        return {"conversation": news.public_state(conversation)}


@api.operation(
    "POST",
    "/chat/pages",
    "Say which page the visitor looks at",
    takes=schemas.PageWishSchema,
    gives={204: None},
    refuses=(*_WHO, "too_many_requests"),
    example={"path": "/packages/garden-wedding", "title": "Garden wedding"},
    description="Staff see the last twenty pages beside the conversation.",
    **_CREDENTIALS,
)
def see_page(body: dict[str, Any], member: Any) -> Answer:
    """Note a page."""
    with unit_of_work():
        visitor = _visitor(member)
        limits.spend("chat-page", "60 per minute", key=visitor.key)
        if visitor.session_id is not None:
            service.see_page(visitor.session_id, body["path"], body["title"] or "")
    return Answer(status=204)


@api.operation(
    "GET",
    "/chat/conversations",
    "List the visitor's conversations",
    gives={200: schemas.ConversationsSchema},
    refuses=_WHO,
    **_CREDENTIALS,
)
def list_conversations(member: Any) -> dict[str, Any]:
    """List conversations, the newest first."""
    with unit_of_work():
        visitor = _visitor(member)
    return {"data": [news.public_state(found) for found in queries.conversations_of(visitor)]}
