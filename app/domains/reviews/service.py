"""Verbs on reviews: a decision changes what is shown and the stars kept on the thing reviewed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session, object_session

from app.domains.catalog import service as catalog
from app.domains.reviews.errors import AlreadyDecided
from app.domains.reviews.models import Review, ReviewStatus
from app.kernel import clock


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
        recount(session, package_id=review.package_id, theme_id=review.theme_id)


def recount(session: Session, package_id: Any = None, theme_id: Any = None) -> None:
    """Count the shown stars anew: of one package or theme, or of all when neither is named."""
    everything = package_id is None and theme_id is None
    for table, column, key in (
        ("package", Review.package_id, package_id),
        ("theme", Review.theme_id, theme_id),
    ):
        if key is None and not everything:
            continue
        stars = (
            select(column, cast(func.sum(Review.rating), Integer), cast(func.count(), Integer))
            .where(Review.status == ReviewStatus.APPROVED.value, column.is_not(None))
            .group_by(column)
        )
        stars = stars.where(column == key) if key is not None else stars
        counted = {row[0]: (row[1], row[2]) for row in session.execute(stars) if row[0] is not None}
        catalog.keep_stars(session, table, counted, key)
