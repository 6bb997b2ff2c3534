"""A booking keeps the numbers of those whose place it took, so that a client's old number finds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "869fa0b7c8da"
down_revision = "758e9fa6b7c9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("former_references", sa.Text(), server_default="", nullable=False))
    op.execute(
        """
        WITH RECURSIVE chain (id, numbers) AS (
            SELECT after.id, before.reference::text
            FROM booking AS after JOIN booking AS before ON before.id = after.follows_id
            WHERE before.follows_id IS NULL
            UNION ALL
            SELECT after.id, chain.numbers || ' ' || before.reference
            FROM chain JOIN booking AS before ON before.id = chain.id JOIN booking AS after ON after.follows_id = chain.id
        )
        UPDATE booking SET former_references = chain.numbers FROM chain WHERE chain.id = booking.id
        """
    )


def downgrade() -> None:
    op.drop_column("booking", "former_references")
