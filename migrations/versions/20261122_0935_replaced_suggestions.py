"""What a suggestion said before its author wrote another one is kept."""

from __future__ import annotations

from alembic import op

revision = "ec5394051627"
down_revision = "db4283940516"
branch_labels = None
depends_on = None

TABLE, NAME = "translation_suggestion", "ck_translation_suggestion_state"


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), TABLE)
    op.create_check_constraint(op.f(NAME), TABLE, "state IN ('open','accepted','declined','replaced')")


def downgrade() -> None:
    op.execute(f"DELETE FROM {TABLE} WHERE state = 'replaced'")
    op.drop_constraint(op.f(NAME), TABLE)
    op.create_check_constraint(op.f(NAME), TABLE, "state IN ('open','accepted','declined')")
