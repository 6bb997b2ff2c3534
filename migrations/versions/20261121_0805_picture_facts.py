"""Pictures: renditions, focal point, blurred stand-in, and whether they may be shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "1c2d3e4f5061"
down_revision = "0b1c2d3e4f50"
branch_labels = None
depends_on = None

# A picture stored before has its two widths as WebP beside it, the narrower one also serves as its crops.
_TELL_OF_FORMER = """
    WITH known AS (
        SELECT id, regexp_replace(path, '[.][a-z]+$', '') AS stem, least(width, 320) AS small,
            least(width, 960) AS large, greatest(1, round(height::numeric * least(width, 320) / width)) AS small_height,
            greatest(1, round(height::numeric * least(width, 960) / width)) AS large_height
        FROM asset
    )
    UPDATE asset SET
        renditions = jsonb_build_object(
            'webp', CASE WHEN small = large
                THEN jsonb_build_array(jsonb_build_array(small, small_height, stem || '-320.webp'))
                ELSE jsonb_build_array(jsonb_build_array(small, small_height, stem || '-320.webp'),
                                       jsonb_build_array(large, large_height, stem || '-960.webp')) END,
            'other', CASE WHEN small = large
                THEN jsonb_build_array(jsonb_build_array(large, large_height, stem || '-960.webp'))
                ELSE '[]'::jsonb END),
        srcset = json_build_object('webp', '{base}' || stem || '-320.webp ' || small || 'w' ||
            CASE WHEN small = large THEN '' ELSE ', {base}' || stem || '-960.webp ' || large || 'w' END)::text,
        thumb = stem || '-320.webp',
        square = stem || '-320.webp'
    FROM known WHERE known.id = asset.id
"""


def upgrade() -> None:
    for column in (
        sa.Column("focal_x", sa.Integer(), server_default="50", nullable=False),
        sa.Column("focal_y", sa.Integer(), server_default="50", nullable=False),
        sa.Column("blurhash", sa.String(60), server_default="", nullable=False),
        sa.Column("renditions", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("srcset", sa.Text(), server_default="{}", nullable=False),
        sa.Column("thumb", sa.String(200), nullable=True),
        sa.Column("square", sa.String(200), nullable=True),
        sa.Column("state", sa.String(12), server_default="ready", nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
    ):
        op.add_column("asset", column)
    op.alter_column("asset", "width", server_default="0")
    op.alter_column("asset", "height", server_default="0")
    op.drop_constraint(op.f("ck_asset_has_size"), "asset", type_="check")
    op.create_check_constraint(
        op.f("ck_asset_has_size"),
        "asset",
        "bytes > 0 AND (state <> 'ready' OR (width > 0 AND height > 0))",
    )
    for name in ("focal_x", "focal_y"):
        op.create_check_constraint(op.f(f"ck_asset_{name}_within"), "asset", f"{name} BETWEEN 0 AND 100")
    op.create_check_constraint(
        op.f("ck_asset_known_state"), "asset", "state IN ('ready', 'quarantined', 'refused')"
    )
    op.create_index(op.f("ix_asset_state"), "asset", ["state"])
    op.execute(_TELL_OF_FORMER)


def downgrade() -> None:
    op.execute("DELETE FROM asset WHERE state <> 'ready'")  # what may not be shown cannot be told apart there
    op.drop_index(op.f("ix_asset_state"), "asset")
    op.drop_constraint(op.f("ck_asset_known_state"), "asset", type_="check")
    for name in ("focal_x", "focal_y"):
        op.drop_constraint(op.f(f"ck_asset_{name}_within"), "asset", type_="check")
    op.drop_constraint(op.f("ck_asset_has_size"), "asset", type_="check")
    op.create_check_constraint(op.f("ck_asset_has_size"), "asset", "width > 0 AND height > 0 AND bytes > 0")
    op.alter_column("asset", "width", server_default=None)
    op.alter_column("asset", "height", server_default=None)
    for name in (
        "note",
        "state",
        "square",
        "thumb",
        "srcset",
        "renditions",
        "blurhash",
        "focal_y",
        "focal_x",
    ):
        op.drop_column("asset", name)
