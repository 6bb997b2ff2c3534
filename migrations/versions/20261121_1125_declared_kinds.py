"""Columns of content that is written with rich text, colours and time zones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d84950617283"
down_revision = "c73849506172"
branch_labels = None
depends_on = None

# What a search sees of rich text: the words, not the tags.
VISIBLE = r"""
CREATE FUNCTION festoon_visible(written text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN strpos(written, '</') = 0 THEN written
        ELSE replace(replace(replace(replace(regexp_replace(written, '<[^>]*>', ' ', 'g'),
            '&lt;', '<'), '&gt;', '>'), '&nbsp;', ' '), '&amp;', '&') END
$$
"""
PLAIN = "string_agg(s.doc->>name, ' ')"
SEEN = "string_agg(festoon_visible(s.doc->>name), ' ')"
INDEXING = ("index()", "reindex(text, text[], text[])", "index_translation()")


def upgrade() -> None:
    op.add_column("theme", sa.Column("colour", sa.String(7), nullable=True))
    op.create_check_constraint(op.f("ck_theme_colour"), "theme", "colour ~ '^#[0-9a-f]{6}$'")
    op.add_column("festival", sa.Column("customs", sa.Text(), server_default="", nullable=False))
    op.add_column("festival", sa.Column("zone", sa.String(64), nullable=True))
    op.add_column("festival", sa.Column("facts", postgresql.JSONB(), nullable=True))
    op.execute(VISIBLE)
    _rewrite(PLAIN, SEEN)


def downgrade() -> None:
    _rewrite(SEEN, PLAIN)
    op.execute("DROP FUNCTION festoon_visible(text)")
    for name in ("facts", "zone", "customs"):
        op.drop_column("festival", name)
    op.drop_column("theme", "colour")


def _rewrite(old: str, new: str) -> None:
    """Have the functions that write search entries read each text in another way."""
    connection = op.get_bind()
    for signature in INDEXING:
        named = {"name": f"festoon_{signature}"}
        body = connection.scalar(sa.text("SELECT pg_get_functiondef(to_regprocedure(:name))"), named)
        if old not in body:
            raise RuntimeError(f"festoon_{signature} is not what this migration knows")
        connection.exec_driver_sql(body.replace(old, new).replace("%", "%%"))
