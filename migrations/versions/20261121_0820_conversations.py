"""Conversations of visitors with staff: sessions, messages, read marks, canned answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "4f5061728394"
down_revision = "3e4f50617283"
branch_labels = None
depends_on = None


def _ends() -> tuple[sa.Column, ...]:
    return (
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
    )


def _text(name: str, length: int, default: str | None = "", nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), server_default=default, nullable=nullable)


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _instant(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _key(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=ondelete
    )


def upgrade() -> None:
    _create_sessions()
    _create_conversations()
    _create_messages()
    op.create_table(
        "read_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        _count("sequence"),
        _instant("read_at"),
        *_ends(),
        _key("read_mark", "conversation_id", "conversation", "CASCADE"),
        _key("read_mark", "user_id", "ab_user", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_read_mark"),
        sa.UniqueConstraint(
            "conversation_id",
            "user_id",
            name="uq_read_mark_conversation_id_user_id",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_read_mark_user_id", "read_mark", ["user_id"])
    op.create_table(
        "canned_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        _text("shortcut", 40),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _count("position"),
        *_ends(),
        sa.PrimaryKeyConstraint("id", name="pk_canned_answer"),
    )
    op.create_index("ix_canned_answer_order", "canned_answer", ["position", "id"])


def _create_sessions() -> None:
    op.create_table(
        "visitor_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        _text("name", 120),
        _text("email", 254),
        _text("locale", 35, "en"),
        _text("user_agent", 120),
        sa.Column("pages", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        _instant("seen_at"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_ends(),
        _key("visitor_session", "member_id", "member", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_visitor_session"),
        sa.UniqueConstraint("token_hash", name="uq_visitor_session_token_hash"),
    )
    op.create_index("ix_visitor_session_member_id", "visitor_session", ["member_id"])
    op.create_index("ix_visitor_session_seen", "visitor_session", ["seen_at"])


def _create_conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        _text("visitor_name", 200),
        _text("status", 10, "open"),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        _text("locale", 35, "en"),
        sa.Column("bot_on", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        *(_count(name) for name in ("bot_replies", "last_position", "last_sequence")),
        _instant("last_message_at"),
        _text("last_sender", 10),
        _text("last_excerpt", 200),
        *(
            _count(name)
            for name in ("unread_by_staff", "unread_by_client", "read_by_staff", "read_by_client")
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        _text("closed_by", 10),
        *_ends(),
        sa.CheckConstraint("status IN ('open','closed')", name=op.f("ck_conversation_status")),
        sa.CheckConstraint(
            "unread_by_staff >= 0 AND unread_by_client >= 0", name=op.f("ck_conversation_unread")
        ),
        _key("conversation", "session_id", "visitor_session", "CASCADE"),
        _key("conversation", "member_id", "member", "SET NULL"),
        _key("conversation", "assigned_to_id", "ab_user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
    )
    for name, columns in (
        ("session", ["session_id"]),
        ("member", ["member_id", "last_message_at"]),
        ("status_newest", ["status", "last_message_at", "id"]),
        ("assigned", ["assigned_to_id", "status"]),
    ):
        op.create_index(f"ix_conversation_{name}", "conversation", columns)
    op.create_index(
        "uq_conversation_open_session",
        "conversation",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )


def _create_messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        _text("sender", 10, None),
        _text("kind", 10, "text"),
        sa.Column("author_id", sa.Integer(), nullable=True),
        _text("author_name", 200),
        sa.Column("text", sa.Text(), nullable=False),
        _text("about", 200),
        _text("client_key", 64, None, nullable=True),
        *_ends(),
        sa.CheckConstraint("sender IN ('client','staff','bot')", name=op.f("ck_message_sender")),
        sa.CheckConstraint("kind IN ('text','note','event')", name=op.f("ck_message_kind")),
        sa.CheckConstraint(
            "(kind = 'text') = (sequence IS NOT NULL)", name=op.f("ck_message_only_texts_have_a_sequence")
        ),
        sa.CheckConstraint("kind <> 'note' OR sender = 'staff'", name=op.f("ck_message_notes_are_of_staff")),
        sa.CheckConstraint("char_length(text) BETWEEN 1 AND 4000", name=op.f("ck_message_text_bounded")),
        _key("message", "conversation_id", "conversation", "CASCADE"),
        _key("message", "author_id", "ab_user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("conversation_id", "position", name="uq_message_conversation_id_position"),
        sa.UniqueConstraint("conversation_id", "sequence", name="uq_message_conversation_id_sequence"),
        sa.UniqueConstraint(
            "conversation_id", "sender", "client_key", name="uq_message_conversation_id_sender_client_key"
        ),
    )
    op.create_index(
        "ix_message_text",
        "message",
        ["text"],
        postgresql_using="gin",
        postgresql_ops={"text": "gin_trgm_ops"},
    )


def downgrade() -> None:
    for table in ("canned_answer", "read_mark", "message", "conversation", "visitor_session"):
        op.drop_table(table)
