"""The sentences of the interface, so that they are translated beside the content."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a81950617283"
down_revision = "f71849506172"
branch_labels = None
depends_on = None

# Every process keeps the words that are in force; only a text of the interface changes them.
TELL = """
CREATE FUNCTION festoon_notify_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    is_ours boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        is_ours := EXISTS (SELECT FROM old_rows WHERE content_type = 'interface_message');
    ELSE
        is_ours := EXISTS (SELECT FROM new_rows WHERE content_type = 'interface_message');
    END IF;
    IF is_ours THEN
        PERFORM pg_notify('festoon', 'words');
    END IF;
    RETURN NULL;
END $$
"""
SEEN_BY = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
}


def _record() -> list[sa.Column]:
    now = sa.text("now()")
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
    ]


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _json(name: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "interface_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(40), nullable=False),
        _text("context"),
        sa.Column("msgid", sa.Text(), nullable=False),
        _text("msgid_plural"),
        sa.Column("mark", sa.String(64), nullable=False),
        _text("comment"),
        sa.Column("flags", sa.String(120), server_default="", nullable=False),
        _text("where_used"),
        sa.Column("is_obsolete", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_in_files", sa.Boolean(), nullable=True),
        _json("in_files"),
        *_record(),
        sa.CheckConstraint(
            "domain IN ('festoon','flask_appbuilder')", name=op.f("ck_interface_message_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interface_message")),
        sa.UniqueConstraint("mark", name=op.f("uq_interface_message_mark")),
    )
    op.create_table(
        "interface_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("actor"),
        sa.Column("fingerprint", sa.String(64), server_default="", nullable=False),
        _json("facts"),
        *_record(),
        sa.CheckConstraint("kind IN ('read','write','gather')", name=op.f("ck_interface_run_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interface_run")),
        sa.UniqueConstraint("kind", name=op.f("uq_interface_run_kind")),
    )
    op.execute(TELL)
    for event, seen in SEEN_BY.items():
        op.execute(
            f"CREATE TRIGGER words_{event} AFTER {event.upper()} ON translation {seen} "
            "FOR EACH STATEMENT EXECUTE FUNCTION festoon_notify_words()"
        )
    op.execute(
        "CREATE TRIGGER words AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON interface_message "
        "FOR EACH STATEMENT EXECUTE FUNCTION festoon_notify('words')"
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION festoon_notify_words() CASCADE")
    op.execute("DELETE FROM translation WHERE content_type = 'interface_message'")
    op.drop_table("interface_run")
    op.drop_table("interface_message")
