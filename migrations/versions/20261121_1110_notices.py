"""Notices for staff, pinned records and those seen lately."""

from __future__ import annotations

revision = "a51627384950"
down_revision = "940516273849"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
