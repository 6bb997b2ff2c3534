"""Notices for staff, pinned records and those seen lately."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a51627384950"
down_revision = "940516273849"
branch_labels = None
depends_on = None


def _at() -> sa.Column:
    return sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("resource", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        _at(),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_notice_user_id_ab_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(
        "uq_notice_unread",
        "notice",
        ["user_id", "kind", "resource", "subject"],
        unique=True,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index("ix_notice_user_id_at", "notice", ["user_id", "at"])
    for name in ("seen_record", "pinned_record"):
        op.create_table(
            name,
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("resource", sa.String(64), nullable=False),
            sa.Column("record_id", sa.String(64), nullable=False),
            *([sa.Column("title", sa.Text(), nullable=False)] if name == "seen_record" else []),
            _at(),
            sa.ForeignKeyConstraint(
                ["user_id"], ["ab_user.id"], name=op.f(f"fk_{name}_user_id_ab_user"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("user_id", "resource", "record_id", name=op.f(f"pk_{name}")),
        )
    op.create_index("ix_seen_record_user_id_at", "seen_record", ["user_id", "at"])


def downgrade() -> None:
    op.drop_table("pinned_record")
    op.drop_table("seen_record")
    op.drop_table("notice")
