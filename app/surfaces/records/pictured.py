"""The picture by which a record is known: its own, or the first of its gallery."""

from __future__ import annotations

from typing import Any

from sqlalchemy import null, select

from app.media.models import Asset
from app.resources import Resource
from app.resources.ways import picture_source

_asset: Any = Asset.__table__


def first_picture(resource: Resource, table: Any) -> Any:
    """Choose the path of the picture of each row of a table, or of a subquery with the columns that it needs."""
    if resource.model is Asset:
        return table.c.square
    source = picture_source(resource)
    if source is None:
        return null()
    if source.child is None:
        wanted = select(_asset.c.square).where(_asset.c.id == table.c[source.field.name])
        return wanted.correlate(table).scalar_subquery()
    child = source.child.model.__table__.alias()
    wanted = select(_asset.c.square).join(child, child.c[source.field.name] == _asset.c.id)
    wanted = wanted.where(child.c[source.child.parent_column] == table.c.id).order_by(child.c.position)
    return wanted.limit(1).correlate(table).scalar_subquery()
