"""Questions about the mails that went out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import defer

from app.kernel.db import db
from app.mail.models import KeptMail


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: words of the subject or the address, a kind, a language; `before` is a mail's id."""

    words: str = ""
    kind: str = ""
    locale: str = ""
    before: UUID | None = None


def mails(asked: Asked, most: int) -> Sequence[KeptMail]:
    """List mails, newest first, without what was in them."""
    statement = _matching(select(KeptMail).options(defer(KeptMail.raw)), asked)
    if asked.before is not None:
        statement = statement.where(KeptMail.id < asked.before)
    return db.session.scalars(statement.order_by(KeptMail.id.desc()).limit(most)).all()


def count(asked: Asked) -> int:
    """Count what `mails` lists on all its pages."""
    return db.session.scalar(_matching(select(func.count()).select_from(KeptMail), asked)) or 0


def mail(key: UUID) -> KeptMail | None:
    """Find a mail."""
    return db.session.get(KeptMail, key)


def _matching(statement: Any, asked: Asked) -> Any:
    if asked.words:
        wanted = f"%{_literally(asked.words)}%"
        statement = statement.where(
            or_(KeptMail.subject.ilike(wanted, escape="!"), KeptMail.recipient.ilike(wanted, escape="!"))
        )
    if asked.kind:
        statement = statement.where(KeptMail.kind == asked.kind)
    if asked.locale:
        statement = statement.where(KeptMail.locale == asked.locale)
    return statement


def _literally(words: str) -> str:
    """Take the meaning of wildcards from a text."""
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
