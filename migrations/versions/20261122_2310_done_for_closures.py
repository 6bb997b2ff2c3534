"""A step of a booking names the closure for which it was taken, so that the closure's page tells what it led to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "97a0b1c8d9eb"
down_revision = "869fa0b7c8da"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking_step", sa.Column("closure_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_booking_step_closure_id_closure",
        "booking_step",
        "closure",
        ["closure_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(
        "ix_booking_step_closure_id",
        "booking_step",
        ["closure_id"],
        postgresql_where=sa.text("closure_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_column("booking_step", "closure_id")
