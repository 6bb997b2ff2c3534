"""Where a picture is shown: every record and child that names it, in one statement under the row rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_login import current_user
from sqlalchemy import String, Text, Uuid, case, cast, literal, null, select, union_all

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.db import db
from app.resources import Catalogue, Child, Field, Kind, Resource

MOST = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A field that can show a picture: of a record, or of the children of one."""

    resource: Resource
    field: Field
    child: Child | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One row that shows the picture; without a title the reader may not see the record."""

    place: Place
    owner: UUID
    row: UUID
    title: str | None

    @property
    def type_label(self) -> str:
        """Name what kind of record it is."""
        return str(self.place.resource.singular)

    @property
    def part_label(self) -> str:
        """Name the part of the record."""
        return str(self.place.child.label if self.place.child else self.place.field.label)

    @property
    def icon(self) -> str:
        """Give the sign of the content type."""
        return self.place.resource.icon

    @property
    def url(self) -> str:
        """Give the record's page."""
        return f"/{self.place.resource.path}/{self.owner}" if self.title is not None else ""


def places(catalogue: Catalogue) -> Iterator[Place]:
    """List every declared field that shows a picture."""
    for resource in catalogue:
        for field in resource.fields:
            if field.kind is Kind.PICTURE and field.target == "asset":
                yield Place(resource, field)
        for child in resource.children:
            for field in child.fields:
                if field.kind is Kind.PICTURE and field.target == "asset":
                    yield Place(resource, field, child)


def uses_of(catalogue: Catalogue, key: UUID) -> list[Use]:
    """List the rows that show a picture, a hundred at most; the same one statement for none and for many."""
    by_number = list(places(catalogue))
    parts = [_part(number, place, key) for number, place in enumerate(by_number)]
    if not parts:
        return []
    found = union_all(*parts).subquery()
    rows = db.session.execute(select(found).order_by(found.c.place, found.c.title, found.c.row).limit(MOST))
    return [Use(by_number[row.place], row.owner, row.row, row.title) for row in rows]


def _part(number: int, place: Place, key: UUID) -> Any:
    resource = place.resource
    model = resource.model
    is_seen = row_rules.condition(resource.name, current_user, model, "show")
    title = cast(getattr(model, resource.title), Text)
    shown = case((is_seen, title), else_=cast(null(), String))
    columns = [literal(number).label("place"), cast(model.id, Uuid).label("owner")]
    if place.child is None:
        rows = select(*columns, cast(model.id, Uuid).label("row"), shown.label("title"))
        return rows.where(getattr(model, place.field.name) == key)
    table = place.child.model.__table__
    rows = select(*columns, cast(table.c.id, Uuid).label("row"), shown.label("title"))
    rows = rows.select_from(model).join(table, table.c[place.child.parent_column] == model.id)
    return rows.where(table.c[place.field.name] == key)


def may_edit(use: Use) -> bool:
    """Tell whether the reader's role may change such records at all; the row is asked when it is written."""
    return use.title is not None and may("edit", use.place.resource.name)
