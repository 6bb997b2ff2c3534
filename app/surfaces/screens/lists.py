"""The list of a resource: one statement for the rows, worded into a ListPage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select, select

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.db import db
from app.media.models import Asset
from app.media.urls import thumbnail_url
from app.resources import Catalogue, Field, Kind, On, Resource
from app.surfaces.records import wording
from app.surfaces.records.listing import (
    compile_once,
    count_statement,
    cursor_columns,
    narrow,
    page,
    sort_keys,
    statements,
    total_key,
    totals,
    values_of,
)
from app.surfaces.records.query import ListQuery, sortable, write_cursor, write_query
from app.surfaces.screens.filters import filter_inputs
from app.surfaces.screens.pages import Button, Cell, Column, ListPage, Row
from app.surfaces.screens.pictures import uploads
from app.surfaces.search.matching import EVERY_LOCALE, matching

_asset: Any = Asset.__table__


def list_page(catalogue: Catalogue, resource: Resource, query: ListQuery) -> ListPage:
    """Read one page of the rows that the signed-in user may see, and word it."""
    rows, total, remembered = read_rows(catalogue, resource, query)
    more = len(rows) > query.size
    rows = rows[: query.size]
    passed = query.after.passed if query.after else 0
    fields = resource.fields_on(On.LIST)
    cursor = write_cursor(_cursor_values(query, rows[-1]), passed + len(rows)) if more else ""
    base = f"/{resource.path}/"
    shown = Shown(catalogue, resource, fields)
    return ListPage(
        name=resource.name,
        title=str(resource.label),
        singular=str(resource.singular),
        icon=resource.icon,
        columns=tuple(_column(resource, query, field, base) for field in fields),
        rows=tuple(shown.row(row) for row in rows),
        filters=filter_inputs(catalogue, resource, query, base),
        query=query.search,
        total=_total_text(resource, total, remembered),
        range=f"{passed + 1}\u2013{passed + len(rows)}" if rows else "",
        next_url=_url(base, [*write_query(query), ("page[after]", cursor)]) if more else "",
        first_url=_url(base, write_query(query)) if query.after else "",
        url=base,
        clear_url=base,
        is_filtered=bool(query.filters or query.search),
        searchable=any(field.on & On.SEARCH for field in resource.fields),
        hidden_state=tuple(pair for pair in write_query(query) if pair[0] == "sort"),
        **_doors(resource, query, base),
    )


def _doors(resource: Resource, query: ListQuery, base: str) -> dict[str, Any]:
    """Give the addresses of what the signed-in user may do from here."""
    pairs = write_query(query)
    may_add, is_file = may("add", resource.name), resource.model is Asset
    exports = [("csv", _("CSV")), ("xlsx", _("Excel"))] if may("export", resource.name) else []
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
        "export_urls": tuple(
            Button(kind, label, _url(f"{base}export", [*pairs, ("format", kind)]), "download")
            for kind, label in exports
            if has_transfer
        ),
        "bulk_url": f"{base}bulk" if bulk else "",
        "bulk_actions": tuple(bulk),
    }


def read_rows(catalogue: Catalogue, resource: Resource, query: ListQuery) -> tuple[Sequence[Any], int, bool]:
    """Read one row more than the page holds, and how many there are: (rows, total, is remembered)."""
    condition = None
    if row_rules.is_limited(resource.name, current_user):
        condition = row_rules.condition(resource.name, current_user, resource.model)
    found = matching(resource, resource.model, query.search, EVERY_LOCALE)[0] if query.search else None

    def make() -> Select[Any]:
        return rows_statement(catalogue, resource, query, [c for c in (condition, found) if c is not None])

    if condition is None and found is None:
        statement = statements.get(("staff", resource.name, query.shape()), make)
    else:
        statement = compile_once(make())
    connection = db.session.connection()
    rows = statement.run(connection, values_of(query))
    if query.after is None and len(rows) <= query.size:
        return rows, len(rows), False

    def count() -> int:
        counting = count_statement(resource, query, resource.model.__table__)
        for more in (condition, found):
            counting = counting.where(more) if more is not None else counting
        return int(compile_once(counting).run(connection, values_of(query))[0][0])

    if condition is not None:
        return rows, count(), False
    return (rows, *totals.get(total_key(resource.name, query, "staff"), count))


def rows_statement(
    catalogue: Catalogue, resource: Resource, query: ListQuery, conditions: Sequence[Any]
) -> Select[Any]:
    """Make the statement: key, the LIST fields, titles of relations, paths of pictures, the cursor's columns."""
    table = resource.model.__table__
    columns = {name: table.c[name] for name, _down in query.sort} | {"id": table.c.id}
    for field in resource.fields_on(On.LIST):
        columns[field.name] = table.c[field.name] if field.is_stored else field.column.label(field.name)
        if field.kind is Kind.MONEY and "currency" in table.c:
            columns["currency"] = table.c.currency
    inner = page(narrow(select(*columns.values()), resource, query, table), resource, query, table)
    for condition in conditions:
        inner = inner.where(condition)
    chosen = inner.subquery("r")
    joined, titles = _with_titles(catalogue, resource, chosen)
    cursor = cursor_columns(resource, query, chosen)
    order = [key.ordered for key in sort_keys(resource, query, chosen)]
    return select(*chosen.c, *titles, *cursor).select_from(joined).order_by(*order)


