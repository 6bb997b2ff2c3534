"""How conversations and their messages are worded for staff, in the reader's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zlib import crc32

from babel.dates import format_time
from flask_babel import get_locale
from flask_babel import gettext as _

from app.domains.messaging.service import MessageKind, Sender, Step
from app.surfaces.records import wording
from app.web.inbox_pages import Item, Line, Moment, Person

if TYPE_CHECKING:
    from app.domains.messaging.models import Conversation, Message

HUES = 7
JOINED_WITHIN = 300
"""Seconds in which messages of one author stand together."""

_ICONS = {
    Step.ASSIGNED: "user-plus",
    Step.UNASSIGNED: "user-off",
    Step.CLOSED: "check",
    Step.REOPENED: "arrow-back-up",
    Step.LINKED: "link",
    Step.UNLINKED: "unlink",
    Step.BOT_ON: "robot",
    Step.BOT_OFF: "robot",
}


def moment(at: datetime, locale: str) -> Moment:
    """Word an instant in each of the ways that a screen may show it."""
    utc = at.astimezone(UTC)
    return Moment(
        iso=utc.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        exact=wording.exact(utc, locale),
        clock=format_time(utc, "short", locale=locale),
        short=wording.ago(utc, locale),
        day=wording.day(utc.date(), locale),
    )


def person(key: Any, name: str, **more: Any) -> Person:
    """Give somebody's face: the same colour wherever they are shown."""
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    hue = crc32(f"{key}".encode()) % HUES + 1 if initials else 0
    return Person(str(key), name, initials, hue, **more)


def visitor(conversation: Conversation) -> Person:
    """Give the visitor's face; one who told no name is called by the end of the conversation's key."""
    name = conversation.visitor_name.strip()
    if name:
        return person(conversation.member_id or conversation.session_id or conversation.id, name)
    code = apart(conversation.id.hex[-4:].upper())
    return Person(str(conversation.id), _("Visitor %(code)s", code=code))


def apart(text: str) -> str:
    """Set a name apart from the sentence it stands in, where either is written from right to left."""
    reader = get_locale()
    is_mixed = reader is not None and reader.text_direction == "rtl"
    is_mixed = is_mixed or any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    return f"\u2068{text}\u2069" if is_mixed else text


def lines(
    conversations: Iterable[Conversation],
    authors: Mapping[UUID, tuple[int | None, str]],
    staff: Mapping[int, Person],
    me: int,
    current: str,
    address: str,
) -> tuple[Line, ...]:
    """Word the rows of the list; `address` is theirs, with a place for the key."""
    locale = wording.reader()
    return tuple(
        Line(
            id=str(row.id),
            url=address.format(row.id),
            visitor=visitor(row),
            language=row.locale.split("-")[0].upper()[:3],
            language_name=wording.language(row.locale, locale),
            text=row.last_excerpt or _("No message yet"),
            by=_written_by(row, authors.get(row.id), me),
            at=moment(row.last_message_at, locale),
            unread=row.unread_by_staff,
            unread_words=wording.number(row.unread_by_staff, locale) if row.unread_by_staff < 100 else "99+",
            assignee=staff.get(row.assigned_to_id) if row.assigned_to_id else None,
            is_bot_on=row.last_sender == Sender.BOT,
            is_current=str(row.id) == current,
        )
        for row in conversations
    )


def _written_by(row: Conversation, author: tuple[int | None, str] | None, me: int) -> str:
    if row.last_sender == Sender.BOT:
        return _("Bot:")
    if author is None:
        return ""
    return _("You:") if author[0] == me else f"{author[1]}:"


