"""A translated text of one field of one record in one locale."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Record

STATES = ("draft", "needs_review", "approved", "machine", "stale", "rejected")
SHOWN_STATES = ("approved", "stale")
"""What a reader of the site sees; the rest is work in progress."""


class Translation(Record):
    """`source_hash` and `source_revision` tell which source text it was made from.

    Once the source says something else, a trigger keeps in `source_text` what it said (empty where nobody
    knows), and an approved text is called stale: it is still shown. Both end when the source says it again.
    """

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("content_type", "object_id", "locale", "field"),
        CheckConstraint(
            "state IN ('draft','needs_review','approved','machine','stale','rejected')", name="state"
        ),
        Index("ix_translation_missing", "content_type", "locale", "field"),
    )

    content_type: Mapped[str] = mapped_column(String(63))
    object_id: Mapped[UUID]
    locale: Mapped[str] = mapped_column(String(35))
    field: Mapped[str] = mapped_column(String(63))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default="approved", server_default="approved")
    source_hash: Mapped[str] = mapped_column(String(64))
    source_revision: Mapped[int]
    source_text: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
