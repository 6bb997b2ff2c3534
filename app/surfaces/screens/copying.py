"""The same content saved as another record."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.resources import Resource
from app.surfaces.records.changes import Changes
from app.translation.addresses import is_known


def make_copy(session: Session, resource: Resource, changes: Changes) -> None:
    """Turn what the form of a record sent into a new record: rows without keys, an address of its own."""
    changes.revision = None
    for rows in changes.children.values():
        for row in rows:
            row.id = ""
    field = resource.slug_field
    if field is None:
        return

    def is_taken(slug: str) -> bool:
        """Tell whether it leads, or led, to another record."""
        held = session.scalar(select(field.column).where(field.column == slug)) is not None
        return held or (field.is_address and is_known(session, resource.name, slug))

    most = field.max_length or 200
    slug = str(changes.values.get(field.name) or "").strip()
    if slug and is_taken(slug):
        changes.values[field.name] = _free(is_taken, slug, most)
    for place, slug in changes.texts.items():
        if place[1] == field.name and slug.strip() and is_taken(slug.strip()):
            changes.texts[place] = _free(is_taken, slug.strip(), most)


def _free(is_taken: Callable[[str], bool], slug: str, most: int) -> str:
    endings = ("-copy" if number == 1 else f"-copy-{number}" for number in count(1))
    return next(
        tried for ending in endings if not is_taken(tried := slug[: most - len(ending)].rstrip("-") + ending)
    )
