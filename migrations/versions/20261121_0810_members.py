"""Members, their devices and single-use tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2d3e4f506172"
down_revision = "1c2d3e4f5061"
branch_labels = None
depends_on = None


def times() -> list[sa.Column]:
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("pending_email", sa.String(length=254), nullable=True),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.String(length=35), server_default="en", nullable=False),
        sa.Column("time_zone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=20), server_default="active", nullable=False),
        sa.Column("suspended_because", sa.Text(), server_default="", nullable=False),
        sa.Column("is_verified", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_premium", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="1", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        *times(),
        sa.CheckConstraint("status IN ('active','suspended')", name=op.f("ck_member_status")),
        sa.CheckConstraint(
            "email = lower(email) AND username = lower(username)", name=op.f("ck_member_small_letters")
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_member_asset_id_asset"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("email", name=op.f("uq_member_email")),
        sa.UniqueConstraint("username", name=op.f("uq_member_username")),
    )
    op.create_index("ix_member_newest", "member", ["created_at", "id"])
    op.create_index("ix_member_status_newest", "member", ["status", "created_at", "id"])
    op.create_index("ix_member_seen_at", "member", ["seen_at"])
    op.create_index(op.f("ix_member_asset_id"), "member", ["asset_id"])
    op.create_table(
        "member_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("user_agent", sa.String(length=300), server_default="", nullable=False),
        sa.Column("ip", sa.String(length=45), server_default="", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=20), server_default="", nullable=False),
        *times(),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_device_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_device")),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_member_device_open_by_member", "member_device", ["member_id"], postgresql_where=is_open
    )
    op.create_index("ix_member_device_ended_at", "member_device", ["ended_at"])
    op.create_index(op.f("ix_member_device_member_id"), "member_device", ["member_id"])
    op.create_table(
        "member_refresh",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=64), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *times(),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["member_device.id"],
            name=op.f("fk_member_refresh_device_id_member_device"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_refresh")),
        sa.UniqueConstraint("parent_id", name=op.f("uq_member_refresh_parent_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_member_refresh_token_hash")),
    )
    op.create_index("ix_member_refresh_expires_at", "member_refresh", ["expires_at"])
    op.create_index(op.f("ix_member_refresh_device_id"), "member_refresh", ["device_id"])
    op.create_table(
        "member_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *times(),
        sa.CheckConstraint("purpose IN ('verify','reset')", name=op.f("ck_member_token_purpose")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_token_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_member_token_token_hash")),
    )
    op.create_index("ix_member_token_expires_at", "member_token", ["expires_at"])
    op.create_index(op.f("ix_member_token_member_id"), "member_token", ["member_id"])


def downgrade() -> None:
    op.drop_table("member_token")
    op.drop_table("member_refresh")
    op.drop_table("member_device")
    op.drop_table("member")
