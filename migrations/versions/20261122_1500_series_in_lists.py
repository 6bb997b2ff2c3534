"""What lists and search read of a series: its client, and the order of its days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "536c7d8495a7"
down_revision = "425b6c7384f6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("client_name", "client_email"):
        read = sa.Computed(f"COALESCE((facts ->> '{name}'::text), ''::text)", persisted=True)
        op.add_column("booking_series", sa.Column(name, sa.Text(), read, nullable=False))
    op.create_index("ix_booking_series_newest", "booking_series", ["created_at", "id"])
    day = sa.Computed("(falls_on - '2000-01-01'::date)", persisted=True)
    op.add_column("occurrence", sa.Column("position", sa.Integer(), day, nullable=False))


def downgrade() -> None:
    op.drop_column("occurrence", "position")
    op.drop_index("ix_booking_series_newest", table_name="booking_series")
    for name in ("client_email", "client_name"):
        op.drop_column("booking_series", name)
