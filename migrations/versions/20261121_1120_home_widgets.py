"""How each person arranges the home page; density and start page."""

from __future__ import annotations

revision = "c73849506172"
down_revision = "b62738495061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
