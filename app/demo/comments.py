"""The comments of the demo: what a small team says to each other about its packages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.keys import stable_key
from app.surfaces.comments.models import RecordComment

Said = tuple[str, str, str, bool]
"""Who, what, on which field, and whether it answers the one before."""

THREADS: tuple[tuple[Said, ...], ...] = (
    (
        (
            "Maya Lindqvist",
            "Is the price still right? The lanterns cost more since autumn.",
            "price_minor",
            False,
        ),
        ("Tomás Rivera", "Checked with the supplier: it holds until the end of the season.", "", True),
    ),
    (("Tomás Rivera", "The first picture is the one people ask about. Let us keep it first.", "", False),),
    (
        (
            "Maya Lindqvist",
            "The Hindi text is short. Could somebody add what is included?",
            "description",
            False,
        ),
    ),
)


def add_comments(session: Session, packages: Mapping[str, UUID], now: datetime) -> None:
    """Add the comments that are missing, a thread for each of the first packages."""
    for turn, (thread, key) in enumerate(zip(THREADS, packages.values(), strict=False)):
        first: UUID | None = None
        for number, (author, body, field, is_answer) in enumerate(thread):
            comment = stable_key("record_comment", f"{turn} {number}", turn * 10 + number)
            if session.scalar(select(RecordComment.id).where(RecordComment.id == comment)) is None:
                session.add(
                    RecordComment(
                        id=comment,
                        content_type="package",
                        object_id=str(key),
                        field=field,
                        thread_id=first if is_answer else None,
                        author_name=author,
                        body=body,
                        created_at=now - timedelta(days=3 - turn, hours=2 - number),
                    )
                )
                session.flush()
            first = first or comment
