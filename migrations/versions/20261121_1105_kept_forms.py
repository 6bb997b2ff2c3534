"""What was typed and not saved yet, and comments on records."""

from __future__ import annotations

revision = "940516273849"
down_revision = "839405162738"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
