"""Folders and tags of the picture library, and alternative texts of a picture itself."""

from __future__ import annotations

revision = "b62738495061"
down_revision = "a51627384950"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
