"""The record of every change, written by triggers below the program and never altered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant


class AuditEntry(Model):  # type: ignore[misc]  # FAB's Model is an untyped declarative base
    """One row that was inserted, updated or deleted, or one table that was truncated.

    `owner_type` and `owner_id` name the record in whose history the entry stands: the row itself, the
    parent of a child row, the record that a translation is of. `old` and `new` of an update hold the
    columns that changed, and those that tell what the row belongs to.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_owner", "owner_type", "owner_id", "id"),
        Index("ix_audit_entry_at", "at", postgresql_using="brin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant(), server_default=text("now()"))
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[str] = mapped_column(Text)
    actor_label: Mapped[str] = mapped_column(Text)
    correlation_id: Mapped[str] = mapped_column(Text)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(Text)
    object_id: Mapped[str] = mapped_column(Text)
    owner_type: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    old: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    new: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
