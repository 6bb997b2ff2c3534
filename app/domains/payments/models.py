"""What was paid for a booking, and what is paid back of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Instant, Record


class PaymentMethod(StrEnum):
    """How money came; or staff's word that it need not (a waiver), or not yet (later)."""

    CASH = "cash"
    BANK_TRANSFER = "bank_transfer"
    WAIVER = "waiver"
    LATER = "later"

    @property
    def label(self) -> Any:
        """Give the method in the reader's words."""
        return _METHODS[self]


_METHODS = {
    PaymentMethod.CASH: _l("Cash"),
    PaymentMethod.BANK_TRANSFER: _l("Bank transfer"),
    PaymentMethod.WAIVER: _l("Waiver"),
    PaymentMethod.LATER: _l("To be paid later"),
}

BY_WORD = (PaymentMethod.WAIVER.value, PaymentMethod.LATER.value)
"""What staff said of money, and brought none."""


class PaymentStatus(StrEnum):
    """Where a payment stands; it follows from what was paid back of it."""

    CAPTURED = "captured"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"

    @property
    def label(self) -> Any:
        """Give the status in the reader's words."""
        return _STATUSES[self]


_STATUSES = {
    PaymentStatus.CAPTURED: _l("Received"),
    PaymentStatus.PARTLY_REFUNDED: _l("Partly paid back"),
    PaymentStatus.REFUNDED: _l("Paid back"),
}


class RefundStatus(StrEnum):
    """Whether a refund is to be made or made; what is wanted counts as given away already."""

    WANTED = "wanted"
    PAID = "paid"

    @property
    def label(self) -> Any:
        """Give the status in the reader's words."""
        return _REFUNDS[self]


_REFUNDS = {RefundStatus.WANTED: _l("To be paid back"), RefundStatus.PAID: _l("Paid back")}


class Payment(Record):
    """Money that came in for a booking, in its currency. What staff said has its amount, and brings none.

    `refunded_minor` is the sum of its refunds, wanted and paid: the database keeps it from passing the amount.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("method IN ('cash','bank_transfer','waiver','later')", name="method"),
        CheckConstraint("status IN ('captured','partly_refunded','refunded')", name="status"),
        CheckConstraint("amount_minor > 0", name="some_amount"),
        CheckConstraint("refunded_minor BETWEEN 0 AND amount_minor", name="refunded_within_amount"),
        CheckConstraint("method NOT IN ('waiver','later') OR refunded_minor = 0", name="word_is_no_money"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        Index("ix_payment_newest", "created_at", "id"),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id", ondelete="RESTRICT"), index=True)
    method: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    refunded_minor: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(
        String(20), default=PaymentStatus.CAPTURED.value, server_default=PaymentStatus.CAPTURED.value
    )
    received_at: Mapped[datetime] = mapped_column(Instant(), default=clock.now)
    reference: Mapped[str] = mapped_column(String(120), default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    actor_label: Mapped[str] = mapped_column(String(200), default="", server_default="")

    def __str__(self) -> str:
        return self.reference or str(PaymentMethod(self.method).label)


class Refund(Record):
    """Money of one payment that goes back: wanted by a cancellation, paid once staff say so."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("status IN ('wanted','paid')", name="status"),
        CheckConstraint("amount_minor > 0", name="some_amount"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name="paid_has_moment"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        Index("ix_refund_newest", "created_at", "id"),
    )

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id", ondelete="RESTRICT"), index=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id", ondelete="RESTRICT"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(
        String(20), default=RefundStatus.WANTED.value, server_default=RefundStatus.WANTED.value
    )
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    paid_at: Mapped[datetime | None] = mapped_column(Instant())
    actor_label: Mapped[str] = mapped_column(String(200), default="", server_default="")

    def __str__(self) -> str:
        return str(RefundStatus(self.status).label)
