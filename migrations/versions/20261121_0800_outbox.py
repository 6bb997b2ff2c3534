"""The outbox: news of the business, and its deliveries to whoever asked for them."""

from __future__ import annotations

revision = "0b1c2d3e4f50"
down_revision = "7c1d0e52ab94"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
