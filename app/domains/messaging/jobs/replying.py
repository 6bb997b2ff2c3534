"""The bot: replies to what a client left, unless somebody else does. Off unless the settings say otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.domains.catalog import queries as catalog
from app.domains.messaging import queries, service
from app.domains.messaging.events import MessageLeft
from app.domains.messaging.jobs.responders import Offer, Responder, Talk
from app.domains.messaging.jobs.rules import RuleResponder
from app.domains.messaging.models import Conversation, Message
from app.domains.messaging.service import news
from app.kernel import clock, languages
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Invalid
from app.kernel.live import tell_now
from app.kernel.locales import parse_locale
from app.kernel.outbox import Delivery, subscriber
from app.surfaces.records.wording import money
from app.translation.chain import bind_chain, translated_locales

MOST_REPLIES = 20
"""In one conversation; whoever writes on waits for staff."""
STALE = timedelta(minutes=10)
"""A reply that comes later than this answers nobody."""
log: Any = structlog.get_logger("festoon.bot")


def responder() -> Responder | None:
    """Give the responder that the settings name; None when the bot is off."""
    config = current_app.config
    if config["CHAT_BOT"] == "rules":
        return RuleResponder()
    if config["CHAT_BOT"] == "openai":
        from app.domains.messaging.jobs.models_elsewhere import ModelResponder  # a second of the start

        return ModelResponder(config["CHAT_MODEL_URL"], config["CHAT_MODEL_KEY"], config["CHAT_MODEL"])
    return None


@subscriber("chat.reply", MessageLeft, seconds=60)
def reply(event: MessageLeft, _delivery: Delivery) -> None:
    """Reply to a message if it is still the last word; the asking happens outside any transaction."""
    made = responder()
    if made is None:
        return
    with unit_of_work():
        talk, sequence = _talk(event)
        if talk is not None:
            _say_typing(event.conversation_id)
    db.session.remove()  # no connection is held while a model thinks
    if talk is None:
        return
    with force_locale(parse_locale(_shipped(talk.locale))):
        text, name = made.reply(talk), _("Bot")
    if text is None:
        return
    try:
        with unit_of_work():
            service.answer_as_bot(event.conversation_id, text, sequence, name)
    except Invalid:
        log.warning("a reply that says nothing")


def _talk(event: MessageLeft) -> tuple[Talk | None, int]:
    """Read the conversation; None when the bot has nothing to say in it."""
    message, conversation = queries.message(event.message_id), queries.conversation(event.conversation_id)
    if message is None or conversation is None or not _is_ours(conversation, message):
        return None, 0
    said = [(found.sender, found.text) for found in queries.messages(conversation.id, limit=20)]
    return Talk(conversation.locale, said, _offers(conversation.locale)), message.sequence or 0


def _is_ours(conversation: Conversation, message: Message) -> bool:
    return (
        conversation.bot_on
        and conversation.is_open
        and conversation.bot_replies < MOST_REPLIES
        and conversation.last_sequence == message.sequence
        and message.created_at > clock.now() - STALE
    )


def _offers(locale: str) -> list[Offer]:
    """List what the public may know of packages, the cheapest first, in the visitor's language."""
    locales = translated_locales(locale)
    rows = db.session.execute(catalog.packages(len(locales)), bind_chain(locales)).all()
    shown = sorted((row for row in rows if row.is_active), key=lambda row: row.price_minor)
    return [Offer(row.name, money(row.price_minor, row.currency, _shipped(locale))) for row in shown]


def _shipped(locale: str) -> str:
    return languages.words_for(locale)


def _say_typing(conversation_id: UUID) -> None:
    conversation = queries.conversation(conversation_id)
    if conversation is not None:
        facts = {"conversation": str(conversation_id), "by": "bot", "on": True, "name": _("Bot")}
        for room in news.public_rooms(conversation):
            tell_now(news.PUBLIC, room, "typing", facts)
