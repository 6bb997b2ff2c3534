"""History and search: their tables, and the functions that the triggers of `flask sync` call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7c1d0e52ab94"
down_revision = "f3897a0b5c5c"
branch_labels = None
depends_on = None

# A function finds what it names in these schemas, whatever the caller's search_path says.
PATH = "SET search_path = pg_catalog, public, pg_temp"

UNACCENT = f"""
CREATE FUNCTION festoon_unaccent(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE {PATH}
AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, value) $$
"""

SORT_KEY = f"""
CREATE FUNCTION festoon_sort_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE {PATH}
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$
"""

SEARCH_CONFIG = f"""
CREATE FUNCTION festoon_search_config(locale text) RETURNS regconfig
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE {PATH}
AS $$ SELECT CASE split_part(lower(locale), '-', 1)
    WHEN 'en' THEN 'pg_catalog.english'::regconfig
    WHEN 'de' THEN 'pg_catalog.german'::regconfig
    WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
    WHEN 'hi' THEN 'pg_catalog.hindi'::regconfig
    WHEN 'ar' THEN 'pg_catalog.arabic'::regconfig
    ELSE 'pg_catalog.simple'::regconfig END $$
"""

# Arguments of festoon_capture, lists with commas: columns left out, columns whose value is hidden, columns
# always told, the owner's table ("" the row itself, "*column" the table that a column names), its column.
OWNER = """
    CASE TG_ARGV[3] WHEN '' THEN TG_TABLE_NAME WHEN '*content_type' THEN c.facts->>'content_type'
        ELSE TG_ARGV[3] END,
    CASE TG_ARGV[3] WHEN '' THEN c.object_id ELSE coalesce(c.facts->>TG_ARGV[4], '') END
"""
WRITE_AUDIT = f"""
INSERT INTO audit_entry (actor_kind, actor_id, actor_label, correlation_id, transaction_id,
    content_type, object_id, owner_type, owner_id, action, old, new)
SELECT coalesce(actor->>'kind', ''), coalesce(actor->>'id', ''), coalesce(actor->>'label', ''),
    coalesce(actor->>'correlation_id', ''), pg_current_xact_id()::text::bigint,
    TG_TABLE_NAME, c.object_id, {OWNER}, c.action, c.old, c.new
FROM
"""
CAPTURE = f"""
CREATE FUNCTION festoon_capture() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} SET timezone = 'UTC' AS $$
DECLARE
    actor jsonb := coalesce(nullif(current_setting('festoon.actor', true), '')::jsonb,
        jsonb_build_object('kind', 'database', 'label', session_user));
    left_out text[] := string_to_array(TG_ARGV[0], ',');
    hidden text[] := string_to_array(TG_ARGV[1], ',');
    told text[] := string_to_array(TG_ARGV[2], ',');
    mask CONSTANT jsonb := '"***"';
    masks jsonb := coalesce((SELECT jsonb_object_agg(name, mask) FROM unnest(hidden) AS name), '{{}}');
BEGIN
    IF TG_OP = 'INSERT' THEN
        {WRITE_AUDIT} (
            SELECT n.id::text AS object_id, 'insert' AS action, NULL::jsonb AS old,
                (to_jsonb(n) - left_out) || masks AS new, to_jsonb(n) AS facts
            FROM new_rows AS n) AS c;
    ELSIF TG_OP = 'DELETE' THEN
        {WRITE_AUDIT} (
            SELECT o.id::text AS object_id, 'delete' AS action, (to_jsonb(o) - left_out) || masks AS old,
                NULL::jsonb AS new, to_jsonb(o) AS facts
            FROM old_rows AS o) AS c;
    ELSIF TG_OP = 'UPDATE' THEN
        -- A key that changed has no pair: its old row counts as deleted, its new one as inserted.
        {WRITE_AUDIT} (
            SELECT b.object_id, coalesce(b.after, b.before) AS facts, d.new, d.old,
                CASE WHEN b.after IS NULL THEN 'delete' WHEN b.before IS NULL THEN 'insert'
                    ELSE 'update' END AS action
            FROM (
                SELECT coalesce(n.id, o.id)::text AS object_id, to_jsonb(o) - left_out AS before,
                    to_jsonb(n) - left_out AS after
                FROM old_rows AS o FULL JOIN new_rows AS n ON n.id = o.id
            ) AS b CROSS JOIN LATERAL (
                SELECT bool_or(b.after IS NULL OR b.before->e.key IS DISTINCT FROM e.value) AS differs,
                    jsonb_object_agg(e.key, CASE WHEN e.key = ANY (hidden) THEN mask
                        ELSE b.before->e.key END) FILTER (WHERE b.before IS NOT NULL) AS old,
                    jsonb_object_agg(e.key, CASE WHEN e.key = ANY (hidden) THEN mask
                        ELSE e.value END) FILTER (WHERE b.after IS NOT NULL) AS new
                FROM jsonb_each(coalesce(b.after, b.before)) AS e
                WHERE b.after IS NULL OR e.key = ANY (told) OR b.before->e.key IS DISTINCT FROM e.value
            ) AS d WHERE d.differs) AS c;
    ELSE
        {WRITE_AUDIT} (SELECT '' AS object_id, 'truncate' AS action, NULL::jsonb AS old, NULL::jsonb AS new,
            '{{}}'::jsonb AS facts) AS c;
    END IF;
    RETURN NULL;
