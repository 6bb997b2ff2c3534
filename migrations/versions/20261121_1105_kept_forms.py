"""What was typed and not saved yet, and comments on records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "940516273849"
down_revision = "839405162738"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(63), nullable=False),
        sa.Column("object_id", sa.String(36), server_default="", nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_kept_form_user_id_ab_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index("ix_kept_form_of_record", "kept_form", ["user_id", "content_type", "object_id"])
    op.create_index("ix_kept_form_at", "kept_form", ["at"])
    op.create_table(
        "record_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content_type", sa.String(63), nullable=False),
        sa.Column("object_id", sa.String(36), nullable=False),
        sa.Column("field", sa.String(63), server_default="", nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("resolved_by", sa.String(200), nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "thread_id IS NULL OR resolved_at IS NULL", name=op.f("ck_record_comment_threads_are_resolved")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["ab_user.id"],
            name=op.f("fk_record_comment_author_id_ab_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["record_comment.id"],
            name=op.f("fk_record_comment_thread_id_record_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_comment")),
    )
    op.create_index("ix_record_comment_of_record", "record_comment", ["content_type", "object_id", "id"])
    op.create_index(op.f("ix_record_comment_thread_id"), "record_comment", ["thread_id"])


def downgrade() -> None:
    op.drop_table("record_comment")
    op.drop_table("kept_form")
