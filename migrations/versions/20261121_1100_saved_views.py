"""Saved views of lists, and how each person keeps a list's columns."""

from __future__ import annotations

revision = "839405162738"
down_revision = "728394051627"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
