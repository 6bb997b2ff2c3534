"""The mails of a test: carried out as the worker would, kept, and read."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

from sqlalchemy import select

from app.kernel.db import db
from app.mail.models import KeptMail
from tests.outbox import deliver_all


def mails_to(address: str) -> list[str]:
    """Carry out what waits, and list the kinds of the mails to an address, oldest first."""
    deliver_all()
    return [mail.kind for mail in _kept(address)]


def link_to(address: str, purpose: str, number: int = -1) -> str:
    """Carry out what waits, and give the token of a link in the mails to an address, the newest's by default."""
    deliver_all()
    found = [
        token for mail in _kept(address) for token in re.findall(rf"#{purpose}=([\w-]{{43}})", _text(mail))
    ]
    return found[number]


def _kept(address: str) -> list[KeptMail]:
    return list(
        db.session.scalars(select(KeptMail).where(KeptMail.recipient == address).order_by(KeptMail.id))
    )


def _text(mail: KeptMail) -> str:
    body = message_from_bytes(mail.raw or b"", policy=default).get_body(("plain",))  # type: ignore[arg-type]
    assert body is not None
    return str(body.get_content())
