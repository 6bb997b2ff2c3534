"""Columns of content that is written with rich text, colours and time zones."""

from __future__ import annotations

revision = "d84950617283"
down_revision = "c73849506172"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
