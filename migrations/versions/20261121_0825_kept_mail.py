"""Mails that went out, and those that development keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "506172839405"
down_revision = "4f5061728394"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_mail")),
        sa.UniqueConstraint("number", name=op.f("uq_kept_mail_number")),
    )
    op.create_index(op.f("ix_kept_mail_sent_at"), "kept_mail", ["sent_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_kept_mail_sent_at"), table_name="kept_mail")
    op.drop_table("kept_mail")
