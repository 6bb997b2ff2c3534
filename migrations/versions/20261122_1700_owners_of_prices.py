"""The history of a room's prices names their room, where it named their currency: the key of two columns was misread."""

from __future__ import annotations

from alembic import op

revision = "647d8e95a6b8"
down_revision = "536c7d8495a7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE audit_entry DISABLE TRIGGER festoon_append_only")
    op.execute(
        """
        UPDATE audit_entry AS entry SET owner_id = coalesce(
            entry.new ->> 'room_id',
            entry.old ->> 'room_id',
            (SELECT price.room_id::text FROM room_price AS price WHERE price.id::text = entry.object_id),
            (SELECT other.new ->> 'room_id' FROM audit_entry AS other
             WHERE other.content_type = 'room_price' AND other.object_id = entry.object_id
                 AND other.new ? 'room_id' LIMIT 1),
            ''
        )
        WHERE entry.content_type = 'room_price' AND entry.owner_type = 'room' AND length(entry.owner_id) = 3
        """
    )
    op.execute("ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER festoon_append_only")


def downgrade() -> None:
    """What is right stays so."""
