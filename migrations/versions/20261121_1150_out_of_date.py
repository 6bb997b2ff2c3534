"""Translations go out of date with their source: by a trigger, so that plain SQL and bulk writes count too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b28394051627"
down_revision = "a17283940516"
branch_labels = None
depends_on = None

PATH = "SET search_path = pg_catalog, public, pg_temp"

# As app.translation.writing.source_hash: white space, by Unicode's meaning, does not count.
SOURCE_HASH = rf"""
CREATE FUNCTION festoon_source_hash(source text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE {PATH} AS $$
SELECT encode(sha256(convert_to(btrim(regexp_replace(coalesce(source, ''),
    '[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g')),
    'UTF8')), 'hex') $$
"""

# Its argument: the columns that have translations, with commas. A write that leaves those alone, as most do, costs
# one look at them.
OUTDATE = f"""
CREATE FUNCTION festoon_outdate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    change record;
    hash text;
BEGIN
    FOR change IN
        SELECT d.id, f.name AS field, d.old->>f.name AS before, d.new->>f.name AS after
        FROM (SELECT n.id, to_jsonb(o) AS old, to_jsonb(n) AS new
            FROM old_rows AS o JOIN new_rows AS n ON n.id = o.id OFFSET 0) AS d
        JOIN unnest(string_to_array(TG_ARGV[0], ',')) AS f(name)
            ON d.old->>f.name IS DISTINCT FROM d.new->>f.name
    LOOP
        hash := festoon_source_hash(change.after);
        UPDATE translation AS t SET
            state = CASE WHEN t.state = 'approved' AND t.source_hash <> hash THEN 'stale'
                WHEN t.state = 'stale' AND t.source_hash = hash THEN 'approved' ELSE t.state END,
            source_text = CASE WHEN t.source_hash <> hash THEN coalesce(change.before, '') END
        WHERE t.content_type = TG_TABLE_NAME AND t.object_id = change.id AND t.field = change.field
            AND (t.source_hash = hash) = (t.source_text IS NOT NULL);
    END LOOP;
    RETURN NULL;
END $$
"""

# Until now nobody looked: what is shown beside another source than its own is out of date.
LOOK_BACK = """
DO $$
DECLARE
    pair record;
BEGIN
    FOR pair IN SELECT DISTINCT t.content_type, t.field FROM translation AS t
        JOIN information_schema.columns AS c ON c.table_schema = current_schema()
            AND c.table_name = t.content_type AND c.column_name = t.field
    LOOP
        EXECUTE format($query$
            UPDATE translation AS t SET state = CASE t.state WHEN 'approved' THEN 'stale' ELSE t.state END,
                source_text = ''
            FROM %1$I AS r
            WHERE t.content_type = %1$L AND t.field = %2$L AND r.id = t.object_id
                AND t.source_hash <> festoon_source_hash(r.%2$I::text)
        $query$, pair.content_type, pair.field);
    END LOOP;
END $$
"""


def upgrade() -> None:
    op.add_column("translation", sa.Column("source_text", sa.Text(), nullable=True))
    for statement in (SOURCE_HASH, OUTDATE, LOOK_BACK):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION festoon_outdate() CASCADE")
    op.execute("DROP FUNCTION festoon_source_hash(text)")
    op.drop_column("translation", "source_text")
