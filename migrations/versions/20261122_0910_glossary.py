"""Words that are translated in one way, or not at all; and what was translated before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f71849506172"
down_revision = "e61738495061"
branch_labels = None
depends_on = None

PATH = "SET search_path = pg_catalog, public, pg_temp"

# A text as a reader reads it, on one line: without tags, with the signs that HTML writes otherwise.
PLAIN = rf"""
CREATE FUNCTION festoon_plain(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE {PATH} AS $$
SELECT btrim(regexp_replace(
    replace(replace(replace(replace(replace(replace(
        regexp_replace(coalesce(value, ''), '</?[a-zA-Z][^<>]*>', ' ', 'g'),
        '&nbsp;', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&'),
    '\s+', ' ', 'g')) $$
"""

# Keeps the memory in line with what is approved, whoever writes it and how. Its argument: what is kept, as
# "content type.field" with commas. What is sent back or removed is forgotten; what vanishes with
# its record is kept, see decision 0023.
REMEMBER = rf"""
CREATE FUNCTION festoon_remember() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    kept text[] := string_to_array(TG_ARGV[0], ',');
    part record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        FOR part IN SELECT DISTINCT o.content_type AS name FROM old_rows AS o
            WHERE o.state IN ('approved', 'stale') AND o.content_type || '.' || o.field = ANY (kept)
        LOOP
            EXECUTE format($query$
                DELETE FROM memory_entry AS m USING old_rows AS o
                WHERE o.content_type = %1$L AND o.state IN ('approved', 'stale') AND m.content_type = o.content_type
                    AND m.object_id = o.object_id AND m.field = o.field AND m.locale = o.locale
                    AND m.source_hash = o.source_hash AND EXISTS (SELECT FROM %1$I AS r WHERE r.id = o.object_id)
            $query$, part.name);
        END LOOP;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM memory_entry AS m USING new_rows AS n JOIN old_rows AS o ON o.id = n.id
        WHERE o.state IN ('approved', 'stale') AND n.state NOT IN ('approved', 'stale')
            AND m.content_type = n.content_type AND m.object_id = n.object_id AND m.field = n.field
            AND m.locale = n.locale AND m.source_hash = o.source_hash;
    END IF;
    FOR part IN EXECUTE format($query$
            SELECT DISTINCT n.content_type AS name, CASE WHEN n.content_type <> 'interface_message' THEN n.field
                WHEN n.field IN ('text', 'one') THEN 'msgid' ELSE 'msgid_plural' END AS field
            FROM new_rows AS n %s
            WHERE n.state IN ('approved', 'stale') AND n.text <> '' AND coalesce(n.source_text, '?') <> ''
                AND n.content_type || '.' || n.field = ANY ($1) %s
        $query$, CASE TG_OP WHEN 'UPDATE' THEN 'JOIN old_rows AS o ON o.id = n.id' END, CASE TG_OP WHEN 'UPDATE' THEN
            'AND (o.text, o.state, o.source_hash) IS DISTINCT FROM (n.text, n.state, n.source_hash)' END) USING kept
    LOOP
        CONTINUE WHEN NOT EXISTS (SELECT FROM pg_attribute AS a WHERE NOT a.attisdropped
            AND a.attrelid = to_regclass(quote_ident(part.name)) AND a.attname = part.field);
        EXECUTE format($query$
            INSERT INTO memory_entry AS m (content_type, object_id, field, locale, source_hash, source, opening, size,
                text, approved_at)
            SELECT n.content_type, n.object_id, n.field, n.locale, n.source_hash, s.source, p.opening,
                cardinality(show_trgm(p.opening)), n.text, n.updated_at
            FROM new_rows AS n JOIN %1$I AS r ON r.id = n.object_id
            CROSS JOIN LATERAL (SELECT coalesce(n.source_text, r.%2$I::text) AS source) AS s
            CROSS JOIN LATERAL (SELECT left(festoon_plain(s.source), 200) AS opening) AS p
            WHERE n.content_type = %1$L AND n.state IN ('approved', 'stale') AND n.text <> '' AND s.source <> ''
                AND n.source_hash = festoon_source_hash(s.source)
                AND %2$L = CASE WHEN n.content_type <> 'interface_message' THEN n.field
                    WHEN n.field IN ('text', 'one') THEN 'msgid' ELSE 'msgid_plural' END
            ORDER BY n.object_id, n.field, n.locale
            ON CONFLICT (content_type, object_id, field, locale, source_hash) DO UPDATE SET source = excluded.source,
                opening = excluded.opening, size = excluded.size, text = excluded.text,
                approved_at = excluded.approved_at
            WHERE m.text <> excluded.text OR m.source <> excluded.source
        $query$, part.name, part.field);
    END LOOP;
    RETURN NULL;
END $$
"""

# The other processes are told at the commit that their glossary is old.
TELL = (
    """
CREATE TRIGGER festoon_notify AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON glossary_term
    FOR EACH STATEMENT EXECUTE FUNCTION festoon_notify('glossary')
""",
    """
CREATE TRIGGER festoon_notify_glossary AFTER INSERT OR UPDATE ON translation FOR EACH ROW
    WHEN (NEW.content_type = 'glossary_term') EXECUTE FUNCTION festoon_notify('glossary')
""",
    """
CREATE TRIGGER festoon_notify_glossary_gone AFTER DELETE ON translation FOR EACH ROW
    WHEN (OLD.content_type = 'glossary_term') EXECUTE FUNCTION festoon_notify('glossary')
""",
)


def upgrade() -> None:
    op.create_table(
        "glossary_term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.String(120), nullable=False),
        sa.Column("rule", sa.String(10), server_default="translate", nullable=False),
        sa.Column("is_case_sensitive", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("language", sa.String(35), nullable=True),
        sa.Column("instead", sa.String(120), server_default="", nullable=False),
        sa.Column("note", sa.String(500), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("rule IN ('translate','keep','forbid')", name=op.f("ck_glossary_term_rule")),
        sa.CheckConstraint(
            "(rule = 'forbid') = (language IS NOT NULL)", name=op.f("ck_glossary_term_language")
        ),
        sa.CheckConstraint("rule = 'forbid' OR instead = ''", name=op.f("ck_glossary_term_instead")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_term")),
        sa.UniqueConstraint(
            "term", "language", name="uq_glossary_term_term", postgresql_nulls_not_distinct=True
        ),
    )
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA public")
    for statement in (PLAIN, REMEMBER, *TELL):
        op.execute(statement)
    op.create_table(
        "memory_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("source_hash", sa.String(64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(63), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(63), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memory_entry")),
        sa.UniqueConstraint(
            "content_type",
            "object_id",
            "field",
            "locale",
            "source_hash",
            name="uq_memory_entry_place",
        ),
    )
    op.create_index("ix_memory_entry_exact", "memory_entry", ["locale", "source_hash"])
    op.create_index(
        "ix_memory_entry_alike",
        "memory_entry",
        ["locale", "size", "opening"],
        postgresql_using="gin",
        postgresql_ops={"opening": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION festoon_remember() CASCADE")  # with the triggers that `flask sync` made of it
    op.drop_table("memory_entry")
    for name in ("festoon_notify_glossary", "festoon_notify_glossary_gone"):
        op.execute(f"DROP TRIGGER {name} ON translation")
    op.drop_table("glossary_term")
    op.execute("DROP FUNCTION festoon_plain(text)")