def _with_titles(catalogue: Catalogue, resource: Resource, chosen: Any) -> tuple[Any, list[Any]]:
    joined, titles = chosen, []
    for field in resource.fields_on(On.LIST):
        if field.kind is Kind.RELATION:
            target = catalogue[field.target]
            table = target.model.__table__.alias()
            joined = joined.outerjoin(table, table.c.id == chosen.c[field.name])
            titles.append(table.c[target.title].label(f"{field.name}__title"))
        elif field.kind is Kind.PICTURE:
            table = _asset.alias()
            joined = joined.outerjoin(table, table.c.id == chosen.c[field.name])
            titles.append(table.c.square.label(f"{field.name}__title"))
    return joined, titles


class Shown:
    """Words the rows of one list."""

    def __init__(self, catalogue: Catalogue, resource: Resource, fields: tuple[Field, ...]) -> None:
        self.catalogue = catalogue
        self.resource = resource
        self.fields = fields
        self.locale = wording.reader()
        self.choices: dict[tuple[str, Any], Cell] = {}
        self.may_show = may("show", resource.name)
        self.may_edit = may("edit", resource.name) or may("translate", resource.name)
        self.may_edit = self.may_edit and bool(resource.fields_on(On.FORM))
        self.doors = {f.target: may("show", f.target) for f in fields if f.kind is Kind.RELATION}

    def row(self, row: Any) -> Row:
        """Word a row."""
        facts = row._mapping  # noqa: SLF001  # a public part of SQLAlchemy's rows
        cells = tuple(self.cell(field, facts) for field in self.fields)
        url = f"/{self.resource.path}/{facts['id']}"
        title = str(facts.get(self.resource.title) or cells[0].text)
        return Row(
            id=str(facts["id"]),
            url=url if self.may_show else "",
            title=title,
            cells=cells,
            edit_url=f"{url}/edit" if self.may_edit else "",
        )

    def cell(self, field: Field, facts: Any) -> Cell:
        """Word one value of a row; a page repeats its few choices, which are worded once."""
        value = facts[field.name]
        if field.kind is Kind.CHOICE:
            if (field.name, value) not in self.choices:
                self.choices[field.name, value] = wording.cell(field, value, self.locale)
            return self.choices[field.name, value]
        title, url = "", ""
        if field.kind is Kind.RELATION and value is not None:
            title = str(facts[f"{field.name}__title"] or "")
            url = f"/{self.catalogue[field.target].path}/{value}" if self.doors[field.target] else ""
        elif field.kind is Kind.PICTURE and value is not None:
            url = thumbnail_url(facts[f"{field.name}__title"])
        return wording.cell(field, value, self.locale, facts.get("currency") or "EUR", title, url)


def _cursor_values(query: ListQuery, row: Any) -> list[Any]:
    facts = row._mapping  # noqa: SLF001  # a public part of SQLAlchemy's rows
    return [facts[f"sort_{position}"] for position in range(len(query.sort) + 1)]


def _column(resource: Resource, query: ListQuery, field: Field, base: str) -> Column:
    kind = (field.kind or Kind.TEXT).value
    if field.key not in sortable(resource, On.LIST):
        return Column(field.name, str(field.label), kind)
    current = dict(query.sort).get(field.name)
    direction = "" if current is None else "desc" if current else "asc"
    pairs = write_query(query, sort=((field.name, direction == "asc"),), after=None)
    return Column(field.name, str(field.label), kind, _url(base, pairs), direction)


def _total_text(resource: Resource, total: int, remembered: bool) -> str:
    written = wording.number(total, wording.reader())
    if remembered and total >= current_app.config.get("ESTIMATE_FROM", 10_000):
        return _("about %(number)s", number=written)
    return written


def _url(base: str, pairs: list[tuple[str, str]]) -> str:
    return f"{base}?{urlencode(pairs)}" if pairs else base
