"""How each person arranges the home page; density, start page, keys and time zone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c73849506172"
down_revision = "b62738495061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "home_layout",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("widgets", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_home_layout_user_id_ab_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_layout")),
        sa.UniqueConstraint("user_id", name=op.f("uq_home_layout_user_id")),
    )
    op.add_column("staff_preference", sa.Column("density", sa.String(10)))
    op.add_column("staff_preference", sa.Column("start_page", sa.String(200)))
    op.add_column("staff_preference", sa.Column("shortcuts", sa.Boolean()))
    op.add_column("staff_preference", sa.Column("time_zone", sa.String(64)))
    op.create_check_constraint(
        op.f("ck_staff_preference_density"), "staff_preference", "density IN ('cosy','compact')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_staff_preference_density"), "staff_preference", type_="check")
    for name in ("time_zone", "shortcuts", "start_page", "density"):
        op.drop_column("staff_preference", name)
    op.drop_table("home_layout")
