"""What was paid for bookings, and what is paid back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "425b6c7384f6"
down_revision = "314a5b6273e5"
branch_labels = None
depends_on = None

TABLES = (
    "payment",
    "refund",
)


def _record() -> list[sa.Column[Any]]:
    """Give the columns that every table of ours has."""
    now = sa.text("now()")
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
    ]


def upgrade() -> None:
    _make_payment()
    _make_refund()
    _explain_what_was_promised()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_payment() -> None:
    op.create_table(
        "payment",
        *_record(),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(20), server_default="captured", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(120), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("actor_label", sa.String(200), server_default="", nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_payment_currency")),
        sa.CheckConstraint(
            "method <> 'waiver' OR refunded_minor = 0", name=op.f("ck_payment_waiver_is_no_money")
        ),
        sa.CheckConstraint("method IN ('cash','bank_transfer','waiver')", name=op.f("ck_payment_method")),
        sa.CheckConstraint(
            "status IN ('captured','partly_refunded','refunded')", name=op.f("ck_payment_status")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_some_amount")),
        sa.CheckConstraint(
            "refunded_minor BETWEEN 0 AND amount_minor", name=op.f("ck_payment_refunded_within_amount")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_payment_booking_id_booking"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(op.f("ix_payment_booking_id"), "payment", ["booking_id"], unique=False)
    op.create_index("ix_payment_newest", "payment", ["created_at", "id"], unique=False)


def _make_refund() -> None:
    op.create_table(
        "refund",
        *_record(),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(20), server_default="wanted", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor_label", sa.String(200), server_default="", nullable=False),
        sa.CheckConstraint(
            "(status = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_refund_paid_has_moment")
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_refund_currency")),
        sa.CheckConstraint("status IN ('wanted','paid')", name=op.f("ck_refund_status")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refund_some_amount")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_refund_booking_id_booking"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id_payment"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
    )
    op.create_index(op.f("ix_refund_booking_id"), "refund", ["booking_id"], unique=False)
    op.create_index("ix_refund_newest", "refund", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_refund_payment_id"), "refund", ["payment_id"], unique=False)


def _explain_what_was_promised() -> None:
    """Note of bookings that were confirmed before payments were kept that they may be paid later."""
    op.execute(
        """INSERT INTO payment (id, booking_id, method, amount_minor, currency, received_at, reference, note)
           SELECT gen_random_uuid(), id, 'waiver', total_minor, currency, updated_at, reference, 'To be paid later'
           FROM booking WHERE status = 'confirmed' AND total_minor > 0"""
    )
