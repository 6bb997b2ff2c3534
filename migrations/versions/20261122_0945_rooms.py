"""Rooms with their prices and rules, closures, and what is paid back to who cancels."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0e17263940b2"
down_revision = "fd06152839a1"
branch_labels = None
depends_on = None

TABLES = (
    "cancellation_policy",
    "cancellation_step",
    "room",
    "room_picture",
    "room_price",
    "closure",
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
    _make_cancellation_policy()
    _make_cancellation_step()
    _make_room()
    _make_room_picture()
    _make_room_price()
    _make_closure()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_cancellation_policy() -> None:
    op.create_table(
        "cancellation_policy",
        *_record(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellation_policy")),
        sa.UniqueConstraint("name", name=op.f("uq_cancellation_policy_name")),
    )


def _make_cancellation_step() -> None:
    op.create_table(
        "cancellation_step",
        *_record(),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("hours_before", sa.Integer(), nullable=False),
        sa.Column("refund_percent", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("hours_before BETWEEN 0 AND 8784", name=op.f("ck_cancellation_step_hours_before")),
        sa.CheckConstraint(
            "refund_percent BETWEEN 0 AND 100", name=op.f("ck_cancellation_step_refund_percent")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["cancellation_policy.id"],
            name=op.f("fk_cancellation_step_policy_id_cancellation_policy"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellation_step")),
        sa.UniqueConstraint(
            "policy_id",
            "hours_before",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_cancellation_step_policy_id_hours_before"),
        ),
    )
    op.create_index(op.f("ix_cancellation_step_policy_id"), "cancellation_step", ["policy_id"], unique=False)


def _make_room() -> None:
    op.create_table(
        "room",
        *_record(),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), server_default="EUR", nullable=False),
        sa.Column("pending_policy", sa.String(10), server_default="block", nullable=False),
        sa.Column("buffer_before_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("buffer_after_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("notice_minutes", sa.Integer(), server_default="120", nullable=False),
        sa.Column("advance_days", sa.Integer(), server_default="365", nullable=False),
        sa.Column("step_minutes", sa.Integer(), server_default="30", nullable=False),
        sa.Column("minimum_minutes", sa.Integer(), server_default="60", nullable=False),
        sa.Column("maximum_minutes", sa.Integer(), server_default="720", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_room_currency")),
        sa.CheckConstraint("pending_policy IN ('block','compete')", name=op.f("ck_room_pending_policy")),
        sa.CheckConstraint("advance_days BETWEEN 1 AND 1100", name=op.f("ck_room_advance_days")),
        sa.CheckConstraint(
            "buffer_after_minutes BETWEEN 0 AND 1440", name=op.f("ck_room_buffer_after_minutes")
        ),
        sa.CheckConstraint(
            "buffer_before_minutes BETWEEN 0 AND 1440", name=op.f("ck_room_buffer_before_minutes")
        ),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_room_some_capacity")),
        sa.CheckConstraint(
            "maximum_minutes >= minimum_minutes", name=op.f("ck_room_maximum_not_below_minimum")
        ),
        sa.CheckConstraint("maximum_minutes BETWEEN 5 AND 44640", name=op.f("ck_room_maximum_minutes")),
        sa.CheckConstraint("minimum_minutes BETWEEN 5 AND 44640", name=op.f("ck_room_minimum_minutes")),
        sa.CheckConstraint("notice_minutes BETWEEN 0 AND 525600", name=op.f("ck_room_notice_minutes")),
        sa.CheckConstraint("step_minutes BETWEEN 5 AND 1440", name=op.f("ck_room_step_minutes")),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["cancellation_policy.id"],
            name=op.f("fk_room_policy_id_cancellation_policy"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_room_venue_id_venue"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("id", "currency", name=op.f("uq_room_id_currency")),
        sa.UniqueConstraint("slug", name=op.f("uq_room_slug")),
    )
    op.create_index(op.f("ix_room_policy_id"), "room", ["policy_id"], unique=False)
    op.create_index("ix_room_venue_order", "room", ["venue_id", "position", "id"], unique=False)


def _make_room_picture() -> None:
    op.create_table(
        "room_picture",
        *_record(),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("alt", sa.String(300), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_room_picture_asset_id_asset"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_room_picture_room_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_picture")),
    )
    op.create_index(op.f("ix_room_picture_asset_id"), "room_picture", ["asset_id"], unique=False)
    op.create_index(op.f("ix_room_picture_room_id"), "room_picture", ["room_id"], unique=False)


def _make_room_price() -> None:
    op.create_table(
        "room_price",
        *_record(),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 44640", name=op.f("ck_room_price_minutes")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_room_price_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["room_id", "currency"],
            ["room.id", "room.currency"],
            name=op.f("fk_room_price_room_id_currency_room"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_price")),
        sa.UniqueConstraint(
            "room_id",
            "minutes",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_room_price_room_id_minutes"),
        ),
    )
    op.create_index(op.f("ix_room_price_room_id"), "room_price", ["room_id"], unique=False)


def _make_closure() -> None:
    op.create_table(
        "closure",
        *_record(),
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_closure_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_closure_room_id_room"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_closure_venue_id_venue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index(op.f("ix_closure_room_id"), "closure", ["room_id"], unique=False)
    op.create_index("ix_closure_starts_at", "closure", ["starts_at", "id"], unique=False)
    op.create_index("ix_closure_venue_starts_at", "closure", ["venue_id", "starts_at"], unique=False)
