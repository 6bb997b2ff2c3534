"""Bookings of rooms: their time, what they follow, and series of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20394a5162d4"
down_revision = "1f28374051c3"
branch_labels = None
depends_on = None

TABLES = (
    "booking_series",
    "occurrence",
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


STATUSES = "'pending','confirmed','completed','cancelled','no_show'"
ENDS = "'expired','released','cancelled'"


def upgrade() -> None:
    _allow(f"{STATUSES},'rejected','moved'", f"{ENDS},'moved','rejected'")
    _make_booking_series()
    _make_occurrence()
    _give_bookings_a_time()


def downgrade() -> None:
    for column in ("series_id", "follows_id", "ends_at", "starts_at", "room_id"):
        op.drop_column("booking", column)
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("UPDATE booking SET status = 'cancelled' WHERE status IN ('rejected','moved')")
    op.execute("UPDATE room_claim SET ended_as = 'cancelled' WHERE ended_as IN ('rejected','moved')")
    _allow(STATUSES, ENDS)


def _allow(statuses: str, ends: str) -> None:
    op.drop_constraint(op.f("ck_booking_status"), "booking", type_="check")
    op.create_check_constraint(op.f("ck_booking_status"), "booking", f"status IN ({statuses})")
    op.drop_constraint(op.f("ck_room_claim_ended_as"), "room_claim", type_="check")
    op.create_check_constraint(op.f("ck_room_claim_ended_as"), "room_claim", f"ended_as IN ({ends})")


def _give_bookings_a_time() -> None:
    for column in (
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
    ):
        op.add_column("booking", column)
    op.create_check_constraint(
        op.f("ck_booking_whole_time"), "booking", "num_nulls(room_id, starts_at, ends_at) IN (0, 3)"
    )
    op.create_check_constraint(op.f("ck_booking_ends_after_start"), "booking", "ends_at > starts_at")
    op.create_unique_constraint(op.f("uq_booking_follows_id"), "booking", ["follows_id"])
    for column, table, ondelete in (
        ("series_id", "booking_series", "SET NULL"),
        ("room_id", "room", "RESTRICT"),
        ("follows_id", "booking", "RESTRICT"),
    ):
        name = op.f(f"fk_booking_{column}_{table}")
        op.create_foreign_key(name, "booking", table, [column], ["id"], ondelete=ondelete)
    op.create_index(op.f("ix_booking_series_id"), "booking", ["series_id"])
    op.create_index(
        "ix_booking_room_starts_at",
        "booking",
        ["room_id", "starts_at"],
        postgresql_where=sa.text("room_id IS NOT NULL"),
    )


def _make_booking_series() -> None:
    op.create_table(
        "booking_series",
        *_record(),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("rhythm", sa.String(10), nullable=False),
        sa.Column("every", sa.Integer(), server_default="1", nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("starts_time", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("rhythm IN ('daily','weekly','monthly')", name=op.f("ck_booking_series_rhythm")),
        sa.CheckConstraint("every BETWEEN 1 AND 52", name=op.f("ck_booking_series_every")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_booking_series_some_minutes")),
        sa.CheckConstraint("until_on >= first_on", name=op.f("ck_booking_series_until_not_before_first")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_booking_series_room_id_room"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_series")),
    )
    op.create_index(op.f("ix_booking_series_room_id"), "booking_series", ["room_id"], unique=False)


def _make_occurrence() -> None:
    op.create_table(
        "occurrence",
        *_record(),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("falls_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("against", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'booked') = (booking_id IS NOT NULL)", name=op.f("ck_occurrence_booked_has_booking")
        ),
        sa.CheckConstraint(
            "outcome IN ('booked','taken','closed','refused','left_out')", name=op.f("ck_occurrence_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_occurrence_booking_id_booking"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["booking_series.id"],
            name=op.f("fk_occurrence_series_id_booking_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("series_id", "falls_on", name=op.f("uq_occurrence_series_id_falls_on")),
    )
    op.create_index("ix_occurrence_booking", "occurrence", ["booking_id"], unique=False)
