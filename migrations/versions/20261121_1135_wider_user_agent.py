"""What a visitor's browser says of itself is kept whole: a phone names itself after 120 characters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f06172839405"
down_revision = "e95061728394"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("visitor_session", "user_agent", type_=sa.String(300), existing_server_default="")


def downgrade() -> None:
    op.alter_column(
        "visitor_session",
        "user_agent",
        type_=sa.String(120),
        existing_server_default="",
        postgresql_using="left(user_agent, 120)",
    )