END $$
"""

APPEND_ONLY = f"""
CREATE FUNCTION festoon_append_only() RETURNS trigger
LANGUAGE plpgsql {PATH} AS $$
BEGIN
    RAISE EXCEPTION 'audit_entry is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$
"""
GUARD = """
CREATE TRIGGER festoon_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION festoon_append_only()
"""
GUARD_ALWAYS = "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER festoon_append_only"


def write_entries(content_type: str, documents: str, fields: str = "fields") -> str:
    """Give the statement that stores search entries; `documents` selects (id, locale, doc)."""
    return f"""
    INSERT INTO search_entry (content_type, object_id, locale, words, text)
    SELECT {content_type}, d.id, d.locale,
        setweight(to_tsvector(festoon_search_config(d.locale), d.title), 'A')
            || setweight(to_tsvector(festoon_search_config(d.locale), d.others), 'B'),
        left(lower(btrim(d.title || ' ' || d.others)), 2000)
    FROM (
        SELECT s.id, s.locale, coalesce(festoon_unaccent(s.doc->>({fields})[1]), '') AS title,
            coalesce(festoon_unaccent(
                (SELECT string_agg(s.doc->>name, ' ') FROM unnest(({fields})[2:]) AS name)), '') AS others
        FROM ({documents}) AS s OFFSET 0
    ) AS d
    ON CONFLICT (content_type, object_id, locale)
        DO UPDATE SET words = EXCLUDED.words, text = EXCLUDED.text"""


SHOWN = "t.state IN ('approved', 'stale') AND t.locale <> 'en'"


def documents_of(changed: str) -> str:
    """Give what readers see of rows (id, doc): in the source language, and in each that has translations."""
    return f"""
        WITH changed AS MATERIALIZED ({changed})
        SELECT c.id, 'en' AS locale, c.doc FROM changed AS c
        UNION ALL
        SELECT c.id, l.locale, c.doc || l.texts FROM changed AS c CROSS JOIN LATERAL (
            SELECT t.locale, jsonb_object_agg(t.field, t.text) AS texts FROM translation AS t
            WHERE t.content_type = TG_TABLE_NAME AND t.object_id = c.id AND t.field = ANY (translated)
                AND {SHOWN} GROUP BY t.locale
        ) AS l WHERE translated <> '{{}}'"""


ENTRIES_OF_ADDED = write_entries(
    "TG_TABLE_NAME", documents_of("SELECT n.id, to_jsonb(n) AS doc FROM new_rows AS n")
)
ENTRIES_OF_CHANGED = write_entries(
    "TG_TABLE_NAME",
    documents_of("""
            SELECT n.id, to_jsonb(n) AS doc FROM new_rows AS n LEFT JOIN old_rows AS o ON o.id = n.id
            WHERE EXISTS (SELECT FROM unnest(fields) AS f
                WHERE to_jsonb(n)->>f IS DISTINCT FROM to_jsonb(o)->>f)"""),
)
# In the next two, $1 is the table's name, $2 its SEARCH fields, $3 those of them that have translations.
ENTRIES_OF_ALL = write_entries(
    "$1",
    f"""
        SELECT r.id, 'en' AS locale, to_jsonb(r) AS doc FROM %1$I AS r
        UNION ALL
        SELECT r.id, l.locale, to_jsonb(r) || l.texts FROM %1$I AS r JOIN (
            SELECT t.object_id, t.locale, jsonb_object_agg(t.field, t.text) AS texts FROM translation AS t
            WHERE t.content_type = $1 AND t.field = ANY ($3) AND {SHOWN}
            GROUP BY t.object_id, t.locale
        ) AS l ON l.object_id = r.id""",
    "$2",
)
ENTRIES_OF_TRANSLATED = write_entries(
    "$1",
    f"""
            SELECT r.id, k.locale, to_jsonb(r) || jsonb_object_agg(t.field, t.text) AS doc
            FROM jsonb_to_recordset($4) AS k(id uuid, locale text)
            JOIN %1$I AS r ON r.id = k.id
            JOIN translation AS t ON t.content_type = $1 AND t.object_id = k.id AND t.locale = k.locale
                AND t.field = ANY ($3) AND {SHOWN}
            GROUP BY r.id, k.locale""",
    "$2",
)

# Arguments of festoon_index: the SEARCH fields, the title first; those of them that have translations.
INDEX = f"""
CREATE FUNCTION festoon_index() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    fields text[] := string_to_array(TG_ARGV[0], ',');
    translated text[] := string_to_array(TG_ARGV[1], ',');
