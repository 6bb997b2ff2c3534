"""Addresses that records have and had, in whatever language: kept by a trigger, so that plain SQL counts too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b92061728394"
down_revision = "a81950617283"
branch_labels = None
depends_on = None

PATH = "SET search_path = pg_catalog, public, pg_temp"
SHOWN = "'approved', 'stale'"

TAKE = f"""
CREATE FUNCTION festoon_take_address(kind text, key uuid, name text, guarded text, guard text, place text)
RETURNS void LANGUAGE plpgsql {PATH} AS $$
BEGIN
    INSERT INTO record_address AS a (content_type, slug, object_id, is_present) VALUES (kind, name, key, true)
    ON CONFLICT (content_type, slug) DO UPDATE SET object_id = excluded.object_id, is_present = true
    WHERE NOT a.is_present OR a.object_id = excluded.object_id;
    IF NOT FOUND THEN
        RAISE unique_violation USING MESSAGE = 'another record has this address',
            TABLE = guarded, CONSTRAINT = guard, COLUMN = place;
    END IF;
END $$
"""

# An address is left only when neither the record itself nor a translation that is shown has it any more.
LEAVE = f"""
CREATE FUNCTION festoon_leave_address(kind text, key uuid, name text) RETURNS void
LANGUAGE plpgsql {PATH} AS $$
DECLARE
    is_used boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE id = $1 AND slug = $2)', kind)
        INTO is_used USING key, name;
    UPDATE record_address AS a SET is_present = false
    WHERE a.content_type = kind AND a.slug = name AND a.object_id = key AND a.is_present AND NOT is_used
        AND NOT EXISTS (SELECT FROM translation AS t WHERE t.content_type = kind AND t.object_id = key
            AND t.field = 'slug' AND t.text = name AND t.state IN ({SHOWN}));
END $$
"""

# Of the records' own tables. What a deleted record had is kept as its former: it may come back.
ADDRESS = f"""
CREATE FUNCTION festoon_address() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    change record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        FOR change IN SELECT id, slug FROM new_rows WHERE slug <> '' ORDER BY slug LOOP
            PERFORM festoon_take_address(TG_TABLE_NAME, change.id, change.slug, TG_TABLE_NAME,
                'uq_' || TG_TABLE_NAME || '_slug', 'slug');
        END LOOP;
    ELSIF TG_OP = 'UPDATE' THEN
        FOR change IN SELECT o.id, o.slug FROM old_rows AS o JOIN new_rows AS n ON n.id = o.id
            WHERE o.slug <> n.slug AND o.slug <> '' ORDER BY o.slug LOOP
            PERFORM festoon_leave_address(TG_TABLE_NAME, change.id, change.slug);
        END LOOP;
        FOR change IN SELECT n.id, n.slug FROM old_rows AS o JOIN new_rows AS n ON n.id = o.id
            WHERE o.slug <> n.slug AND n.slug <> '' ORDER BY n.slug LOOP
            PERFORM festoon_take_address(TG_TABLE_NAME, change.id, change.slug, TG_TABLE_NAME,
                'uq_' || TG_TABLE_NAME || '_slug', 'slug');
        END LOOP;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE record_address AS a SET is_present = false FROM old_rows AS o
        WHERE a.content_type = TG_TABLE_NAME AND a.object_id = o.id AND a.is_present;
    ELSE
        DELETE FROM record_address WHERE content_type = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$
"""

# Of the translations; its argument: the content types whose addresses have some, with commas.
ADDRESS_TEXT = f"""
CREATE FUNCTION festoon_address_text() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    kinds text[] := string_to_array(TG_ARGV[0], ',');
    change record;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        FOR change IN SELECT content_type, object_id, text FROM old_rows
            WHERE field = 'slug' AND content_type = ANY (kinds) AND state IN ({SHOWN}) ORDER BY text LOOP
            PERFORM festoon_leave_address(change.content_type, change.object_id, change.text);
        END LOOP;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        FOR change IN SELECT content_type, object_id, text, locale FROM new_rows
            WHERE field = 'slug' AND content_type = ANY (kinds) AND state IN ({SHOWN}) AND text <> ''
            ORDER BY text LOOP
            PERFORM festoon_take_address(change.content_type, change.object_id, change.text,
                'translation', 'uq_translation_slug', change.locale);
        END LOOP;
    END IF;
    RETURN NULL;
END $$
"""

# What a content type's records are called now, for when it is declared to be kept.
READDRESS = f"""
CREATE FUNCTION festoon_readdress(kind text) RETURNS void
LANGUAGE plpgsql {PATH} AS $$
BEGIN
    EXECUTE format($query$
        INSERT INTO record_address (content_type, slug, object_id, is_present)
        SELECT %1$L, slug, id, true FROM %1$I WHERE slug <> '' ON CONFLICT (content_type, slug)
            DO UPDATE SET object_id = excluded.object_id, is_present = true
        $query$, kind);
    INSERT INTO record_address (content_type, slug, object_id, is_present)
    SELECT DISTINCT ON (text) kind, text, object_id, true FROM translation
    WHERE content_type = kind AND field = 'slug' AND text <> '' AND state IN ({SHOWN})
    ORDER BY text, locale ON CONFLICT (content_type, slug) DO NOTHING;
END $$
"""

FUNCTIONS = (TAKE, LEAVE, ADDRESS, ADDRESS_TEXT, READDRESS)


def upgrade() -> None:
    op.create_table(
        "record_address",
        sa.Column("content_type", sa.String(63), nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("is_present", sa.Boolean(), server_default="true", nullable=False),
        sa.PrimaryKeyConstraint("content_type", "slug", name=op.f("pk_record_address")),
    )
    op.create_index("ix_record_address_record", "record_address", ["object_id"])
    for function in FUNCTIONS:
        op.execute(function)


def downgrade() -> None:
    for name in ("festoon_address", "festoon_address_text"):
        op.execute(f"DROP FUNCTION {name}() CASCADE")  # with the triggers that call it
    op.execute("DROP FUNCTION festoon_readdress(text)")
    op.execute("DROP FUNCTION festoon_leave_address(text, uuid, text)")
    op.execute("DROP FUNCTION festoon_take_address(text, uuid, text, text, text, text)")
    op.drop_table("record_address")
