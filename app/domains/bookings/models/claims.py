"""The times in rooms that are kept for somebody: the database itself refuses two that overlap."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant, Record


class ClaimEnd(StrEnum):
    """Why a claim keeps its time no longer."""

    EXPIRED = "expired"
    RELEASED = "released"
    CANCELLED = "cancelled"
    MOVED = "moved"
    REJECTED = "rejected"


class Claim(Record):
    """A time in a room: a hold until `expires_at`, or a booking's (decision 0029).

    `starts_at` and `ends_at` are what is shown and paid, `blocked` has the room's buffers around it as they
    were. `blocks` tells whether it keeps others out: a request that competes with others does not. `promise` is
    what was told when it was made: the quote, the policy, the venue's zone.
    """

    __tablename__ = "room_claim"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(
            "lower(blocked) <= starts_at AND upper(blocked) >= ends_at AND lower_inc(blocked) AND NOT upper_inc(blocked)",
            name="blocked_covers",
        ),
        CheckConstraint("ended_as IN ('expired','released','cancelled','moved','rejected')", name="ended_as"),
        CheckConstraint("(ended_as IS NULL) = (ended_at IS NULL)", name="ended_whole"),
        CheckConstraint("ended_as IS NULL OR NOT blocks", name="ended_blocks_not"),
        CheckConstraint("(booking_id IS NULL) = (expires_at IS NOT NULL)", name="hold_or_booking"),
        ExcludeConstraint(
            ("room_id", "="),
            ("blocked", "&&"),
            where=text("blocks"),
            using="gist",
            name="room_claim_no_overlap",
        ),
        Index(
            "ix_room_claim_lapsing", "expires_at", postgresql_where=text("expires_at IS NOT NULL AND blocks")
        ),
        Index("ix_room_claim_room_starts_at", "room_id", "starts_at"),
    )

    room_id: Mapped[UUID] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), unique=True)
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant())
    ends_at: Mapped[datetime] = mapped_column(Instant())
    blocked: Mapped[Range[datetime]] = mapped_column(TSTZRANGE())
    blocks: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    expires_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_as: Mapped[str | None] = mapped_column(String(10))
    promise: Mapped[dict[str, Any]] = mapped_column(JSONB)
