"""A comment on a record, or on one field of it, and the answers under it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant, Record


class RecordComment(Record):
    """`thread_id` names the comment that is answered; only what begins a thread is resolved.

    It refers to its record by content type and key: it outlives a deletion, so that an undone one loses nothing.
    """

    __tablename__ = "record_comment"
    __table_args__ = (
        Index("ix_record_comment_of_record", "content_type", "object_id", "id"),
        CheckConstraint("thread_id IS NULL OR resolved_at IS NULL", name="threads_are_resolved"),
    )

    content_type: Mapped[str] = mapped_column(String(63))
    object_id: Mapped[str] = mapped_column(String(36))
    field: Mapped[str] = mapped_column(String(63), default="", server_default="")
    thread_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("record_comment.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime | None] = mapped_column(Instant())
    resolved_at: Mapped[datetime | None] = mapped_column(Instant())
    resolved_by: Mapped[str | None] = mapped_column(String(200))
