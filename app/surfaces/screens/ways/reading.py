"""What every way of seeing a list reads: the rows the reader may see, narrowed as the table of the same list is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from flask_login import current_user
from sqlalchemy import Select

from app.access import rows as row_rules
from app.kernel.db import db
from app.kernel.statements import compile_once, statements
from app.resources import Resource
from app.surfaces.records.listing import narrow, values_of
from app.surfaces.records.query import ListQuery
from app.surfaces.search.matching import EVERY_LOCALE, matching


def limits(resource: Resource, query: ListQuery) -> list[Any]:
    """List the conditions that are of the reader and of the search, and not of the list's shape."""
    conditions = []
    if row_rules.is_limited(resource.name, current_user):
        conditions.append(row_rules.condition(resource.name, current_user, resource.model))
    if query.search:
        conditions.append(matching(resource, resource.model, query.search, EVERY_LOCALE)[0])
    return conditions


def narrowed(
    statement: Select[Any], resource: Resource, query: ListQuery, conditions: Sequence[Any]
) -> Select[Any]:
    """Put the list's filters and the reader's limits on a statement over the table of the records."""
    narrow_one = narrow(statement, resource, query, resource.model.__table__)
    return narrow_one.where(*conditions)


def run(
    shape: Hashable,
    make: Callable[[], Select[Any]],
    query: ListQuery,
    conditions: Sequence[Any],
    **params: Any,
) -> Sequence[Any]:
    """Run a statement, whose text is kept by its shape where no limit stands in it."""
    statement = compile_once(make()) if conditions else statements.get(shape, make)
    return statement.run(db.session.connection(), values_of(query) | params)
