"""The tables of the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant
from app.kernel.ids import new_id

STATES = ("waiting", "running", "sent", "dead")


class OutboxRow(Model):  # type: ignore[misc]  # FAB's Model is an untyped declarative base
    """One domain event, written in the transaction that it tells of; `relayed_at` is when it was spread."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_unrelayed", "id", postgresql_where=text("relayed_at IS NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    topic: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    correlation_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant(), server_default=text("now()"))
    relayed_at: Mapped[datetime | None] = mapped_column(Instant())


class DeliveryRow(Model):  # type: ignore[misc]  # FAB's Model is an untyped declarative base
    """What one subscriber has to do about one event.

    `next_at` is when the relay looks at it again: a waiting one is due for the queue then, a running one
    has lost its worker. `ended_at` is when it was sent or given up.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("outbox_id", "subscriber"),
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        Index("ix_delivery_due", "next_at", postgresql_where=text("state IN ('waiting', 'running')")),
        Index("ix_delivery_dead", "id", postgresql_where=text("state = 'dead'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    outbox_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    subscriber: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime] = mapped_column(Instant(), server_default=text("now()"))
    last_error: Mapped[str] = mapped_column(Text, server_default="")
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
