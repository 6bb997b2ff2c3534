"""The list of a resource: one statement for the rows, worded into a ListPage with its filters and its frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.media.models import Asset
from app.resources import Catalogue, Resource
from app.surfaces.records import wording
from app.surfaces.records.query import ListQuery, write_cursor, write_query
from app.surfaces.screens.filters import filter_inputs
from app.surfaces.screens.list_frame import frame_of
from app.surfaces.screens.list_rows import Shown, read_rows, shown_fields
from app.surfaces.screens.list_tabs import address, desk_of
from app.surfaces.screens.pages import ListPage
from app.surfaces.screens.pictures import uploads

Found = tuple[Sequence[Any], int, bool]
"""Rows, how many there are in all, and whether that number is remembered."""


def list_page(
    catalogue: Catalogue,
    resource: Resource,
    query: ListQuery,
    found: Found | None = None,
    *,
    counts: bool = True,
) -> ListPage:
    """Read one page of the rows that the signed-in user may see, and word it.

    `found` takes the place of what would be read. Without `counts` the total is what the page holds.
    """
    query = desk_of(resource).with_columns(query)
    if found is None:
        query, found = _read(catalogue, resource, query, counts=counts)
    rows, total, remembered = found
    turned = _Turned(query, rows)
    base = f"/{resource.path}/"
    shown = Shown(catalogue, resource, shown_fields(resource, query))
    return ListPage(
        rows=tuple(shown.row(row) for row in turned.rows),
        filters=filter_inputs(catalogue, resource, query),
        query=query.search,
        total=_total_text(total, remembered),
        range=turned.range,
        next_url=turned.next_url(base),
        previous_url=turned.previous_url(base),
        first_url=address(base, write_query(query, near=None)) if query.cursor or query.near else "",
        near=query.near.isoformat() if query.near else "",
        uploads=uploads() if resource.model is Asset else None,
        **frame_of(catalogue, resource, query),
    )


def _read(
    catalogue: Catalogue, resource: Resource, query: ListQuery, *, counts: bool
) -> tuple[ListQuery, Found]:
    """Read the page; where there is no whole page before a cursor, that is the first one."""
    found = read_rows(catalogue, resource, query, counts=counts)
    if query.before is not None and len(found[0]) <= query.size:
        query = replace(query, before=None, near=None)
        found = read_rows(catalogue, resource, query, counts=counts)
    return query, found


class _Turned:
    """The rows of a page in their order, and the cursors to the pages beside it."""

    def __init__(self, query: ListQuery, rows: Sequence[Any]) -> None:
        self.query = query
        self.is_more = len(rows) > query.size
        self.rows = rows[-query.size :] if query.before else rows[: query.size]
        passed = query.cursor.passed if query.cursor else 0
        self.passed = max(passed - len(self.rows), 0) if query.before else passed

    @property
    def range(self) -> str:
        """Say which rows these are; from a date on nobody counted those before."""
        if not self.rows or self.query.near is not None:
            return ""
        return f"{self.passed + 1}\u2013{self.passed + len(self.rows)}"

    def next_url(self, base: str) -> str:
        """Give the address of the page after this one; the one that a page before came from is there."""
        if not self.rows or not (self.is_more or self.query.before):
            return ""
        cursor = write_cursor(self._values(self.rows[-1]), self.passed + len(self.rows))
        return address(base, [*write_query(self.query), ("page[after]", cursor)])

    def previous_url(self, base: str) -> str:
        """Give the address of the page before this one: the first page by its own address."""
        if not self.rows or not (self.query.cursor or self.query.near):
            return ""
        if self.query.near is None and self.passed <= self.query.size:
            return address(base, write_query(self.query))
        cursor = write_cursor(self._values(self.rows[0]), self.passed)
        return address(base, [*write_query(self.query), ("page[before]", cursor)])

    def _values(self, row: Any) -> list[Any]:
        return [getattr(row, f"sort_{position}") for position in range(len(self.query.sort) + 1)]


def _total_text(total: int, remembered: bool) -> str:
    written = wording.number(total, wording.reader())
    if remembered and total >= current_app.config.get("ESTIMATE_FROM", 10_000):
        return _("about %(number)s", number=written)
    return written
