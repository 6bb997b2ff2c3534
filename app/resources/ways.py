"""By which fields a list is also seen in columns, by day and as pictures: named by the declaration, or found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.resources.declaration import Child, DeclarationError, Field, Kind, On, Resource

NONE = "-"
"""What a declaration says where a list is not to be seen in a way that would be found."""

DAYS = (Kind.DATE, Kind.INSTANT)
_LAST = re.compile(r"(ends?|until|last|to)_")


@dataclass(frozen=True, slots=True)
class Picture:
    """Where the picture of a record stands: in a field of its own, or in the first of its children."""

    field: Field
    child: Child | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """The field of a record's day, and that of its last one where it has both."""

    first: Field
    last: Field | None = None


def board_field(resource: Resource) -> Field | None:
    """Find the choice whose values are the columns of a board: one that an action or a form can change."""
    if resource.board:
        return _named(resource, "board", resource.board, (Kind.CHOICE,))
    choices = [field for field in resource.fields_on(On.LIST) if field.kind is Kind.CHOICE and field.options]
    led = {action.leads_to for action in resource.actions if action.leads_to}
    status = next((field for field in choices if led & {option.value for option in field.options}), None)
    return status or next((field for field in choices if field.on & On.FORM), None)


def calendar_days(resource: Resource) -> Days | None:
    """Find the day, or the days, by which a calendar places a record."""
    if resource.calendar:
        names = resource.calendar.split(",")
        first = _named(resource, "calendar", names[0], DAYS)
        last = _named(resource, "calendar", names[1], DAYS) if len(names) > 1 else None
        return Days(first, last) if first is not None else None
    stored = [field for field in resource.fields_on(On.LIST) if field.is_stored]
    found = next((field for kind in DAYS for field in stored if field.kind is kind), None)
    if found is None:
        return None
    last = next((f for f in stored if f.kind is found.kind and _LAST.match(f.name) and f is not found), None)
    return Days(found, last)


def picture_source(resource: Resource) -> Picture | None:
    """Find the picture of a record: a field of its own before the first of its gallery."""
    if resource.picture == NONE:
        return None
    own = [
        Picture(field)
        for field in resource.fields_on(On.LIST | On.FORM | On.API)
        if field.kind is Kind.PICTURE and resource.picture in ("", field.name)
    ]
    lent = [
        Picture(field, child)
        for child in resource.children
        for field in child.fields
        if field.kind is Kind.PICTURE and resource.picture in ("", child.name)
    ]
    found = [*own, *lent]
    if resource.picture and not found:
        raise DeclarationError(f"{resource.name}: there is no picture in {resource.picture!r}")
    return found[0] if found else None


def has_languages(resource: Resource) -> bool:
    """Tell whether the rows are in the source language and have texts to be translated.

    Of a visitor's words, in whatever language, none is missing.
    """
    return bool(resource.translated) and "locale" not in resource.model.__table__.c


def check_ways(resource: Resource) -> None:
    """Refuse a declaration that names what is no choice, day or picture, or an end that is no status."""
    board_field(resource)
    calendar_days(resource)
    picture_source(resource)
    if resource.opens_as not in _openings(resource):
        raise DeclarationError(f"{resource.name}: a list of it cannot open as {resource.opens_as!r}")
    known = {option.value for field in resource.fields for option in field.options}
    for action in resource.actions:
        if action.leads_to and action.leads_to not in known:
            raise DeclarationError(f"{resource.name}.{action.name}: leads to the unknown {action.leads_to!r}")


def _openings(resource: Resource) -> set[str]:
    found = {
        "gallery": picture_source(resource),
        "board": board_field(resource),
        "calendar": calendar_days(resource),
    }
    return {"table"} | {way for way, by in found.items() if by is not None}


def _named(resource: Resource, word: str, name: str, kinds: tuple[Kind, ...]) -> Field | None:
    if name == NONE:
        return None
    field = resource.field(name.strip())
    if field is None or field.kind not in kinds or not field.is_stored:
        raise DeclarationError(f"{resource.name}: {name!r} cannot make its {word}")
    return field
