"""Conversations of visitors with staff: sessions, messages, read marks, canned answers."""

from __future__ import annotations

revision = "4f5061728394"
down_revision = "3e4f50617283"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
