"""Folders of pictures that lie in one place differ in more than the case of their names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c39405162738"
down_revision = "b28394051627"
branch_labels = None
depends_on = None

# Of those that are called alike the oldest keeps its name; the others get the first number that is free.
PART = """
DO $$
DECLARE
    double record;
    number int;
    free text;
BEGIN
    FOR double IN SELECT f.id, f.parent_id, f.name FROM picture_folder AS f
        WHERE EXISTS (SELECT FROM picture_folder AS o WHERE o.parent_id IS NOT DISTINCT FROM f.parent_id
            AND lower(o.name) = lower(f.name) AND (o.created_at, o.id) < (f.created_at, f.id))
        ORDER BY f.created_at, f.id
    LOOP
        number := 2;
        LOOP
            free := left(double.name, 70) || ' ' || number;
            EXIT WHEN NOT EXISTS (SELECT FROM picture_folder AS o
                WHERE o.parent_id IS NOT DISTINCT FROM double.parent_id AND lower(o.name) = lower(free));
            number := number + 1;
        END LOOP;
        UPDATE picture_folder SET name = free, revision = revision + 1 WHERE id = double.id;
    END LOOP;
END $$
"""


def upgrade() -> None:
    op.execute(PART)
    op.drop_constraint(op.f("uq_picture_folder_name"), "picture_folder", type_="unique")
    op.create_index(
        "uq_picture_folder_name",
        "picture_folder",
        ["parent_id", sa.text("lower(name)")],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_index("uq_picture_folder_name", table_name="picture_folder")
    op.create_unique_constraint(
        op.f("uq_picture_folder_name"),
        "picture_folder",
        ["parent_id", "name"],
        postgresql_nulls_not_distinct=True,
    )
