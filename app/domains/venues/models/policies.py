"""What a client gets back who calls a booking off."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Record


class CancellationPolicy(Record):
    """A promise in steps: the earlier a booking is called off, the more is paid back."""

    __tablename__ = "cancellation_policy"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")

    steps: Mapped[list[CancellationStep]] = relationship(
        order_by="CancellationStep.position", cascade="all, delete-orphan", passive_deletes=True
    )

    def __str__(self) -> str:
        return self.name


class CancellationStep(Record):
    """Until so many hours before the start so many percent are paid back."""

    __tablename__ = "cancellation_step"
    __table_args__ = (
        CheckConstraint(
            "hours_before BETWEEN 0 AND 8784",
            name="hours_before",
            info={"field": "hours_before", "sentence": _l("Give from 0 to 8784 hours, which is a year.")},
        ),
        CheckConstraint(
            "refund_percent BETWEEN 0 AND 100",
            name="refund_percent",
            info={"field": "refund_percent", "sentence": _l("Give from 0 to 100 percent.")},
        ),
        UniqueConstraint(
            "policy_id",
            "hours_before",
            deferrable=True,
            initially="DEFERRED",
            info={"sentence": _l("Give each number of hours once.")},
        ),
    )

    policy_id: Mapped[UUID] = mapped_column(
        ForeignKey("cancellation_policy.id", ondelete="CASCADE"), index=True
    )
    hours_before: Mapped[int]
    refund_percent: Mapped[int]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