def items(
    messages: Sequence[Message],
    conversation: Conversation,
    me: int,
    before: Message | None = None,
    read_at: datetime | None = None,
) -> tuple[Item, ...]:
    """Word messages in their order; `before` is the one that stands before the first."""
    locale, made = wording.reader(), []
    previous, is_read = before, True
    face = visitor(conversation)
    seen = _last_seen(messages, conversation)
    for message in messages:
        is_unread = message.sender == Sender.CLIENT and (message.sequence or 0) > conversation.read_by_staff
        made.append(
            _item(
                message,
                locale,
                me,
                face,
                is_joined=_is_joined(previous, message),
                begins_day=previous is None or previous.created_at.date() != message.created_at.date(),
                is_first_unread=is_unread and is_read,
                state=_state(message, conversation),
                seen_at=moment(read_at, locale) if read_at and message.id == seen else None,
            )
        )
        is_read = is_read and not is_unread
        previous = message
    return tuple(made)


def _item(message: Message, locale: str, me: int, face: Person, **place: Any) -> Item:
    is_event = message.kind == MessageKind.EVENT
    is_mine = message.author_id == me and message.sender == Sender.STAFF
    author = face.name if message.sender == Sender.CLIENT else message.author_name
    return Item(
        id=str(message.id),
        seq=message.position,
        sequence=message.sequence or 0,
        kind="system" if is_event else message.kind if message.kind == MessageKind.NOTE else message.sender,
        side="visitor" if message.sender == Sender.CLIENT else "own",
        author=_("You") if is_mine else author,
        author_key=f"{message.kind}-{message.sender}-{message.author_id or ''}",
        text=_event(message) if is_event else message.text,
        at=moment(message.created_at, locale),
        icon=_ICONS.get(Step(message.text), "info-circle") if is_event else "",
        client_key=message.client_key or "",
        **place,
    )


def _is_joined(previous: Message | None, message: Message) -> bool:
    if previous is None or MessageKind.EVENT in (previous.kind, message.kind):
        return False
    ours = (previous.kind, previous.sender, previous.author_id)
    is_near = (message.created_at - previous.created_at).total_seconds() < JOINED_WITHIN
    return ours == (message.kind, message.sender, message.author_id) and is_near


def _state(message: Message, conversation: Conversation) -> str:
    if message.kind != MessageKind.TEXT or message.sender == Sender.CLIENT:
        return ""
    return "seen" if (message.sequence or 0) <= conversation.read_by_client else "sent"


def _last_seen(messages: Sequence[Message], conversation: Conversation) -> Any:
    seen = [message.id for message in messages if _state(message, conversation) == "seen"]
    return seen[-1] if seen else None


def _event(message: Message) -> str:
    """Tell what became of the conversation, and who did it."""
    by_staff = message.sender == Sender.STAFF
    words = {"name": apart(message.author_name), "other": apart(message.about)}
    step = Step(message.text)
    if not by_staff:
        return _event_of_nobody(step, message)
    if step is Step.ASSIGNED and message.about == message.author_name:
        return _("%(name)s took over", **words)
    sentences = {
        Step.ASSIGNED: _("%(name)s assigned this to %(other)s", **words),
        Step.UNASSIGNED: _("%(name)s assigned this to nobody", **words),
        Step.CLOSED: _("%(name)s closed the conversation", **words),
        Step.REOPENED: _("%(name)s reopened the conversation", **words),
        Step.LINKED: _("%(name)s linked this to the member %(other)s", **words),
        Step.UNLINKED: _("%(name)s took the link to %(other)s away", **words),
        Step.BOT_ON: _("%(name)s let the bot answer", **words),
        Step.BOT_OFF: _("%(name)s switched the bot off", **words),
    }
    return sentences[step]


def _event_of_nobody(step: Step, message: Message) -> str:
    if step is Step.CLOSED:
        if message.sender == Sender.BOT:
            return _("Closed, because nothing was said for long")
        return _("The visitor closed the conversation")
    if step is Step.LINKED:
        return _("The visitor signed in as %(other)s", other=apart(message.about))
    if step is Step.REOPENED:
        return _("The visitor wrote again")
    return _("The conversation was changed")
