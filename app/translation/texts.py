"""Where the texts come from that there are to translate: the declared content types, and what else offers some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Text,
    Uuid,
    and_,
    any_,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from app.access import rows
from app.access.rights import rights_of
from app.resources import Catalogue, Child, Field, On, Resource
from app.resources.ways import has_languages
from app.translation.models import Translation
from app.translation.reach import owner_name
from app.translation.unit import Asked

_translation: Any = Translation.__table__


class Source:
    """Where texts come from: `select` gives their columns, see COLUMNS; None where nothing is for the user."""

    def __init__(self, name: str, number: int, find: Callable[[Asked, Any, int], Select[Any] | None]) -> None:
        self.name = name
        self.number = number
        self.select = find


COLUMNS = (
    "type_no",
    "owner_id",
    "part",
    "place",
    "row_id",
    "field_no",
    "field",
    "content_type",
    "owner_type",
)
"""Then `source`, `title` and `note`: what each Source selects, by these names."""

Shown = Callable[[Resource], Any]
ADDRESS_NO = 900
"""The place of a record's address among its fields: in a language it is a text once somebody wrote one."""
OFFERED = 1000
"""From this number on a source's texts come from no declaration."""
_sources: list[Source] = []
_shown: list[Shown] = [lambda _resource: None]


def know_units(catalogue: Catalogue, shown: Shown | None = None) -> None:
    """Learn the content types whose rows are in the source language; `shown` gives the condition on what is shown."""
    _sources[:] = [source for source in _sources if source.number >= OFFERED]
    _shown[:] = [shown or (lambda _resource: None)]
    number = 0
    for resource in catalogue:
        if has_languages(resource):
            number += 10
            _sources.append(Source(resource.name, number, _finder(resource)))
    _sources.sort(key=lambda source: source.number)


def offer(name: str, number: int, find: Callable[[Asked, Any, int], Select[Any] | None]) -> None:
    """Add texts that no declaration tells of, after the others: `number` is 1,000 or more."""
    _sources[:] = [source for source in _sources if source.name != name]
    _sources.append(Source(name, number, find))


def all_sources() -> tuple[Source, ...]:
    """Give the sources in their order."""
    return tuple(_sources)


def types_of() -> tuple[str, ...]:
    """Name the sources in their order."""
    return tuple(source.name for source in _sources)


def sources_of(content_type: str) -> tuple[str, ...]:
    """Name the sources that a content type's texts may come from: its owner's, and those that no declaration tells of."""
    return (owner_name(content_type), *(source.name for source in _sources if source.number >= OFFERED))


def all_texts(locale: str) -> Any:
    """Select every source text there is to translate into a language, for a job; None where there is none."""
    asked = Asked(locale)
    parts = [part for source in _sources if (part := source.select(asked, None, source.number)) is not None]
    return union_all(*parts).subquery("texts") if parts else None


def _finder(resource: Resource) -> Callable[[Asked, Any, int], Select[Any] | None]:
    whole: dict[int, Select[Any] | None] = {}

    def find(asked: Asked, user: Any, number: int) -> Select[Any] | None:
        """Make the statement; the one on all records, which most ask for, is made once: it takes its time."""
        if user is not None and not rights_of(user).allow(f"can_{asked.verb}", resource.name):
            return None
        is_of_some = bool(asked.shown_only or asked.owner_id or asked.owner_ids or resource.translated_when)
        if is_of_some or (user is not None and rows.is_limited(resource.name, user, asked.verb)):
            return make(asked, user, number)
        if number not in whole:
            whole[number] = make(asked, None, number)
        return whole[number]

    def make(asked: Asked, user: Any, number: int) -> Select[Any] | None:
        parts = [
            _texts(resource, None, 0, resource.fields_on(On.TRANSLATE), asked, user, number),
            *(
                _texts(resource, child, part, child.fields_on(On.TRANSLATE), asked, user, number)
                for part, child in enumerate(resource.children, 1)
            ),
        ]
        if resource.address is not None:
            addresses = _texts(resource, None, 0, [resource.address], asked, user, number, ADDRESS_NO)
            parts.append(_written(addresses, resource))
        found = [part for part in parts if part is not None]
        return select(union_all(*found).subquery()) if len(found) > 1 else found[0] if found else None

    return find


def _texts(
    resource: Resource,
    child: Child | None,
    part: int,
    fields: Sequence[Field],
    asked: Asked,
    user: Any,
    number: int,
    first_no: int = 0,
) -> Select[Any] | None:
    """Select the texts of the records, or of one of their groups of rows."""
    if not fields:
        return None
    owner = aliased(resource.model)
    row: Any = owner if child is None else aliased(child.model)
    condition = rows.condition(resource.name, user, owner, asked.verb) if user is not None else true()
    if asked.shown_only and (shown := _shown[0](resource)) is not None:
        field, values = shown
        condition = and_(condition, getattr(owner, field.name).in_(values))
    if resource.translated_when is not None:
        condition = and_(condition, resource.translated_when(owner))
    if asked.owner_id is not None:
        condition = and_(condition, owner.id == asked.owner_id)
    if asked.owner_ids:
        condition = and_(condition, among(owner.id, asked.owner_ids))
    texts = [
        select(
            literal(number, Integer).label("type_no"),
            owner.id.label("owner_id"),
            literal(part, Integer).label("part"),
            (literal(0, Integer) if child is None else row.position).label("place"),
            row.id.label("row_id"),
            literal(position, Integer).label("field_no"),
            literal(field.name, String).label("field"),
            literal(resource.name if child is None else child.table, String).label("content_type"),
            literal(resource.name, String).label("owner_type"),
            getattr(row, field.name).cast(Text).label("source"),
            getattr(owner, resource.title).cast(Text).label("title"),
            literal("", String).label("note"),
        )
        .select_from(row)
        .where(condition, func.coalesce(getattr(row, field.name).cast(Text), "") != "")
        for position, field in enumerate(fields, first_no)
    ]
    if child is not None:
        texts = [text.join(owner, getattr(row, child.parent_column) == owner.id) for text in texts]
    return select(union_all(*texts).subquery()) if len(texts) > 1 else texts[0]


def _written(addresses: Any, resource: Resource) -> Select[Any] | None:
    """Keep the addresses that somebody wrote one for in any language: the others are not missing."""
    if addresses is None or resource.address is None:
        return None
    found = addresses.subquery()
    t = aliased(_translation)
    is_written = select(t.c.id).where(
        t.c.content_type == resource.name,
        t.c.object_id == found.c.row_id,
        t.c.field == resource.address.name,
    )
    return select(found).where(is_written.exists())


def among(column: Any, keys: Sequence[UUID]) -> ColumnElement[bool]:
    """Say that a key is one of many: they are one parameter, of which a statement has no more than 65,535."""
    return column == any_(literal(list(keys), ARRAY(Uuid())))
