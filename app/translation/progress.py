"""How far translating has come: words that are approved and right, of all words that readers are to get.

What a machine made, what waits for review and what is out of date does not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.resources import Child, On, Resource
from app.translation.reach import owners
from app.translation.releases import required_of
from app.translation.units import Asked, joined_texts, words_of

BY: Mapping[str, tuple[str, ...]] = {
    "field": ("content_type", "field"),
    "record": ("owner_type", "owner_id"),
    "model": ("owner_type",),
    "language": (),
}
"""By what is counted, in each language: the columns of a unit."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The words of required texts, and how many of them are done."""

    words: int
    done: int


def progress(
    session: Session,
    user: Any,
    locales: Sequence[str],
    by: str,
    types: tuple[str, ...] = (),
    owner_ids: tuple[UUID, ...] = (),
) -> dict[tuple[Any, ...], Progress]:
    """Count by (language, the columns of `by`...) in one statement for all languages."""
    parts: list[Any] = [
        counted
        for locale in locales
        if (counted := _counted(Asked(locale, types=types, owner_ids=owner_ids), user, BY[by])) is not None
    ]
    if not parts:
        return {}
    combined: Any = union_all(*parts) if len(parts) > 1 else parts[0]
    found: Any = session.execute(combined)
    return {tuple(row[:-2]): Progress(int(row[-2]), int(row[-1])) for row in found}


def _counted(asked: Asked, user: Any, names: tuple[str, ...]) -> Any:
    texts = joined_texts(asked, user)
    if texts is None:
        return None
    words = words_of(texts.c.source)
    is_done = (texts.c.state == "approved") & texts.c.source_text.is_(None)
    columns = [texts.c[name] for name in names]
    counted = select(
        literal(asked.locale, String).label("locale"),
        *columns,
        func.coalesce(func.sum(words), 0).label("words"),
        func.coalesce(func.sum(words).filter(is_done), 0).label("done"),
    )
    if optional := _optional():
        counted = counted.where(tuple_(texts.c.content_type, texts.c.field).not_in(optional))
    return counted.group_by(*columns) if columns else counted


def _optional() -> list[tuple[str, str]]:
    """List the translated fields that no reader of the site needs, of content types that they do see."""
    found = []
    for name, (resource, child) in owners().items():
        owner: Resource | Child = child or resource
        required = required_of(owner, resource)
        found += [(name, field.name) for field in owner.fields_on(On.TRANSLATE) if field not in required]
        if child is None and resource.address is not None:
            found.append((name, resource.address.name))
    return sorted(found)
