"""The namespace /staff: signed-in staff, by the session's cookie, from pages of ours alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import socketio
from flask import Flask, current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import Forbidden, Unauthorized

from app.access import rows as row_rules
from app.access.rights import may
from app.access.sessions import reader
from app.domains.messaging import queries
from app.domains.messaging.errors import NoSuchConversation, TooManyMessages
from app.domains.messaging.resources import conversations
from app.domains.messaging.service import news
from app.kernel.db import db
from app.kernel.ids import parse_id
from app.kernel.live import tell_now
from app.translation.reach import may_translate
from app.web.sockets.connections import Connection, Connections
from app.web.sockets.edge import answered, body_of, refused, staff_event
from app.web.sockets.origins import is_own
from app.web.sockets.presence import Presence
from app.web.sockets.public import EVERYONE

MOST_ROOMS = 50
LONGEST_ROOM = 250
EVENTS = frozenset({"join", "leave", "typing"})


class StaffNamespace(socketio.Namespace):
    """What a staff page's socket may ask for: rooms by permission, and who types."""

    def __init__(self, app: Flask, connections: Connections, presence: Presence) -> None:
        super().__init__(news.STAFF)
        self.app, self.connections, self.presence = app, connections, presence

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Serve what is known; whatever else a client names is nothing."""
        if event == "connect":
            return self.begin(args[0], args[1])
        if event == "disconnect":
            self.end(args[0])
            return None
        if event not in EVENTS or not args:
            return {"ok": False, "status": 404, "code": "unknown_event", "detail": "There is no such event."}
        return self.serve(event, args[0], args[1] if len(args) > 1 else None)

    def begin(self, sid: str, environ: Mapping[str, Any]) -> None:
        """Let a signed-in user in."""
        with staff_event(self.app, environ, "connect"):
            user = reader() if is_own(environ) else None
            if user is None:
                raise refused(Unauthorized())
            name = user.first_name or user.username
            self.connections.add(Connection(sid, news.STAFF, environ, user_id=user.id, user_name=name))

    def end(self, sid: str) -> None:
        """Forget a connection and what it looked at."""
        gone = self.connections.remove(sid)
        with self.app.app_context():
            for room in gone.rooms if gone else ():
                self._look_away(room, sid)

    def serve(self, event: str, sid: str, facts: Any) -> dict[str, Any]:
        """Do what an event asks for, in a session that is alive now."""
        connection = self.connections.get(sid)
        if connection is None:
            return {"ok": False, "status": 401, "code": "unauthorized", "detail": "Connect anew."}

        def work() -> Mapping[str, Any]:
            if not connection.pace.take():
                raise TooManyMessages(_l("Too many messages at once. Wait a moment."))
            if reader() is None:
                raise Unauthorized
            verbs = {"join": self.join, "leave": self.leave, "typing": self.typing}
            return verbs[event](connection, body_of(facts))

        with staff_event(self.app, connection.environ, event):
            answer = answered(work)
        if answer.get("code") == "unauthorized" or connection.pace.is_flood:
            self.cut(sid, answer)
        return answer

    def cut(self, sid: str, facts: Mapping[str, Any]) -> None:
        """End a connection, and say why."""
        self.emit("refused", {name: facts[name] for name in ("status", "code", "detail")}, room=sid)
        self.disconnect(sid)

    def join(self, connection: Connection, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Enter a room that the user may hear."""
        room = str(body.get("room"))[:LONGEST_ROOM]
        if len(connection.rooms) >= MOST_ROOMS or not may_hear(room):
            raise Forbidden
        blind = _blind_room(room)
        self.enter_room(connection.sid, blind or room)
        connection.rooms.add(room)
        if blind or not _is_looked_at(room) or body.get("looks") is False:
            return {}
        doing = "edit" if body.get("doing") == "edit" else ""
        you = int(connection.user_id or 0)
        self.presence.enter(room, connection.sid, you, connection.user_name, doing)
        return {"viewers": self._tell_viewers(room), "you": you}

    def leave(self, connection: Connection, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Leave a room."""
        room = str(body.get("room"))
        if room in connection.rooms:
            connection.rooms.discard(room)
            self.leave_room(connection.sid, room)
            self.leave_room(connection.sid, _some(room))
            self._look_away(room, connection.sid)
        return {}

    def typing(self, connection: Connection, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Let the client and the other viewers see that the user types, or no longer does."""
        key = parse_id(body.get("conversation"))
        if not may("answer", "conversation"):
            raise Forbidden
        conversation = queries.conversation(key) if key else None
        if conversation is None or not may_hear(news.room(conversation.id)):
            raise NoSuchConversation(_("There is no such conversation."))
        facts = {
            "conversation": str(key),
            "by": "staff",
            "on": body.get("on") is not False,
            "name": connection.user_name,
        }
        tell_now(news.STAFF, news.room(conversation.id), "typing", facts | {"user_id": connection.user_id})
        for room in news.public_rooms(conversation):
            tell_now(news.PUBLIC, room, "typing", facts)
        return {}

    def is_alive(self, connection: Connection) -> bool:
        """Tell whether a connection's session goes on; it leaves the rooms that the user may hear no more."""
        with staff_event(self.app, connection.environ, "watch"):
            if reader() is None:
                return False
            for room in [room for room in connection.rooms if not may_hear(room)]:
                self.leave(connection, {"room": room})
            for room in list(connection.rooms):
                if blind := _blind_room(room):
                    self.leave_room(connection.sid, room)
                    self.enter_room(connection.sid, blind)
            return True

    def _look_away(self, room: str, sid: str) -> None:
        if _is_looked_at(room) and self.presence.leave(room, sid):
            self._tell_viewers(room)

    def _tell_viewers(self, room: str) -> list[dict[str, Any]]:
        viewers = self.presence.viewers(room)
        if room == news.INBOX:
            tell_now(news.PUBLIC, EVERYONE, "presence", {"staff_online": bool(viewers)})
        elif room.startswith(_OF_RECORDS):
            tell_now(news.STAFF, room, "viewers", {"room": room, "viewers": viewers})
        else:
            facts = {"conversation": room.partition(":")[2], "viewers": viewers}
            tell_now(news.STAFF, room, "viewers", facts)
        return viewers


_OF_RECORDS = ("resource:", "record:", "text:")


def _some(room: str) -> str:
    """Name the room beside one of a content type in which nobody learns which records changed."""
    return f"some:{room.partition(':')[2]}"


def _blind_room(room: str) -> str:
    """Name the room for who sees some records of the type alone; nothing for who sees all, and for other rooms."""
    kind, _mark, name = room.partition(":")
    return _some(room) if kind == "resource" and row_rules.is_limited(name, current_user) else ""


def _is_looked_at(room: str) -> bool:
    return room == news.INBOX or room.startswith(("conversation:", *_OF_RECORDS))


def may_hear(room: str) -> bool:
    """Tell whether the signed-in user may be in a room, by the same rights as on the screens."""
    kind, _mark, name = room.partition(":")
    if room == news.INBOX:
        return may("list", "conversation")
    if kind == "conversation":
        key = parse_id(name)
        return key is not None and str(key) == name and may("show", "conversation") and _is_visible(key)
    if kind == "user":
        return name == str(current_user.get_id())
    if kind == "resource":
        return any(resource.name == name for resource in current_app.extensions["catalogue"]) and may(
            "list", name
        )
    if kind == "text":
        return _may_translate(name)
    return kind == "record" and _may_see(*name.partition("/")[::2])


def _may_translate(name: str) -> bool:
    """Tell whether the user may work on a text: `<language>/<content type>/<key>/<field>`."""
    parts = name.split("/")
    key = parse_id(parts[2]) if len(parts) == 4 else None
    if key is None or str(key) != parts[2]:
        return False
    return may_translate(db.session(), current_user, parts[1], key)


def _may_see(name: str, text: str) -> bool:
    """Tell whether the user's rights and row rules show a record."""
    resource = current_app.extensions["catalogue"].get(name)
    if resource is None or not may("show", name):
        return False
    model = resource.model
    is_number = model.__table__.c.id.type.python_type is int
    key = (int(text) if text.isdecimal() and len(text) < 10 else None) if is_number else parse_id(text)
    if key is None or str(key) != text:
        return False
    visible = row_rules.condition(name, current_user, model, "show")
    return db.session.scalar(select(model.id).where(model.id == key, visible)) is not None


def _is_visible(key: UUID) -> bool:
    """Tell whether the user's row rules show a conversation."""
    model = conversations.model
    visible = row_rules.condition(conversations.name, current_user, model, "show")
    return db.session.scalar(select(model.id).where(model.id == key, visible)) is not None
