"""Making the search index anew from all rows."""

from __future__ import annotations

from sqlalchemy import Connection, Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.resources import Catalogue, On
from app.surfaces.history.triggers import search_fields
from app.surfaces.search.models import SearchEntry


def reindex(connection: Connection, catalogue: Catalogue, rebuild: bool = False) -> int:
    """Write every search entry anew, one statement a content type; returns how many there are.

    With `rebuild` the indexes are dropped first and made afterwards: many times faster for a million
    rows, but nobody can search meanwhile. For a bulk load, `defer_indexing` comes before it.
    """
    indexes = sorted(SearchEntry.__table__.indexes, key=lambda index: str(index.name)) if rebuild else []
    for index in indexes:
        index.drop(connection)
    written = 0
    for resource in catalogue:
        if fields := search_fields(resource):
            translated = [f.name for f in resource.fields_on(On.SEARCH) if f.on & On.TRANSLATE]
            call = func.festoon_reindex(resource.name, _names(fields), _names(translated))
            written += connection.scalar(select(call)) or 0
    for index in indexes:
        index.create(connection)
    connection.exec_driver_sql("ANALYZE search_entry")
    return written


def defer_indexing(connection: Connection) -> None:
    """Leave the search index alone until the transaction ends; the caller reindexes in its place."""
    connection.exec_driver_sql("SELECT set_config('festoon.index', 'off', true)")


def _names(names: list[str]) -> object:
    return literal(names, ARRAY(Text))
