"""What is tidied of the comments while nobody waits for it."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import Text, cast, delete, select
from sqlalchemy.orm import aliased

from app.kernel import clock
from app.kernel.audit import AuditEntry
from app.kernel.db import unit_of_work
from app.kernel.jobs import job
from app.surfaces.comments.models import RecordComment

KEPT = timedelta(days=30)
"""Comments outlive their record for so long: its deletion may be undone, or be asked about."""


@job("comments.forget_of_deleted", at="53 3 * * *")
def forget_of_deleted() -> int:
    """Remove the comments of records that were deleted a month ago; give how many."""
    gone = 0
    with unit_of_work() as session:
        for resource in current_app.extensions["catalogue"]:
            model, deletion = resource.model, aliased(AuditEntry)
            is_there = select(model.id).where(cast(model.id, Text) == RecordComment.object_id).exists()
            lately = (
                select(deletion.id)
                .where(
                    deletion.owner_type == resource.name,
                    deletion.owner_id == RecordComment.object_id,
                    deletion.action == "delete",
                    deletion.at > clock.now() - KEPT,
                )
                .exists()
            )
            old = delete(RecordComment).where(RecordComment.content_type == resource.name, ~is_there, ~lately)
            gone += int(getattr(session.execute(old), "rowcount", 0))
    return gone
