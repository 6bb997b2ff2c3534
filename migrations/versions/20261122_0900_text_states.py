"""Suggestions for texts that are shown, who approved a text, why one was rejected, and which tool made it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d51627384950"
down_revision = "c39405162738"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, size in (("tool", 80), ("reason", 500)):
        op.add_column("translation", sa.Column(name, sa.String(size), nullable=False, server_default=""))
    op.add_column("translation", sa.Column("approved_by_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_translation_approved_by_id_ab_user"),
        "translation",
        "ab_user",
        ["approved_by_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_table(
        "translation_suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("translation_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), server_default="open", nullable=False),
        sa.Column("reason", sa.String(500), server_default="", nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(80), server_default="", nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('open','accepted','declined')", name=op.f("ck_translation_suggestion_state")
        ),
        sa.ForeignKeyConstraint(
            ["translation_id"],
            ["translation.id"],
            name=op.f("fk_translation_suggestion_translation_id_translation"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [name],
                ["ab_user.id"],
                name=op.f(f"fk_translation_suggestion_{name}_ab_user"),
                ondelete="SET NULL",
            )
            for name in ("author_id", "decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_suggestion")),
    )
    op.create_index(
        op.f("ix_translation_suggestion_translation_id"), "translation_suggestion", ["translation_id"]
    )
    op.create_index(
        "uq_translation_suggestion_open",
        "translation_suggestion",
        ["translation_id", "author_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_table("translation_suggestion")
    for name in ("approved_by_id", "tool", "reason"):
        op.drop_column("translation", name)
