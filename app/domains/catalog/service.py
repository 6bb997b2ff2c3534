"""Verbs on the catalog."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domains.catalog.models import Package, Theme

_RATED: dict[str, Any] = {"package": Package, "theme": Theme}


def lock_rated(session: Session, name: str, only: Collection[UUID] | None = None) -> None:
    """Lock packages or themes whose stars are about to be counted, always in the same order."""
    model = _RATED[name]
    rows = select(model.id).order_by(model.id).with_for_update(key_share=True)
    session.execute(rows if only is None else rows.where(model.id.in_(only)))


def keep_stars(
    session: Session,
    name: str,
    stars: Mapping[UUID, tuple[int, int]],
    only: Collection[UUID] | None = None,
) -> int:
    """Write (sum, count) of the shown stars to the packages or themes whose figures differ.

    Those not named in `stars` have none. With `only`, no others are looked at. Returns how many were mended.
    """
    model = _RATED[name]
    wrong = select(model).where(or_(model.rating_count > 0, model.id.in_(list(stars))))
    if only is not None:
        wrong = select(model).where(model.id.in_(only))
    mended = 0
    for record in session.scalars(wrong.execution_options(populate_existing=True)):
        total, count = stars.get(record.id, (0, 0))
        if (record.rating_sum, record.rating_count) != (total, count):
            record.rating_sum, record.rating_count = total, count
            mended += 1
    session.flush()
    return mended
