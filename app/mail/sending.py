"""Sending a mail: composed, handed over, and written down under its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from email.policy import SMTP
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock
from app.kernel.actor import current_actor
from app.kernel.db import unit_of_work
from app.kernel.ids import new_id
from app.mail.addresses import recipient
from app.mail.calendars import Attachment
from app.mail.composing import compose
from app.mail.kinds import kind_named
from app.mail.messages import message_of
from app.mail.models import KeptMail
from app.mail.settings import current_settings
from app.mail.transports import transport_of

Facts = Mapping[str, Any]
log: Any = structlog.get_logger("festoon.mail")


def send(
    kind: str,
    *,
    to: str,
    locale: str,
    facts: Facts | Callable[[], Facts],
    number: UUID | str,
    name: str = "",
    reply_to: str = "",
    attachments: Sequence[Attachment] = (),
) -> bool:
    """Send one mail, in no transaction; tell whether it went out now. One of this number goes out once.

    Only when a worker is killed between the server's answer and the note of it may a second copy follow, with
    the same Message-ID. `facts` may be a function that is called only when the mail is to go out, such as one
    that makes a token. Raises PeerAway and Undeliverable.
    """
    settings, number = current_settings(), str(number)
    if is_sent(number):
        return False
    address = recipient(to, name)
    mail = compose(kind_named(kind), locale, facts() if callable(facts) else facts, settings)
    correlation_id = current_actor().correlation_id
    message = message_of(
        mail, address, number, settings, reply_to=reply_to, correlation_id=correlation_id, more=attachments
    )
    transport = transport_of(settings)
    transport.deliver(message, address)
    raw = message.as_bytes(policy=SMTP.clone(utf8=not address.addr_spec.isascii()))
    note = {
        "number": number,
        "kind": kind,
        "locale": mail.locale,
        "recipient": address.addr_spec,
        "subject": mail.subject,
        "message_id": str(message["Message-ID"]),
        "correlation_id": correlation_id,
        "size": len(raw),
        "raw": raw if transport.keeps else None,
    }
    _note(note)
    log.info("mail sent", kind=kind, locale=mail.locale, number=number, size=len(raw))
    return True


def _note(facts: Facts) -> None:
    row = {"id": new_id(), "sent_at": clock.now(), **facts}
    with unit_of_work() as session:
        session.execute(insert(KeptMail).values(row).on_conflict_do_nothing(index_elements=["number"]))


def is_sent(number: str) -> bool:
    """Tell whether the mail of a number went out."""
    with unit_of_work() as session:
        return session.scalar(select(KeptMail.id).where(KeptMail.number == number)) is not None
