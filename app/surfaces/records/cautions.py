"""What a writer should know of what they wrote: a warning, never a refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.resources import Resource

Caution = Callable[[Session, Sequence[Any]], list[str]]
"""`caution(session, records)` gives sentences about records that were added or changed, in the reader's language."""

_cautions: dict[str, list[Caution]] = {}


def caution_of(name: str, caution: Caution) -> None:
    """Have a function asked, inside the transaction, what there is to know of written records of a content type.

    The staff API and the import tell it with their answer, also when they only try a file out.
    """
    known = _cautions.setdefault(name, [])
    if caution not in known:
        known.append(caution)


def cautions(session: Session, resource: Resource, records: Sequence[Any]) -> list[str]:
    """List what there is to know of records that were just written."""
    if not records:
        return []
    return [
        sentence for caution in _cautions.get(resource.name, ()) for sentence in caution(session, records)
    ]
