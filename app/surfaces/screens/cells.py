"""One value of a record, worded with what it points at."""

from __future__ import annotations

from typing import Any

from app.access.rights import may
from app.kernel.db import db
from app.media.models import Asset, AssetState
from app.media.renditions import nearest
from app.media.urls import thumbnail_url
from app.resources import Catalogue, Field, Kind
from app.surfaces.records import clocks, wording
from app.surfaces.records.writing import currency_of
from app.surfaces.screens.filters import related_title
from app.surfaces.screens.pages import Cell


def record_cell(catalogue: Catalogue, item: Field, record: Any) -> Cell:
    """Word one value of a record or of a child for whoever reads."""
    value = getattr(record, item.name)
    title, url = "", ""
    if item.kind is Kind.RELATION and value is not None:
        title = related_title(catalogue, item, value, is_held=True)
        url = f"/{catalogue[item.target].path}/{value}" if may("show", item.target) else ""
    elif item.kind is Kind.PICTURE and value is not None:
        found = db.session.get(Asset, value)
        if found is not None and found.state == AssetState.READY:
            title = found.alt or found.title
            url = thumbnail_url(nearest(found.renditions, 960) or found.path)
    elif item.clock is not None:
        title = clocks.zones_of(db.session(), (item,), record)[item.name]
    elif item.names is not None and item.names.beside:
        title = getattr(record, item.names.beside)
    return wording.cell(item, value, wording.reader(), currency_of(record), title, url)
