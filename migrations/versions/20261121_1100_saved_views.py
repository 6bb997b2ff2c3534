"""Saved views of lists, and how each person keeps a list's columns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "839405162738"
down_revision = "728394051627"
branch_labels = None
depends_on = None


def _at(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=4), server_default="me", nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        _at("created_at"),
        _at("updated_at"),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("audience IN ('me','role','all')", name=op.f("ck_saved_view_audience")),
        sa.CheckConstraint("(audience = 'role') = (role_id IS NOT NULL)", name=op.f("ck_saved_view_role")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_saved_view_user_id_ab_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["ab_role.id"], name=op.f("fk_saved_view_role_id_ab_role"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_resource", "saved_view", ["resource", "created_at"])
    op.create_table(
        "list_setting",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("resource", sa.String(length=64), nullable=False),
        sa.Column("columns", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("widths", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("view_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_list_setting_user_id_ab_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["view_id"],
            ["saved_view.id"],
            name=op.f("fk_list_setting_view_id_saved_view"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("user_id", "resource", name=op.f("pk_list_setting")),
    )
    op.create_index(op.f("ix_list_setting_view_id"), "list_setting", ["view_id"])


def downgrade() -> None:
    op.drop_table("list_setting")
    op.drop_table("saved_view")
