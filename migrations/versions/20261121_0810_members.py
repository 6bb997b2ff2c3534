"""Members, their devices and single-use tokens."""

from __future__ import annotations

revision = "2d3e4f506172"
down_revision = "1c2d3e4f5061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
