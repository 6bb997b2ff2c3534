"""The staff API of the chat beside the generated `/api/v1/inbox/`: messages, answers, who is a member."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, abort, jsonify, request
from flask_appbuilder.api import BaseApi, expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.access import rows as row_rules
from app.domains.members import queries as members
from app.domains.messaging import queries, service
from app.domains.messaging.resources import conversations
from app.domains.messaging.service import Author, MessageKind, news
from app.kernel.db import db, unit_of_work
from app.kernel.errors import BadParameter, Invalid, NotFound
from app.kernel.ids import parse_id
from app.surfaces.staff_api.view import permitted


class ChatApi(BaseApi):
    """What an operator's program does in conversations. Closing and opening are actions of `/api/v1/inbox/`."""

    resource = conversations
    resource_name = "chat"
    class_permission_name = "conversation"
    version = "v1"
    openapi_spec_tag = "staff"

    @expose("/respond", methods=["POST"])
    @permitted("answer")
    def respond(self) -> tuple[Response, int]:
        """Leave an answer, or with `kind: "note"` a note that no client sees."""
        body = _body()
        key = find(body.get("conversation"), "answer").id
        kind = body.get("kind", MessageKind.TEXT.value)
        if kind not in (MessageKind.TEXT, MessageKind.NOTE):
            raise Invalid({"kind": [_("Say text or note.")]})
        user_id = int(current_user.id)
        author = Author(user_id, queries.staff_name(user_id) or "")
        with unit_of_work():
            left = service.answer(key, body.get("text"), author, body.get("client_key"), MessageKind(kind))
            facts = {
                "data": left.message.staff_facts(),
                "conversation": news.staff_state(left.conversation),
            }
        return jsonify(facts), 201 if left.is_new else 200

    @expose("/<key>/messages", methods=["GET"])
    @permitted("show")
    def messages(self, key: str) -> Response:
        """Answer the newest messages, those before a position, or those after one; notes and events too."""
        conversation = find(key, "show")
        found = queries.messages(
            conversation.id,
            before=_mark("before"),
            after=_mark("after"),
            limit=_mark("limit") or 50,
            with_notes=True,
        )
        return jsonify(
            {
                "data": [message.staff_facts() for message in found],
                "conversation": news.staff_state(conversation),
            }
        )

    @expose("/<key>/read", methods=["POST"])
    @permitted("answer")
    def read(self, key: str) -> Response:
        """Note that the user has read the conversation, up to `sequence` or all of it."""
        conversation_id, sequence = find(key, "answer").id, _body().get("sequence")
        if sequence is not None and (not isinstance(sequence, int) or isinstance(sequence, bool)):
            raise Invalid({"sequence": [_("Give a whole number.")]})
        with unit_of_work():
            return _state(service.read_by_staff(conversation_id, int(current_user.id), sequence))

    @expose("/<key>/assign", methods=["POST"])
    @permitted("answer")
    def assign(self, key: str) -> Response:
        """Give the conversation to a user, or with null to nobody."""
        conversation_id, user_id = find(key, "answer").id, _body().get("user")
        if user_id is not None and (not isinstance(user_id, int) or isinstance(user_id, bool)):
            raise Invalid({"user": [_("Give a whole number.")]})
        with unit_of_work():
            return _state(service.assign(conversation_id, user_id))

    @expose("/<key>/bot", methods=["POST"])
    @permitted("answer")
    def bot(self, key: str) -> Response:
        """Let the bot answer in the conversation, or not."""
        conversation_id, on = find(key, "answer").id, _body().get("on")
        if not isinstance(on, bool):
            raise Invalid({"on": [_("Say true or false.")]})
        with unit_of_work():
            return _state(service.set_bot(conversation_id, on))

    @expose("/sessions/<key>", methods=["PATCH"])
    @permitted("link")
    def link(self, key: str) -> Response:
        """Link a visitor's session to a member, whose history it is from now on; with null, take the link away."""
        session_id, body = parse_id(key), _body()
        if session_id is None or not queries.session_is_visible(session_id, _visible("link")):
            abort(404)
        if "member" not in body:
            raise Invalid({"member": [_("Fill this in.")]})
        with unit_of_work():
            moved = _link(session_id, body["member"])
        return jsonify({"data": {"id": str(session_id), "member": body["member"], "conversations": moved}})


def _link(session_id: UUID, named: Any) -> int:
    if named is None:
        return service.unlink_session(session_id)
    member_id = parse_id(named)
    contact = members.contact_of(member_id) if member_id else None
    if contact is None:
        raise Invalid({"member": [_("There is no such member.")]})
    return service.link_session(session_id, contact.id, contact.name)


def find(key: Any, verb: str) -> Any:
    """Find a conversation under the row rules; a hidden one is as if it were none. Raises NotFound."""
    model, parsed = conversations.model, parse_id(key)
    found = None
    if parsed is not None:
        found = db.session.scalar(select(model).where(model.id == parsed, _visible(verb)))
    if found is None:
        raise NotFound(_("There is no such conversation."))
    return found


def _visible(verb: str) -> Any:
    return row_rules.condition(conversations.name, current_user, conversations.model, verb)


def _body() -> Mapping[str, Any]:
    body = request.get_json()
    if not isinstance(body, Mapping):
        raise Invalid({"": [_("Give an object.")]})
    return body


def _mark(name: str) -> int | None:
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadParameter(name, _("Give a whole number."))
    return int(text) if text else None


def _state(conversation: Any) -> Response:
    return jsonify({"data": news.staff_state(conversation)})
