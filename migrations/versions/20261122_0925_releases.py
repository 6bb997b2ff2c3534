"""In which languages a record is shown: `translation.is_live` is all that a reader's statement asks.

Triggers keep it, so that plain SQL counts too: a text is live while it is approved (or was, before its source
changed), says something, and its record is released in its language.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ca3172839405"
down_revision = "b92061728394"
branch_labels = None
depends_on = None

PATH = "SET search_path = pg_catalog, public, pg_temp"

# One of 256 locks for a record: who writes its texts shares it, who releases it has it alone. Without it the one
# would not see what the other has not committed yet. Whoever takes it holds the texts' rows already.
LOCK = f"""
CREATE FUNCTION festoon_release_lock(kind text, key uuid) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE {PATH} AS $$
SELECT hashtext(kind || key::text) & 255 $$
"""

# Its argument: whose texts are released, {"package": [], "included_item": ["package", "package_id"], ...}.
# A child's texts go with its record.
TEXT = f"""
CREATE FUNCTION festoon_release_text() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    owners CONSTANT jsonb := TG_ARGV[0];
    owner CONSTANT jsonb := owners->NEW.content_type;
    kind text := NEW.content_type;
    record_id uuid := NEW.object_id;
BEGIN
    NEW.is_live := NEW.state IN ('approved', 'stale') AND NEW.text <> '';
    IF owner IS NULL OR NOT NEW.is_live THEN
        RETURN NEW;
    END IF;
    IF owner <> '[]' THEN
        kind := owner->>0;
        EXECUTE format('SELECT %I FROM %I WHERE id = $1', owner->>1, NEW.content_type)
            INTO record_id USING NEW.object_id;
        IF record_id IS NULL THEN
            RETURN NEW;  -- it comes back from a deletion before its row does
        END IF;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(4069, festoon_release_lock(kind, record_id));
    NEW.is_live := coalesce(
        (SELECT r.status = 'live' FROM record_language AS r
            WHERE r.content_type = kind AND r.object_id = record_id AND r.locale = NEW.locale),
        NOT EXISTS (SELECT FROM language AS l WHERE l.tag = NEW.locale AND l.is_gated));
    RETURN NEW;
END $$
"""

# Its argument: the tables of a record's rows and their columns of the record, {"package": {"included_item":
# "package_id"}, ...}. A text that is written as it was is judged anew by the trigger above.
RECORD = f"""
CREATE FUNCTION festoon_release_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    children CONSTANT jsonb := TG_ARGV[0];
    row_now CONSTANT record_language := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    child record;
BEGIN
    IF TG_WHEN = 'BEFORE' THEN
        PERFORM pg_advisory_xact_lock(4069, festoon_release_lock(row_now.content_type, row_now.object_id));
        RETURN row_now;
    END IF;
    UPDATE translation AS t SET is_live = t.is_live
    WHERE t.content_type = row_now.content_type AND t.object_id = row_now.object_id
        AND t.locale = row_now.locale AND t.state IN ('approved', 'stale')
        AND (TG_OP = 'DELETE' OR t.is_live <> (row_now.status = 'live'));
    FOR child IN SELECT c.key AS name, c.value AS parent
        FROM jsonb_each_text(coalesce(children->row_now.content_type, '{{}}')) AS c
    LOOP
        EXECUTE format($query$
            UPDATE translation AS t SET is_live = t.is_live FROM %1$I AS c
            WHERE c.%2$I = $1 AND t.content_type = %1$L AND t.object_id = c.id AND t.locale = $2
                AND t.state IN ('approved', 'stale') AND ($3 IS NULL OR t.is_live <> $3)
        $query$, child.name, child.parent) USING row_now.object_id, row_now.locale,
            CASE WHEN TG_OP <> 'DELETE' THEN row_now.status = 'live' END;
    END LOOP;
    RETURN NULL;
END $$
"""

# Its argument is that of festoon_release_text. A gate that is put up leaves what is live: its records are
# released. One that is taken away lets what waited be shown; what was withdrawn stays so.
LANGUAGE = f"""
CREATE FUNCTION festoon_release_language() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    owners CONSTANT jsonb := TG_ARGV[0];
    was_gated CONSTANT boolean := CASE WHEN TG_OP = 'UPDATE' THEN OLD.is_gated ELSE false END;
    kind record;
