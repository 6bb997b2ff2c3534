"""What a run of the machine filled in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "db4283940516"
down_revision = "ca3172839405"
branch_labels = None
depends_on = None

COUNTS = (
    *("texts", "words", "characters", "known"),
    *("seen", "written", "refused", "unanswered", "passed", "asked", "tokens", "undone"),
)


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "prefill_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("tool", sa.String(20), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("types", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("records", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("status", sa.String(10), server_default="waiting", nullable=False),
        sa.Column("place", sa.String(200), server_default="", nullable=False),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in COUNTS),
        sa.Column("trouble", sa.String(500), server_default="", nullable=False),
        sa.Column("job_id", sa.String(64), server_default="", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting','running','done','cancelled','failed')", name=op.f("ck_prefill_run_status")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["ab_user.id"], name=op.f("fk_prefill_run_by_id_ab_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prefill_run")),
    )
    op.create_table(
        "prefill_text",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("translation_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["prefill_run.id"],
            name=op.f("fk_prefill_text_run_id_prefill_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "translation_id", name=op.f("pk_prefill_text")),
    )


def downgrade() -> None:
    op.drop_table("prefill_text")
    op.drop_table("prefill_run")
