"""Which columns of the program show pictures: every foreign key to one, whichever part it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Update, func, select, union_all, update

from app.kernel.db import metadata
from app.media.models import Asset
from app.media.twins import PictureTwin

_asset: Any = Asset.__table__


def showing() -> Iterator[tuple[str, str]]:
    """List (table, column) of all that shows pictures; pairs of pictures show none."""
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: str(key.parent.name)):
            if key.column.table is _asset and table.name != PictureTwin.__tablename__:
                yield table.name, str(key.parent.name)


def count_anew() -> Update:
    """Make the statement that counts the uses of all pictures, for when another table begins to show some."""
    parts = [
        select(metadata.tables[table].c[column].label("key")).where(
            metadata.tables[table].c[column].is_not(None)
        )
        for table, column in showing()
    ]
    used = union_all(*parts).subquery()
    mine = select(func.count()).where(used.c.key == _asset.c.id).scalar_subquery()
    return update(_asset).values(uses=mine, updated_at=_asset.c.updated_at).where(_asset.c.uses != mine)
