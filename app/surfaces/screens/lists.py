"""The list of a resource: one statement for the rows, worded into a ListPage with its tabs, filters and doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.access.rights import may
from app.media.models import Asset
from app.resources import Catalogue, Field, Kind, On, Resource
from app.surfaces.records import wording
from app.surfaces.records.looks import AVAILABLE, column_names, is_dated
from app.surfaces.records.query import ListQuery, sortable, write_cursor, write_query
from app.surfaces.screens.filters import filter_inputs
from app.surfaces.screens.inline import is_editable
from app.surfaces.screens.list_rows import Shown, read_rows, shown_fields
from app.surfaces.screens.list_tabs import Desk, address, desk_of
from app.surfaces.screens.pages import Button, Column, ListPage
from app.surfaces.screens.pictures import uploads
from app.surfaces.screens.ways.links import way_links

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
    desk = desk_of(resource)
    query = desk.with_columns(query)
    if found is None:
        query, found = _read(catalogue, resource, query, counts=counts)
    rows, total, remembered = found
    turned = _Turned(query, rows)
    fields = shown_fields(resource, query)
    base = f"/{resource.path}/"
    shown = Shown(catalogue, resource, fields)
    return ListPage(
        name=resource.name,
        title=str(resource.label),
        singular=str(resource.singular),
        icon=resource.icon,
        columns=tuple(_column(resource, query, field, desk) for field in fields),
        rows=tuple(shown.row(row) for row in turned.rows),
        filters=filter_inputs(catalogue, resource, query),
        query=query.search,
        total=_total_text(total, remembered),
        range=turned.range,
        next_url=turned.next_url(base),
        previous_url=turned.previous_url(base),
        first_url=address(base, write_query(query, near=None)) if query.cursor or query.near else "",
        url=base,
        clear_url=desk.bare_url,
        is_filtered=bool(query.filters or query.search or query.missing),
        searchable=any(field.on & On.SEARCH for field in resource.fields),
        hidden_state=tuple(pair for pair in write_query(query) if pair[0] != "q"),
        sorts=_sorts(resource, query),
        near=query.near.isoformat() if query.near else "",
        dates_by=_dates_by(resource, query),
        desk=desk.page(query),
        can_choose=len(column_names(resource)) > 1,
        ways=way_links(resource, query),
        **_doors(resource, query, base),
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
        facts = row._mapping  # noqa: SLF001  # a public part of SQLAlchemy's rows
        return [facts[f"sort_{position}"] for position in range(len(self.query.sort) + 1)]


def _doors(resource: Resource, query: ListQuery, base: str) -> dict[str, Any]:
    """Give the addresses of what the signed-in user may do from here."""
    may_add, is_file = may("add", resource.name), resource.model is Asset
    has_transfer = any(field.on & On.TRANSFER for field in resource.fields)
    actions = [a for a in resource.actions if not a.is_aside and may(a.name, resource.name)]
    bulk = [
        Button(a.name, str(a.label), f"{base}bulk", a.icon, a.tone, "post", a.asks_reason) for a in actions
    ]
    if may("delete", resource.name):
        bulk.append(Button("delete", _("Delete"), f"{base}bulk", "trash", "danger", "post"))
    return {
        "add_url": "" if is_file else f"{base}add" if may_add and resource.fields_on(On.FORM) else "",
        "uploads": uploads() if is_file else None,
        "import_url": f"{base}import" if has_transfer and may("import", resource.name) else "",
        "export_urls": _exports(resource, query, base) if has_transfer else (),
        "bulk_url": f"{base}bulk" if bulk else "",
        "bulk_actions": tuple(bulk),
    }


def _exports(resource: Resource, query: ListQuery, base: str) -> tuple[Button, ...]:
    """Offer what is shown, and the same rows with every column that can be imported again."""
    if not may("export", resource.name):
        return ()
    names = tuple(
        field.key if field.name != AVAILABLE else AVAILABLE for field in shown_fields(resource, query)
    )
    whole = write_query(query, columns=(), near=None, way="", month="", view="")
    shown = [*whole, ("columns", ",".join(names))]
    ways = (
        ("shown-csv", _("What is shown, as CSV"), shown, "csv"),
        ("shown-xlsx", _("What is shown, for Excel"), shown, "xlsx"),
        ("csv", _("All columns, as CSV"), whole, "csv"),
        ("xlsx", _("All columns, for Excel"), whole, "xlsx"),
    )
    return tuple(
        Button(name, label, address(f"{base}export", [*pairs, ("format", kind)]), "download")
        for name, label, pairs, kind in ways
    )


def _column(resource: Resource, query: ListQuery, field: Field, desk: Desk) -> Column:
    if field.name == AVAILABLE:
        return Column(AVAILABLE, _("Available in"), "languages", key=AVAILABLE, width=desk.width(AVAILABLE))
    kind = (field.kind or Kind.TEXT).value
    edits = field.name if is_editable(resource, field) else ""
    head = Column(field.name, str(field.label), kind, key=field.key, width=desk.width(field.key), edits=edits)
    if field.key not in sortable(resource, On.LIST):
        return head
    current = dict(query.sort).get(field.name)
    direction = "" if current is None else "desc" if current else "asc"
    url = _sort_url(resource, query, field.name, is_down=direction == "asc")
    return replace(head, sort_url=url, direction=direction)


def _sort_url(resource: Resource, query: ListQuery, name: str, *, is_down: bool) -> str:
    pairs = write_query(query, sort=((name, is_down),), near=None)
    return address(f"/{resource.path}/", pairs)


def _sorts(resource: Resource, query: ListQuery) -> tuple[Column, ...]:
    """Offer every order: where there are no headings, as on a phone, and in the other ways to see the list."""
    labels = {field.name: field for field in resource.fields}
    current = dict(query.sort)
    found = []
    for name in dict.fromkeys(sortable(resource, On.LIST).values()):
        if name not in labels:
            continue
        direction = "" if name not in current else "desc" if current[name] else "asc"
        url = _sort_url(resource, query, name, is_down=direction == "asc")
        found.append(Column(name, str(labels[name].label), "", url, direction))
    return tuple(found)


def _dates_by(resource: Resource, query: ListQuery) -> str:
    """Name the date by which the list is ordered, so that one can jump in it; empty where it is by something else."""
    first = query.sort[0][0] if query.sort else ""
    if not is_dated(resource, first):
        return ""
    field = resource.field(first)
    return str(field.label) if field is not None else _("Created")


def _total_text(total: int, remembered: bool) -> str:
    written = wording.number(total, wording.reader())
    if remembered and total >= current_app.config.get("ESTIMATE_FROM", 10_000):
        return _("about %(number)s", number=written)
    return written
