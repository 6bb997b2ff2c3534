"""A booking from outside costs the database less."""

from __future__ import annotations

revision = "f06172839405"
down_revision = "e95061728394"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
