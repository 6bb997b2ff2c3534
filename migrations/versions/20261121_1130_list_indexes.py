"""Indexes that the ways to see a list need."""

from __future__ import annotations

revision = "e95061728394"
down_revision = "d84950617283"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
