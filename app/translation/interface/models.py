"""A sentence of the interface; what it says in a language are translations, one for each plural form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant, Record

OURS = "festoon"
APPBUILDER = "flask_appbuilder"
DOMAINS = (OURS, APPBUILDER)
CONTENT_TYPE = "interface_message"
FUZZY = "fuzzy"
"""Stands in `in_files` beside the texts of a language that its file wants reviewed."""


class InterfaceMessage(Record):
    """One message of a gettext catalogue, told from others by domain, context and `msgid`.

    `in_files` holds what the files of each language said when they were last read or written: a difference
    from it tells which side has changed. `is_in_files` is None for what no file has held yet.
    """

    __tablename__ = CONTENT_TYPE
    __table_args__ = (CheckConstraint("domain IN ('festoon','flask_appbuilder')", name="domain"),)

    domain: Mapped[str] = mapped_column(String(40))
    context: Mapped[str] = mapped_column(Text, default="", server_default="")
    msgid: Mapped[str] = mapped_column(Text)
    msgid_plural: Mapped[str] = mapped_column(Text, default="", server_default="")
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    """The fingerprint of domain, context and msgid."""
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    flags: Mapped[str] = mapped_column(String(120), default="", server_default="")
    where_used: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Lines of "file:line"; the catalogues do not hold them."""
    is_obsolete: Mapped[bool] = mapped_column(default=False, server_default="false")
    is_in_files: Mapped[bool | None] = mapped_column(Boolean, default=None)
    in_files: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'::jsonb"))

    @property
    def text(self) -> str:
        """Give the source of a message without plural."""
        return self.msgid

    @property
    def one(self) -> str:
        """Give the source of the form for one."""
        return self.msgid

    @property
    def other(self) -> str:
        """Give the source of every other form."""
        return self.msgid_plural or self.msgid

    zero = two = few = many = other


class InterfaceRun(Record):
    """What became of the files and the code when they were last read, written or searched: one row for each."""

    __tablename__ = "interface_run"
    __table_args__ = (CheckConstraint("kind IN ('read','write','gather')", name="kind"),)

    kind: Mapped[str] = mapped_column(String(10), unique=True)
    at: Mapped[datetime] = mapped_column(Instant())
    actor: Mapped[str] = mapped_column(Text, default="", server_default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="", server_default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'::jsonb"))
