"""What the chat's operations take and give."""

from __future__ import annotations

from marshmallow import Schema, fields

from app.domains.messaging.models import LONGEST_KEY, LONGEST_TEXT
from app.resources import Kind
from app.surfaces.contract import Strict
from app.surfaces.contract.schemas import asked_whole, text, value, whole

MOST = 999_999_999
WAIT_MOST = 25


class SessionWishSchema(Strict):
    """What a new session may know of its visitor."""

    name = text(120, load_default="")
    email = value(Kind.EMAIL, load_default="")
    locale = value(Kind.LOCALE, load_default="")


class VisitorSessionSchema(Schema):
    """A session, with the token that is told this one time."""

    token = fields.String(required=True)
    id = fields.UUID(required=True)
    locale = fields.String(required=True)
    member = fields.UUID(required=True, allow_none=True)


class ChatMessageSchema(Schema):
    """A message that both sides see."""

    id = fields.UUID(required=True)
    conversation = fields.UUID(required=True)
    sequence = fields.Integer(required=True, metadata={"minimum": 1})
    sender = fields.String(required=True, metadata={"enum": ["client", "staff", "bot"]})
    author = fields.String(required=True)
    is_bot = fields.Boolean(required=True)
    text = fields.String(required=True)
    client_key = fields.String(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)


class ConversationStateSchema(Schema):
    """Where a conversation stands."""

    id = fields.UUID(required=True)
    status = fields.String(required=True, metadata={"enum": ["open", "closed"]})
    last_sequence = fields.Integer(required=True)
    last_message_at = fields.DateTime(required=True)
    unread = fields.Integer(required=True)
    read_by_staff = fields.Integer(required=True)
    read_by_client = fields.Integer(required=True)


class TransportSchema(Schema):
    """One way to hear live news."""

    kind = fields.String(required=True, metadata={"enum": ["socket.io", "poll"]})
    url = fields.String(required=True)
    path = fields.String()
    namespace = fields.String()
    wait = fields.Integer()


class ChatConnectionSchema(Schema):
    """How to connect, and where the conversation stands."""

    conversation = fields.Nested(ConversationStateSchema, required=True, allow_none=True)
    last_sequence = fields.Integer(required=True)
    staff_online = fields.Boolean(required=True)
    transports = fields.List(fields.Nested(TransportSchema), required=True)


class HistoryQuerySchema(Strict):
    """Which part of a conversation is asked for."""

    conversation = fields.UUID(load_default=None)
    before = asked_whole(0, MOST, load_default=None)
    after = asked_whole(0, MOST, load_default=None)
    limit = asked_whole(1, 100, load_default=50)
    wait = asked_whole(0, WAIT_MOST, load_default=0)


class HistorySchema(Schema):
    """Messages in the order they were left; `more` tells whether there are others in that direction."""

    conversation = fields.Nested(ConversationStateSchema, required=True, allow_none=True)
    messages = fields.List(fields.Nested(ChatMessageSchema), required=True)
    more = fields.Boolean(required=True)


class MessageWishSchema(Strict):
    """A message to leave."""

    text = fields.String(required=True, metadata={"minLength": 1, "maxLength": LONGEST_TEXT})
    client_key = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    )
    conversation = fields.UUID(load_default=None, allow_none=True)


class MessageLeftSchema(Schema):
    """The message as it is kept, and the conversation it is in."""

    message = fields.Nested(ChatMessageSchema, required=True)
    conversation = fields.Nested(ConversationStateSchema, required=True)


class ReadWishSchema(Strict):
    """Up to where the client has read."""

    sequence = whole(0, MOST, required=True)
    conversation = fields.UUID(load_default=None, allow_none=True)


class PageWishSchema(Strict):
    """A page that the visitor looks at."""

    path = text(300, required=True)
    title = text(150, load_default="")


class WhichSchema(Strict):
    """Which conversation is meant; the current one when none is named."""

    conversation = fields.UUID(load_default=None, allow_none=True)


class StateSchema(Schema):
    """A conversation alone."""

    conversation = fields.Nested(ConversationStateSchema, required=True)


class ConversationsSchema(Schema):
    """A visitor's conversations, the newest first."""

    data = fields.List(fields.Nested(ConversationStateSchema), required=True)
