"""Bookings from outside: whose they are, their link, and the answers kept for a key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "3e4f50617283"
down_revision = "2d3e4f506172"
branch_labels = None
depends_on = None

# The last 45 bits of a key, which are chance, as nine letters and digits that are not taken for each other.
PLACES = " || ".join(
    f"substr(letters, ((bits >> {place * 5}) & 31)::int + 1, 1)" + (" || '-'" if place in (6, 3) else "")
    for place in range(8, -1, -1)
)
REFERENCE = f"""
CREATE FUNCTION festoon_reference(key uuid) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    letters CONSTANT text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    bits CONSTANT bigint := ('x' || right(key::text, 12))::bit(48)::bigint;
BEGIN
    RETURN {PLACES};
END $$
"""


def upgrade() -> None:
    op.execute(REFERENCE)
    op.add_column("booking", sa.Column("time_zone", sa.String(length=64), server_default="", nullable=False))
    op.add_column("booking", sa.Column("member_id", sa.Uuid(), nullable=True))
    op.add_column(
        "booking",
        sa.Column(
            "reference",
            sa.String(length=11),
            sa.Computed("festoon_reference(id)", persisted=True),
            nullable=False,
        ),
    )
    op.add_column("booking", sa.Column("cancel_days", sa.Integer(), nullable=True))
    op.add_column("booking", sa.Column("link_serial", sa.Integer(), server_default="1", nullable=False))
    op.create_foreign_key(
        "fk_booking_member_id_member", "booking", "member", ["member_id"], ["id"], ondelete="SET NULL"
    )
    op.create_unique_constraint("uq_booking_reference", "booking", ["reference"])
    op.create_index(
        "ix_booking_member_newest",
        "booking",
        ["member_id", "created_at", "id"],
        postgresql_where=sa.text("member_id IS NOT NULL"),
    )
    op.create_table(
        "idempotent_answer",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("caller", "route", "key", name="pk_idempotent_answer"),
    )
    op.create_index("ix_idempotent_answer_created_at", "idempotent_answer", ["created_at"])


def downgrade() -> None:
    op.drop_table("idempotent_answer")
    op.drop_index("ix_booking_member_newest", table_name="booking")
    for column in ("link_serial", "cancel_days", "reference", "member_id", "time_zone"):
        op.drop_column("booking", column)
    op.execute("DROP FUNCTION festoon_reference(uuid)")
