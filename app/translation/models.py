"""A translated text of one field of one record in one locale, and what others would have it say."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant, Record

STATES = ("draft", "needs_review", "approved", "machine", "stale", "rejected")
SHOWN_STATES = ("approved", "stale")
"""What a reader of the site sees; the rest is work in progress."""


class Translation(Record):
    """`source_hash` and `source_revision` tell which source text it was made from.

    Once the source says something else, a trigger keeps in `source_text` what it said (empty where nobody
    knows), and an approved text is called stale: it is still shown. Both end when the source says it again.
    """

    __tablename__ = "translation"
    is_decided = False  # see app.translation.sources.decided
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
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    tool: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """What made the text, where no person did; `updated_at` tells when."""
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """Why it was rejected."""
    is_live: Mapped[bool] = mapped_column(server_default="false", server_onupdate=FetchedValue())
    """Whether readers of the site get it; kept by a trigger alone, see app.translation.releases."""


class RecordLanguage(Record):
    """Whether a record is shown in a language; without a row it is, unless the language is gated."""

    __tablename__ = "record_language"
    __table_args__ = (
        UniqueConstraint("content_type", "object_id", "locale"),
        CheckConstraint("status IN ('live','withdrawn')", name="status"),
    )

    content_type: Mapped[str] = mapped_column(String(63))
    object_id: Mapped[UUID]
    locale: Mapped[str] = mapped_column(String(35))
    status: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))


class TranslationSuggestion(Record):
    """Another text for one that is shown, from somebody who may not change that themselves.

    `source_hash` is that of the source text it was made from. Once decided it is kept, with who decided; what
    its author wrote in it before is kept beside it, as replaced.
    """

    __tablename__ = "translation_suggestion"
    __table_args__ = (
        CheckConstraint("state IN ('open','accepted','declined','replaced')", name="state"),
        Index(
            "uq_translation_suggestion_open",
            "translation_id",
            "author_id",
            unique=True,
            postgresql_where="state = 'open'",
        ),
    )

    translation_id: Mapped[UUID] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="open", server_default="open")
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    origin: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """Where it comes from, where no person made it: a file, a tool."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant())
