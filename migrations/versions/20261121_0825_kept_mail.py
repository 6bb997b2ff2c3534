"""Mails that development keeps instead of sending."""

from __future__ import annotations

revision = "506172839405"
down_revision = "4f5061728394"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