BEGIN
    IF current_setting('festoon.index', true) = 'off' THEN
        RETURN NULL;  -- a bulk load that calls festoon_reindex afterwards
    END IF;
    IF TG_OP = 'INSERT' THEN
        {ENTRIES_OF_ADDED};
    ELSE
        {ENTRIES_OF_CHANGED};
    END IF;
    RETURN NULL;
END $$
"""

REINDEX = f"""
CREATE FUNCTION festoon_reindex(kind text, fields text[], translated text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    written bigint;
BEGIN
    DELETE FROM search_entry WHERE content_type = kind;
    EXECUTE format($query$ {ENTRIES_OF_ALL}
    $query$, kind) USING kind, fields, translated;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$
"""

# Its argument: {"festival": [[SEARCH fields], [those of them that have translations]], ...}.
INDEX_TRANSLATION = f"""
CREATE FUNCTION festoon_index_translation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    searched CONSTANT jsonb := TG_ARGV[0];
    touched jsonb;
    kind text;
    keys jsonb;
    fields text[];
    translated text[];
BEGIN
    IF current_setting('festoon.index', true) = 'off' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        touched := (SELECT jsonb_agg(to_jsonb(n) - 'text') FROM new_rows AS n);
    ELSIF TG_OP = 'DELETE' THEN
        touched := (SELECT jsonb_agg(to_jsonb(o) - 'text') FROM old_rows AS o);
    ELSE
        touched := (SELECT jsonb_agg(u.doc) FROM (
            SELECT to_jsonb(n) - 'text' AS doc FROM new_rows AS n
            UNION ALL SELECT to_jsonb(o) - 'text' FROM old_rows AS o) AS u);
    END IF;
    FOR kind, keys IN
        SELECT d->>'content_type',
            jsonb_agg(DISTINCT jsonb_build_object('id', d->'object_id', 'locale', d->'locale'))
        FROM jsonb_array_elements(touched) AS d
        WHERE searched->(d->>'content_type')->1 ? (d->>'field') AND d->>'locale' <> 'en'
        GROUP BY 1
    LOOP
        fields := ARRAY(SELECT jsonb_array_elements_text(searched->kind->0));
        translated := ARRAY(SELECT jsonb_array_elements_text(searched->kind->1));
        DELETE FROM search_entry AS e USING jsonb_to_recordset(keys) AS k(id uuid, locale text)
        WHERE e.content_type = kind AND e.object_id = k.id AND e.locale = k.locale AND NOT EXISTS (
            SELECT FROM translation AS t WHERE t.content_type = kind AND t.object_id = k.id
                AND t.locale = k.locale AND t.field = ANY (translated) AND {SHOWN});
        EXECUTE format($query$ {ENTRIES_OF_TRANSLATED}
        $query$, kind) USING kind, fields, translated, keys;
    END LOOP;
    RETURN NULL;
END $$
"""

FORGET = f"""
CREATE FUNCTION festoon_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM translation WHERE content_type = TG_TABLE_NAME;
        DELETE FROM search_entry WHERE content_type = TG_TABLE_NAME;
    ELSE
        DELETE FROM translation AS t USING old_rows AS o
            WHERE t.content_type = TG_TABLE_NAME AND t.object_id = o.id;
        DELETE FROM search_entry AS e USING old_rows AS o
            WHERE e.content_type = TG_TABLE_NAME AND e.object_id = o.id;
    END IF;
    RETURN NULL;
END $$
"""

QUERY = f"""
CREATE FUNCTION festoon_query(locale text, sought text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE {PATH} SET client_min_messages = warning AS $$
DECLARE
    config regconfig := festoon_search_config(locale);
    folded text := festoon_unaccent(sought);
    whole tsquery := websearch_to_tsquery(config, folded);
    last_word text := substring(folded FROM '(?:^|[[:space:]])([^[:space:][:punct:][:cntrl:]]+)$');
BEGIN
    -- The last word may be half typed, unless a sign stands before it. A single Latin letter is not
    -- worth half the index.
    IF last_word IS NULL OR last_word ~ '^[ -~]$' THEN
        RETURN whole;
    END IF;
    RETURN whole || (websearch_to_tsquery(config, left(folded, -length(last_word)))
        && to_tsquery(config, quote_literal(last_word) || ':*'));
END $$
"""

LIKE = f"""
CREATE FUNCTION festoon_like(sought text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE {PATH} AS $$
DECLARE
    folded text := btrim(festoon_sort_key(sought));
BEGIN
    -- Without three letters in a row the trigram index would be read from end to end.
    IF folded !~ '[[:alnum:]]{{3}}' THEN
        RETURN NULL;
    END IF;
    RETURN '%' || replace(replace(replace(folded, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
END $$
"""

# It also sets how alike two words must be: whoever compares with its answer compares after that.
TYPO = f"""
CREATE FUNCTION festoon_typo(word text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT {PATH} AS $$
BEGIN
    PERFORM set_config('pg_trgm.strict_word_similarity_threshold', '0.38', true);  -- diwli, diwali: 0.44
    RETURN festoon_sort_key(word);
END $$
"""

ACTOR_COLUMNS = ("actor_kind", "actor_id", "actor_label", "correlation_id")
SUBJECT_COLUMNS = ("content_type", "object_id", "owner_type", "owner_id", "action")
STATEMENTS = (
    *(UNACCENT, SORT_KEY, SEARCH_CONFIG, CAPTURE, APPEND_ONLY, GUARD, GUARD_ALWAYS),
    *(INDEX, REINDEX, INDEX_TRANSLATION, FORGET, QUERY, LIKE, TYPO),
)
FUNCTIONS = (
    *("capture()", "append_only()", "index()", "index_translation()", "forget()"),
    *("reindex(text, text[], text[])", "query(text, text)", "like(text)", "typo(text)"),
    *("search_config(text)", "sort_key(text)", "unaccent(text)"),
)


def upgrade() -> None:
    for extension in ("unaccent", "pg_trgm"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public")
    _create_audit_entry()
    _create_search_entry()
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION festoon_{function} CASCADE")  # with the triggers that call it
    op.drop_table("search_entry")
    op.drop_table("audit_entry")


def _create_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ACTOR_COLUMNS),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in SUBJECT_COLUMNS),
        sa.Column("old", postgresql.JSONB(), nullable=True),
        sa.Column("new", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_owner", "audit_entry", ["owner_type", "owner_id", "id"])
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"], postgresql_using="brin")


def _create_search_entry() -> None:
    op.create_table(
        "search_entry",
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("content_type", "object_id", "locale", name="pk_search_entry"),
    )
    op.create_index("ix_search_entry_words", "search_entry", ["words"], postgresql_using="gin")
    op.create_index(
        "ix_search_entry_text",
        "search_entry",
        ["text"],
        postgresql_using="gin",
        postgresql_ops={"text": "gin_trgm_ops"},
    )
