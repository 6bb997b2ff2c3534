"""The same content saved as another record."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.resources import Resource
from app.surfaces.records.changes import Changes


def make_copy(session: Session, resource: Resource, changes: Changes) -> None:
    """Turn what the form of a record sent into a new record: rows without keys, an address of its own."""
    changes.revision = None
    for rows in changes.children.values():
        for row in rows:
            row.id = ""
    field = resource.slug_field
    slug = str(changes.values.get(field.name) or "").strip() if field is not None else ""
    if field is not None and slug and _is_taken(session, field.column, slug):
        changes.values[field.name] = _free(session, field.column, slug, field.max_length or 200)


def _free(session: Session, column: Any, slug: str, most: int) -> str:
    endings = ("-copy" if number == 1 else f"-copy-{number}" for number in count(1))
    return next(
        tried
        for ending in endings
        if not _is_taken(session, column, tried := slug[: most - len(ending)].rstrip("-") + ending)
    )


def _is_taken(session: Session, column: Any, slug: str) -> bool:
    return session.scalar(select(column).where(column == slug)) is not None
