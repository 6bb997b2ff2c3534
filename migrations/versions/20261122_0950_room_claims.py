"""Times in rooms that holds and bookings keep; two that keep others out cannot overlap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "1f28374051c3"
down_revision = "0e17263940b2"
branch_labels = None
depends_on = None

TABLE = "room_claim"
CHECKS = {
    "ends_after_start": "ends_at > starts_at",
    "blocked_covers": "lower(blocked) <= starts_at AND upper(blocked) >= ends_at"
    " AND lower_inc(blocked) AND NOT upper_inc(blocked)",
    "ended_as": "ended_as IN ('expired','released','cancelled')",
    "ended_whole": "(ended_as IS NULL) = (ended_at IS NULL)",
    "ended_blocks_not": "ended_as IS NULL OR NOT blocks",
    "hold_or_booking": "(booking_id IS NULL) = (expires_at IS NOT NULL)",
}


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public")
    now = sa.text("now()")
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("blocks", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_as", sa.String(10), nullable=True),
        sa.Column("promise", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_room_claim_room_id_room"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_room_claim_booking_id_booking"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_room_claim_member_id_member"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_claim")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_room_claim_booking_id")),
        postgresql.ExcludeConstraint(
            ("room_id", "="),
            ("blocked", "&&"),
            where=sa.text("blocks"),
            using="gist",
            name="room_claim_no_overlap",
        ),
    )
    op.create_index(op.f("ix_room_claim_member_id"), TABLE, ["member_id"])
    op.create_index("ix_room_claim_room_starts_at", TABLE, ["room_id", "starts_at"])
    op.create_index(
        "ix_room_claim_lapsing",
        TABLE,
        ["expires_at"],
        postgresql_where=sa.text("expires_at IS NOT NULL AND blocks"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
