"""The record of the mails that went out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant
from app.kernel.ids import new_id


class KeptMail(Model):
    """One mail that went out. Its number is there once, so that no retry sends it a second time.

    `raw` holds the mail itself in development, where it goes no further; elsewhere it is never stored,
    because mails hold the keys to accounts.
    """

    __tablename__ = "kept_mail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(Text)
    correlation_id: Mapped[str] = mapped_column(Text, server_default="")
    size: Mapped[int]
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime] = mapped_column(Instant(), server_default=text("now()"), index=True)
