"""What staff see of conversations beside the inbox, and the answers that they keep ready."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.messaging import service
from app.domains.messaging.models import CannedAnswer, Conversation, Sender, Status
from app.resources import Action, Field, Kind, On, Option, Resource

READ = On.LIST | On.API
TOLD = On.LIST | On.FORM | On.API | On.TRANSFER

STATUSES = (
    Option(Status.OPEN.value, _l("Open"), "success"),
    Option(Status.CLOSED.value, _l("Closed"), "secondary"),
)
SENDERS = (
    Option(Sender.CLIENT.value, _l("Visitor")),
    Option(Sender.STAFF.value, _l("Staff")),
    Option(Sender.BOT.value, _l("Bot")),
)


def close(conversation: Conversation, _reason: str = "") -> None:
    """Close the conversation."""
    service.close(conversation.id)


def reopen(conversation: Conversation, _reason: str = "") -> None:
    """Open the conversation again."""
    service.reopen(conversation.id)


conversations = Resource(
    Conversation,
    _l("Inbox"),
    _l("conversation"),
    words=_l("chats, messages"),
    menu=_l("Business"),
    icon="inbox",
    path="inbox",
    order="-last_message_at",
    title="visitor_name",
    fields=(
        Field("visitor_name", READ | On.SEARCH, _l("Visitor")),
        Field("status", READ | On.FILTER, _l("Status"), options=STATUSES),
        Field("assigned_to_id", READ | On.FILTER, _l("Assigned to")),
        Field("member_id", READ | On.FILTER, _l("Member")),
        Field("locale", READ, _l("Language"), kind=Kind.LOCALE),
        Field("last_excerpt", READ, _l("Last message")),
        Field("last_sender", READ | On.FILTER, _l("Written by"), options=SENDERS),
        Field("last_message_at", READ | On.FILTER, _l("Last message at")),
        Field("unread_by_staff", READ | On.FILTER, _l("Unread")),
        Field("bot_on", READ, _l("Bot")),
    ),
    actions=(
        Action(
            "close",
            _l("Close"),
            close,
            lambda conversation: conversation.is_open,
            icon="check",
            leads_to=Status.CLOSED,
        ),
        Action(
            "reopen",
            _l("Reopen"),
            reopen,
            lambda conversation: not conversation.is_open,
            icon="arrow-back-up",
            leads_to=Status.OPEN,
        ),
    ),
)

canned_answers = Resource(
    CannedAnswer,
    _l("Canned answers"),
    _l("canned answer"),
    menu=_l("Business"),
    icon="message",
    path="canned-answers",
    order="position,title",
    title="title",
    fields=(
        Field("title", TOLD | On.SEARCH | On.TRANSLATE, _l("Title")),
        Field(
            "shortcut",
            TOLD | On.SEARCH,
            _l("Shortcut"),
            help=_l("What is typed behind the slash to find it."),
        ),
        Field("text", TOLD | On.SEARCH | On.TRANSLATE, _l("Text")),
        Field("position", On.FORM | On.API | On.TRANSFER, _l("Order"), help=_l("Small numbers come first.")),
        Field("is_active", TOLD | On.FILTER, _l("Active"), help=_l("Only active answers are offered.")),
    ),
)

RESOURCES = (conversations, canned_answers)
