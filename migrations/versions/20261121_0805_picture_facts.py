"""Pictures: renditions, focal point, blurred stand-in, and whether they may be shown."""

from __future__ import annotations

revision = "1c2d3e4f5061"
down_revision = "0b1c2d3e4f50"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
