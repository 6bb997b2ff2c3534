"""Whose translations somebody reads and writes: those of the records that they may see, or translate, themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, false, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.access import rows
from app.access.rights import rights_of
from app.resources import Catalogue, Child, Resource
from app.translation.resources import know_names
from app.translation.states import know_owner_names

_owners: dict[str, tuple[Resource, Child | None]] = {}
"""By the content type of a translation: whose record it is, and as which of its rows."""


def know_owners(catalogue: Catalogue) -> None:
    """Remember to which records translated texts belong, and how these are called."""
    know_names(catalogue)
    know_owner_names(owner_name)
    for resource in catalogue:
        children = {child.table: child for child in resource.children}
        _owners.update((name, (resource, children.get(name))) for name, _fields in resource.translated)


def know_owner(resource: Resource) -> None:
    """Remember that translated texts belong to records whose declaration does not say so."""
    _owners[resource.name] = (resource, None)


def owners() -> Mapping[str, tuple[Resource, Child | None]]:
    """Give, by the content type of a text, whose it is, and as which of its rows."""
    return _owners


def owner_name(content_type: str) -> str:
    """Name the resource on whose permissions the texts of a content type depend."""
    resource, _child = _owners.get(content_type, (None, None))
    return resource.name if resource is not None else content_type


def model_of(content_type: str) -> Any:
    """Give the model of the rows that texts are of; None for what has none."""
    resource, child = _owners.get(content_type, (None, None))
    return child.model if child is not None else resource.model if resource is not None else None


def owner_of(session: Session, content_type: str, row_id: UUID) -> tuple[Resource, UUID] | None:
    """Tell to which record a row with texts belongs; None where that is gone, or of no type."""
    resource, child = _owners.get(content_type, (None, None))
    if resource is None:
        return None
    model = resource.model if child is None else child.model
    key = model.id if child is None else getattr(model, child.parent_column)
    found = session.scalar(select(key).where(model.id == row_id))
    return (resource, found) if found is not None else None


def titles_of(session: Session, user: Any, texts: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """Name the records of texts, by (content type, key of the row): those that a user may list, in one statement."""
    keys: dict[str, set[UUID]] = {}
    for content_type, key in texts:
        keys.setdefault(content_type, set()).add(key)
    parts = [_titles(user, name, keys[name]) for name in sorted(keys) if name in _owners]
    if not parts:
        return {}
    found = session.execute(union_all(*parts))
    return {(row[0], row[1]): row[2] for row in found if row[2]}


def _titles(user: Any, content_type: str, keys: set[UUID]) -> Select[Any]:
    resource, child = _owners[content_type]
    owner = aliased(resource.model)
    row = owner if child is None else aliased(child.model)
    title = cast(getattr(owner, resource.title), Text)
    found = select(literal(content_type, Text), row.id, title).where(
        row.id.in_(keys), rows.condition(resource.name, user, owner)
    )
    return found if child is None else found.join(owner, getattr(row, child.parent_column) == owner.id)


def may_translate(session: Session, user: Any, content_type: str, key: UUID) -> bool:
    """Tell whether a user may translate a row: by their role alone where that has no limits, else by asking for it."""
    resource, child = _owners.get(content_type, (None, None))
    name = resource.name if resource is not None else content_type
    if not rights_of(user).allow("can_translate", name):
        return False
    if resource is None or not rows.is_limited(name, user, "translate"):
        return True
    owner: Any = resource.model
    wanted = select(owner.id).where(rows.condition(name, user, owner, "translate"))
    if child is None:
        wanted = wanted.where(owner.id == key)
    else:
        wanted = wanted.join(child.model, getattr(child.model, child.parent_column) == owner.id)
        wanted = wanted.where(child.model.id == key)
    return session.scalar(wanted) is not None


def readable(translation: Any, user: Any) -> ColumnElement[bool]:
    """Give the condition on the translations of what a user may see."""
    return _of_what_allows(translation, user, "show")


def writable(translation: Any, user: Any) -> ColumnElement[bool]:
    """Give the condition on the translations of what a user may translate or edit."""
    return _of_what_allows(translation, user, "translate", "edit")


def _of_what_allows(translation: Any, user: Any, *verbs: str) -> ColumnElement[bool]:
    whole: list[str] = []
    parts: list[ColumnElement[bool]] = []
    for name, (resource, child) in _owners.items():
        allowed = [verb for verb in verbs if rights_of(user).allow(f"can_{verb}", resource.name)]
        if any(not rows.is_limited(resource.name, user, verb) for verb in allowed):
            whole.append(name)
        elif allowed:
            of_seen = or_(*_of_seen(translation, user, resource, child, allowed))
            parts.append((translation.content_type == name) & of_seen)
    if whole:
        parts.append(translation.content_type.in_(whole))
    return or_(*parts) if parts else false()


def _of_seen(
    translation: Any, user: Any, resource: Resource, child: Child | None, verbs: list[str]
) -> Iterator[ColumnElement[bool]]:
    """Give the conditions on the translations of the rows with which a row rule allows one of the verbs."""
    for verb in verbs:
        owner = aliased(resource.model)
        rule = rows.condition(resource.name, user, owner, verb)
        if child is None:
            found = select(owner.id).where(owner.id == translation.object_id, rule)
            yield found.correlate_except(owner).exists()
            continue
        row = aliased(child.model)
        of_owner = getattr(row, child.parent_column) == owner.id
        found = select(row.id).where(row.id == translation.object_id, of_owner, rule)
        yield found.correlate_except(owner, row).exists()


# A text is its record's: the roles say who reads and writes translations, the record's own rights say which.
rows.limit("translation", rows.EVERY_ROLE, readable)
rows.limit("translation", rows.EVERY_ROLE, writable, "edit", "delete")