BEGIN
    IF NEW.is_gated = was_gated THEN
        RETURN NEW;
    END IF;
    IF TG_WHEN = 'BEFORE' THEN
        LOCK TABLE translation IN SHARE ROW EXCLUSIVE MODE;  -- what others write counts, before or after
        RETURN NEW;
    END IF;
    IF was_gated THEN
        UPDATE translation AS t SET is_live = t.is_live
        WHERE t.locale = NEW.tag AND NOT t.is_live AND t.state IN ('approved', 'stale') AND t.text <> '';
        RETURN NULL;
    END IF;
    FOR kind IN SELECT o.key AS name, o.value->>0 AS owner, o.value->>1 AS parent FROM jsonb_each(owners) AS o
    LOOP
        EXECUTE format($query$
            INSERT INTO record_language (id, content_type, object_id, locale, status)
            SELECT gen_random_uuid(), %1$L, live.record_id, $1, 'live' FROM (
                SELECT DISTINCT c.%2$I AS record_id FROM translation AS t JOIN %3$I AS c ON c.id = t.object_id
                WHERE t.content_type = %3$L AND t.locale = $1 AND t.is_live) AS live
            ON CONFLICT (content_type, object_id, locale) DO NOTHING
        $query$, coalesce(kind.owner, kind.name), coalesce(kind.parent, 'id'), kind.name) USING NEW.tag;
    END LOOP;
    RETURN NULL;
END $$
"""
FUNCTIONS = (LOCK, TEXT, RECORD, LANGUAGE)

# Parts of older functions, as they were and as they become; all else stays as it stands.
SHOWN = ("t.state IN ('approved', 'stale')", "t.is_live")
FORGET = (
    (
        "DELETE FROM search_entry WHERE content_type = TG_TABLE_NAME;",
        """DELETE FROM search_entry WHERE content_type = TG_TABLE_NAME;
        DELETE FROM record_language WHERE content_type = TG_TABLE_NAME;""",
    ),
    (
        "WHERE e.content_type = TG_TABLE_NAME AND e.object_id = o.id;",
        """WHERE e.content_type = TG_TABLE_NAME AND e.object_id = o.id;
        DELETE FROM record_language AS r USING old_rows AS o
            WHERE r.content_type = TG_TABLE_NAME AND r.object_id = o.id;""",
    ),
)
REWRITTEN = (
    ("festoon_index", (SHOWN,)),
    ("festoon_index_translation", (SHOWN,)),
    ("festoon_reindex", (SHOWN,)),
    ("festoon_forget", FORGET),
)


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "record_language",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content_type", sa.String(63), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("status IN ('live','withdrawn')", name=op.f("ck_record_language_status")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["ab_user.id"], name=op.f("fk_record_language_by_id_ab_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_language")),
        sa.UniqueConstraint(
            "content_type",
            "object_id",
            "locale",
            name=op.f("uq_record_language_content_type_object_id_locale"),
        ),
    )
    op.add_column("translation", sa.Column("is_live", sa.Boolean(), server_default="false", nullable=False))
    op.execute("ALTER TABLE translation DISABLE TRIGGER USER")  # it is no news to the history
    op.execute("UPDATE translation SET is_live = true WHERE state IN ('approved', 'stale') AND text <> ''")
    op.execute("ALTER TABLE translation ENABLE TRIGGER USER")
    op.add_column(
        "language", sa.Column("publishes_itself", sa.Boolean(), server_default="false", nullable=False)
    )
    for statement in FUNCTIONS:
        op.execute(statement)
    for function, parts in REWRITTEN:
        _rewrite(function, parts)


def downgrade() -> None:
    for function, parts in REWRITTEN:
        _rewrite(function, tuple((new, old) for old, new in parts))
    for name in ("text()", "record()", "language()", "lock(text, uuid)"):
        op.execute(f"DROP FUNCTION festoon_release_{name} CASCADE")  # with the triggers that call it
    op.drop_column("language", "publishes_itself")
    op.drop_column("translation", "is_live")
    op.drop_table("record_language")


def _rewrite(function: str, parts: tuple[tuple[str, str], ...]) -> None:
    connection = op.get_bind()
    asked = sa.text("SELECT pg_get_functiondef(CAST(:name AS regproc))")
    definition = str(connection.scalar(asked, {"name": function}))
    for before, after in parts:
        if before not in definition:
            raise RuntimeError(f"{function} is not the function that this step rewrites")
        definition = definition.replace(before, after)
    connection.exec_driver_sql(definition.replace("%", "%%"))
