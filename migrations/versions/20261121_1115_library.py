"""Folders and tags of the picture library, what pictures were called, how they look, and how often they are shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b62738495061"
down_revision = "a51627384950"
branch_labels = None
depends_on = None

# Its arguments: the column that names the picture, the column of the picture that counts, which rows count.
COUNT_PICTURES = """
CREATE FUNCTION festoon_count_pictures() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    counted text := coalesce(TG_ARGV[2], 'true');
    parts text := concat_ws(' UNION ALL ',
        CASE WHEN TG_OP <> 'DELETE' THEN
            format('SELECT %I AS id, 1 AS n FROM new_rows WHERE %s', TG_ARGV[0], counted) END,
        CASE WHEN TG_OP <> 'INSERT' THEN
            format('SELECT %I AS id, -1 AS n FROM old_rows WHERE %s', TG_ARGV[0], counted) END);
BEGIN
    EXECUTE format($query$
        WITH told AS MATERIALIZED (
            SELECT p.id, sum(p.n)::integer AS n FROM (%1$s) AS p
            WHERE p.id IS NOT NULL GROUP BY p.id HAVING sum(p.n) <> 0
        ), held AS MATERIALIZED (  -- in one order: two that count the same pictures wait, never deadlock
            SELECT a.id FROM asset AS a WHERE a.id IN (SELECT t.id FROM told AS t) ORDER BY a.id FOR NO KEY UPDATE
        )
        UPDATE asset AS a SET %2$I = greatest(0, a.%2$I + t.n) FROM told AS t JOIN held AS h ON h.id = t.id
        WHERE a.id = t.id
    $query$, parts, TG_ARGV[1]);
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "picture_folder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_folder")),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["picture_folder.id"],
            name=op.f("fk_picture_folder_parent_id_picture_folder"),
            ondelete="RESTRICT",
        ),
        sa.UniqueConstraint(
            "parent_id", "name", name=op.f("uq_picture_folder_name"), postgresql_nulls_not_distinct=True
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_picture_folder_not_in_itself")),
    )
    op.create_index(op.f("ix_picture_folder_parent_id"), "picture_folder", ["parent_id"])
    op.create_table(
        "picture_twin",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.Column("is_apart", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("asset_id", "other_id", name=op.f("pk_picture_twin")),
        *(
            sa.ForeignKeyConstraint(
                [name], ["asset.id"], name=op.f(f"fk_picture_twin_{name}_asset"), ondelete="CASCADE"
            )
            for name in ("asset_id", "other_id")
        ),
    )
    op.create_index(op.f("ix_picture_twin_other_id"), "picture_twin", ["other_id"])
    for column in (
        sa.Column("folder_id", sa.Uuid(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("file_name", sa.String(200), server_default="", nullable=False),
        sa.Column("likeness", sa.BigInteger(), nullable=True),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("twins", sa.Integer(), server_default="0", nullable=False),
    ):
        op.add_column("asset", column)
    op.create_foreign_key(
        op.f("fk_asset_folder_id_picture_folder"),
        "asset",
        "picture_folder",
        ["folder_id"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.create_index(op.f("ix_asset_folder_id"), "asset", ["folder_id"])
    op.create_index("ix_asset_tags", "asset", ["tags"], postgresql_using="gin")
    op.create_index(op.f("ix_asset_uses"), "asset", ["uses"])
    op.execute(COUNT_PICTURES)


def downgrade() -> None:
    op.execute(
        "DROP FUNCTION festoon_count_pictures() CASCADE"
    )  # with the triggers that `flask sync` made of it
    op.drop_index(op.f("ix_asset_uses"), "asset")
    op.drop_index("ix_asset_tags", "asset")
    op.drop_index(op.f("ix_asset_folder_id"), "asset")
    op.drop_constraint(op.f("fk_asset_folder_id_picture_folder"), "asset", type_="foreignkey")
    for name in ("twins", "uses", "likeness", "file_name", "tags", "folder_id"):
        op.drop_column("asset", name)
    op.drop_table("picture_twin")
    op.drop_table("picture_folder")
