"""Bookings from outside: whose they are, their link, and the answers kept for a key."""

from __future__ import annotations

revision = "3e4f50617283"
down_revision = "2d3e4f506172"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
