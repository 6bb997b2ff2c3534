"""Verbs on reviews: a decision changes what is shown and the stars kept on the thing reviewed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, cast, event, func, inspect, select
from sqlalchemy.orm import Session, object_session

from app.domains.catalog import service as catalog
from app.domains.reviews.errors import AlreadyDecided
from app.domains.reviews.models import Review, ReviewStatus
from app.kernel import clock

_SUBJECTS: dict[str, Any] = {"package": Review.package_id, "theme": Review.theme_id}
_TOUCHED = "reviews.touched"


def approve(review: Review, reason: str = "") -> None:
    """Show the review and count its stars."""
    _decide(review, ReviewStatus.APPROVED)


def reject(review: Review, reason: str = "") -> None:
    """Hide the review and take its stars back if they were counted."""
    _decide(review, ReviewStatus.REJECTED)


def _decide(review: Review, status: ReviewStatus) -> None:
    session = object_session(review)
    if session is not None:
        session.flush()
        session.refresh(review, with_for_update=True)
    if review.status == status:
        raise AlreadyDecided(_l("Somebody has decided this review already."))
    review.status = status.value
    review.decided_at = clock.now()
    if session is not None:
        session.flush()
        recount_touched(session)


def recount(session: Session) -> None:
    """Count the shown stars of all packages and themes anew."""
    for table in _SUBJECTS:
        catalog.lock_rated(session, table)
        catalog.keep_stars(session, table, _stars(session, table))


def recount_touched(session: Session) -> None:
    """Count the stars anew of what the reviews written in this session are, or were, about.

    Its row is locked first: of two who decide at once the second counts what the first decided.
    """
    touched = sorted(session.info.pop(_TOUCHED, ()))
    for table in _SUBJECTS:
        keys = [key for name, key in touched if name == table]
        if keys:
            catalog.lock_rated(session, table, keys)
            catalog.keep_stars(session, table, _stars(session, table, keys), keys)


def _stars(session: Session, table: str, keys: list[UUID] | None = None) -> dict[UUID, tuple[int, int]]:
    column = _SUBJECTS[table]
    stars = (
        select(column, cast(func.sum(Review.rating), Integer), cast(func.count(), Integer))
        .where(Review.status == ReviewStatus.APPROVED.value, column.is_not(None))
        .group_by(column)
    )
    stars = stars if keys is None else stars.where(column.in_(keys))
    return {row[0]: (row[1], row[2]) for row in session.execute(stars)}


@event.listens_for(Session, "before_flush")
def _note_subjects(session: Session, *_unused: Any) -> None:
    for review in (*session.new, *session.dirty, *session.deleted):
        if isinstance(review, Review):
            touched = session.info.setdefault(_TOUCHED, set())
            for table in _SUBJECTS:
                history: Any = inspect(review).attrs[f"{table}_id"].history
                touched.update((table, key) for key in history.sum() if key is not None)
