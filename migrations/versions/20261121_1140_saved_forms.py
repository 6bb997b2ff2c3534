"""Which form made which record, so that one that is sent twice makes it once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a17283940516"
down_revision = "f06172839405"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_form",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.String(36), server_default="", nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_saved_form_user_id_ab_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_saved_form")),
    )
    op.create_index("ix_saved_form_at", "saved_form", ["at"])


def downgrade() -> None:
    op.drop_table("saved_form")
