"""The languages of the content, in the order and with the rules that staff give them.

`festoon_notify` tells the other processes, at the commit, that what they keep in memory of a table is old. The
search stems every language that PostgreSQL knows how to.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op
from babel import Locale, UnknownLocaleError

revision = "e61738495061"
down_revision = "d51627384950"
branch_labels = None
depends_on = None

NOTIFY = """
CREATE FUNCTION festoon_notify() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('festoon', TG_ARGV[0]);
    RETURN NULL;
END $$
"""
TELL = """
CREATE TRIGGER festoon_notify AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON language
    FOR EACH STATEMENT EXECUTE FUNCTION festoon_notify('languages')
"""
STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
FIRST_STEMMERS = {tag: STEMMERS[tag] for tag in ("en", "de", "es", "hi", "ar")}
SEEDS = (
    ("019ab000-0000-7000-8000-000000000001", "en", "English"),
    ("019ab000-0000-7000-8000-000000000002", "de", "Deutsch"),
    ("019ab000-0000-7000-8000-000000000003", "es", "Español"),
    ("019ab000-0000-7000-8000-000000000004", "hi", "हिन्दी"),
    ("019ab000-0000-7000-8000-000000000005", "ar", "العربية"),
)


def upgrade() -> None:
    table = op.create_table(
        "language",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(35), nullable=False),
        sa.Column("name", sa.String(120), server_default="", nullable=False),
        sa.Column("fallback_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("is_public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_interface", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("four_eyes", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_gated", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("glossary_blocks", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "tag <> 'en' OR (is_enabled AND is_public AND is_interface AND fallback_id IS NULL)",
            name=op.f("ck_language_source"),
        ),
        sa.CheckConstraint("fallback_id <> id", name=op.f("ck_language_fallback")),
        sa.ForeignKeyConstraint(
            ["fallback_id"],
            ["language.id"],
            name=op.f("fk_language_fallback_id_language"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language")),
        sa.UniqueConstraint("tag", name=op.f("uq_language_tag")),
    )
    op.create_index(op.f("ix_language_fallback_id"), "language", ["fallback_id"])
    op.bulk_insert(
        table,
        [
            {"id": key, "tag": tag, "name": name, "position": place, "is_public": True, "is_interface": True}
            for place, (key, tag, name) in enumerate(SEEDS, 1)
        ],
    )
    if not context.is_offline_mode():
        _add_those_in_use(table)
    op.execute(NOTIFY)
    op.execute(TELL)
    op.execute(_search_config(STEMMERS))


def _search_config(stemmers: dict[str, str]) -> str:
    """Choose a text's configuration by the first part of its language's tag; one without a stemmer keeps its words."""
    cases = "\n    ".join(
        f"WHEN '{tag}' THEN 'pg_catalog.{name}'::regconfig" for tag, name in stemmers.items()
    )
    return f"""
CREATE OR REPLACE FUNCTION festoon_search_config(locale text) RETURNS regconfig
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT CASE split_part(lower(locale), '-', 1)
    {cases}
    ELSE 'pg_catalog.simple'::regconfig END $$
"""


def _add_those_in_use(table: sa.Table) -> None:
    """Keep what there are texts in already, by an import or the API."""
    found = op.get_bind().scalars(
        sa.text("SELECT DISTINCT locale FROM translation WHERE locale NOT IN (SELECT tag FROM language)")
    )
    rows = []
    for place, tag in enumerate(sorted(found), len(SEEDS) + 1):
        try:
            name = Locale.parse(tag, sep="-").get_display_name() or tag
        except (ValueError, UnknownLocaleError):
            continue
        key = sa.func.gen_random_uuid()
        rows.append({"id": key, "tag": tag, "name": name, "position": place, "is_public": True})
    for row in rows:
        op.execute(sa.insert(table).values(row))


def downgrade() -> None:
    op.execute(_search_config(FIRST_STEMMERS))
    op.drop_table("language")
    op.execute("DROP FUNCTION festoon_notify()")
