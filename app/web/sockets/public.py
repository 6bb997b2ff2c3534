"""The namespace /public: visitors by their session's token, members by their access token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import socketio
from flask import Flask
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import Unauthorized

from app.access import limits, realms
from app.domains.messaging import queries, service
from app.domains.messaging.api.operations import PER_MESSAGE
from app.domains.messaging.errors import NoSuchConversation, SessionUnknown, TooManyMessages
from app.domains.messaging.queries import Visitor
from app.domains.messaging.service import news
from app.kernel.actor import Actor, act_as
from app.kernel.db import unit_of_work
from app.kernel.errors import Invalid
from app.kernel.ids import parse_id
from app.kernel.live import tell_now
from app.web.sockets.connections import Connection, Connections
from app.web.sockets.edge import answered, body_of, public_event, refused
from app.web.sockets.presence import Presence

EVERYONE = "everyone"
EVENTS = frozenset({"message", "typing", "read", "resume"})


class PublicNamespace(socketio.Namespace):
    """What a visitor's socket may ask for. Rooms are the server's business alone."""

    def __init__(self, app: Flask, connections: Connections, presence: Presence) -> None:
        super().__init__(news.PUBLIC)
        self.app, self.connections, self.presence = app, connections, presence

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Serve what is known; whatever else a client names is nothing."""
        if event == "connect":
            return self.begin(args[0], args[1], args[2] if len(args) > 2 else None)
        if event == "disconnect":
            self.connections.remove(args[0])
            return None
        if event not in EVENTS or not args:
            return {"ok": False, "status": 404, "code": "unknown_event", "detail": "There is no such event."}
        return self.serve(event, args[0], args[1] if len(args) > 1 else None)

    def begin(self, sid: str, environ: Mapping[str, Any], auth: Any) -> None:
        """Let a visitor in by `{"token": ...}`, and with a member's token also `{"session": ...}`."""
        given = auth if isinstance(auth, dict) else {}
        token, session_token = _text(given.get("token")), _text(given.get("session"))
        if token.startswith(service.SESSION_PREFIX):
            token, session_token = "", token
        connection = Connection(sid, news.PUBLIC, environ, token=token, session_token=session_token)
        with public_event(self.app, "connect") as number:
            try:
                with unit_of_work():
                    visitor = self.visitor(connection, number)
            except Exception as error:  # noqa: BLE001  # whatever it is, the client is told in words
                raise refused(error) from None
        connection.visitor_key = visitor.key
        connection.session_id, connection.member_id = visitor.session_id, visitor.member_id
        self.connections.add(connection)
        self.enter_room(sid, visitor.key)
        self.enter_room(sid, EVERYONE)

    def visitor(self, connection: Connection, number: str = "") -> Visitor:
        """Tell who is connected, by the credential as it is worth now. Raises Unauthorized, SessionUnknown."""
        holder = realms.holder_of(connection.token, "member") if connection.token else None
        if holder is not None:
            act_as(Actor("member", str(holder.id), holder.name, number))
            return service.visitor_of(connection.session_token, holder.id, holder.name, holder.locale)
        return service.visitor_of(connection.session_token)

    def is_good(self, token: str) -> bool:
        """Tell whether a member's token is worth something now."""
        try:
            realms.holder_of(token, "member")
        except Unauthorized:
            return False
        return True

    def serve(self, event: str, sid: str, facts: Any) -> dict[str, Any]:
        """Do what an event asks for, if it does not come too fast and the credential is still good."""
        connection = self.connections.get(sid)
        if connection is None:
            return {"ok": False, "status": 401, "code": "unauthorized", "detail": "Connect anew."}
        own, shared = connection.pace, self.connections.pace_of(connection.visitor_key)
        with public_event(self.app, event) as number:
            if not (own.take() and shared.take()):
                return self._too_fast(connection)
            verbs: dict[str, Callable[[Visitor, Mapping[str, Any]], Mapping[str, Any]]] = {
                "message": self.message,
                "typing": self.typing,
                "read": self.read,
                "resume": self.resume,
            }
            locale = ""

            def work() -> Mapping[str, Any]:
                nonlocal locale
                with unit_of_work():
                    visitor = self.visitor(connection, number)
                    locale = visitor.locale
                    return verbs[event](visitor, body_of(facts))

            answer = answered(work, locale)
        if answer.get("code") in (SessionUnknown.code, "unauthorized"):
            self.cut(sid, answer)
        return answer

    def _too_fast(self, connection: Connection) -> dict[str, Any]:
        slow_down = TooManyMessages(_l("Too many messages at once. Wait a moment."))

        def work() -> Mapping[str, Any]:
            raise slow_down

        answer = answered(work)
        if connection.pace.is_flood:
            self.cut(connection.sid, answer)
        return answer

    def cut(self, sid: str, facts: Mapping[str, Any]) -> None:
        """End a connection, and say why."""
        self.emit("refused", {name: facts[name] for name in ("status", "code", "detail")}, room=sid)
        self.disconnect(sid)

    def message(self, visitor: Visitor, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Leave a message; the acknowledgement carries it as it is kept."""
        limits.spend("chat-message", PER_MESSAGE, key=visitor.key)  # over HTTP and other processes too
        left = service.leave_message(visitor, body.get("text"), body.get("client_key"), _conversation(body))
        return {
            "message": left.message.public_facts(),
            "conversation": news.public_state(left.conversation),
            "is_new": left.is_new,
        }

    def typing(self, visitor: Visitor, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Let staff see that the client types, or no longer does."""
        conversation = _found(visitor, body)
        facts = {"conversation": str(conversation.id), "by": "client", "on": body.get("on") is not False}
        tell_now(
            news.STAFF, news.room(conversation.id), "typing", facts | {"name": visitor.name, "user_id": None}
        )
        return {}

    def read(self, visitor: Visitor, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Note up to where the client has read."""
        sequence = _number(body, "sequence")
        conversation = service.read_by_client(visitor, _found(visitor, body).id, sequence)
        return {"conversation": news.public_state(conversation)}

    def resume(self, visitor: Visitor, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give what was said after the last message that the client has."""
        wanted = _conversation(body)
        conversation = queries.current_conversation(visitor) if wanted is None else _found(visitor, body)
        staff = {"staff_online": bool(self.presence.viewers(news.INBOX))}
        if conversation is None:
            return {"conversation": None, "messages": [], "more": False, **staff}
        after = _number(body, "after") if "after" in body else 0
        found = queries.messages(conversation.id, after=after, limit=queries.MOST_MESSAGES)
        return {
            "conversation": news.public_state(conversation),
            "messages": [message.public_facts() for message in found],
            "more": bool(found) and (found[-1].sequence or 0) < conversation.last_sequence,
            **staff,
        }


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 4096 else ""


def _conversation(body: Mapping[str, Any]) -> UUID | None:
    named = body.get("conversation")
    if named is None:
        return None
    found = parse_id(named)
    if found is None:
        raise NoSuchConversation(_l("There is no such conversation."))
    return found


def _found(visitor: Visitor, body: Mapping[str, Any]) -> Any:
    named = _conversation(body)
    found = (
        queries.current_conversation(visitor) if named is None else queries.conversation_of(visitor, named)
    )
    if found is None:
        raise NoSuchConversation(_l("There is no such conversation."))
    return found


def _number(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Invalid({name: [_l("Give a whole number.")]})
    return value
