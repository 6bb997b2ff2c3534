"""A visitor's session in which its member has signed in opens nothing by its own token alone.

Of sessions that were linked before, nobody knows whether staff did it or the member: all count as signed in.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "728394051627"
down_revision = "617283940516"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visitor_session", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE visitor_session SET signed_in_at = now() WHERE member_id IS NOT NULL")


def downgrade() -> None:
    op.drop_column("visitor_session", "signed_in_at")
