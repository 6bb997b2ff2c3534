"""A review: what a client says, how many stars, and whether it is shown."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Instant, Record


class ReviewStatus(StrEnum):
    """Whether a review is shown; only a moderator's verb changes it."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Review(Record):
    """It may point at a package or at a theme, not at both."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("status IN ('pending','approved','rejected')", name="status"),
        CheckConstraint(
            "num_nonnulls(package_id, theme_id) <= 1",
            name="one_subject",
            info={
                "field": "theme_id",
                "sentence": _l("A review is of a package or of a theme, not of both."),
            },
        ),
        Index("ix_review_shown_newest", "status", "submitted_at", "id"),
        Index("ix_review_newest", "submitted_at", "id"),
    )

    author_name: Mapped[str] = mapped_column(String(120))
    message: Mapped[str] = mapped_column(Text)
    rating: Mapped[int] = mapped_column(SmallInteger)
    asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("asset.id", ondelete="SET NULL"), index=True)
    package_id: Mapped[UUID | None] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"), index=True)
    theme_id: Mapped[UUID | None] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(
        String(20), default=ReviewStatus.PENDING.value, server_default=ReviewStatus.PENDING.value
    )
    locale: Mapped[str] = mapped_column(String(35), default="en", server_default="en")
    submitted_at: Mapped[datetime] = mapped_column(Instant(), default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(Instant())

    def __str__(self) -> str:
        return self.author_name
