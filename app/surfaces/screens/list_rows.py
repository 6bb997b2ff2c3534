"""The rows of a list: read in one statement, and worded for their reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select, case, func, literal, select

from app.access import rows as row_rules
from app.access.rights import current_rights, may
from app.kernel import languages
from app.kernel.db import db
from app.kernel.locales import SOURCE
from app.kernel.statements import compile_once, statements
from app.media.models import Asset
from app.media.urls import thumbnail_url
from app.resources import Catalogue, Field, Kind, Names, On, Resource
from app.resources.ways import picture_source
from app.surfaces.previews.doors import has_preview
from app.surfaces.records import wording
from app.surfaces.records.listing import (
    count_statement,
    cursor_columns,
    narrow,
    page,
    sort_keys,
    total_key,
    totals,
    values_of,
)
from app.surfaces.records.looks import AVAILABLE, column_names, default_columns, listable
from app.surfaces.records.pictured import first_picture
from app.surfaces.records.query import ListQuery
from app.surfaces.screens.pages import Cell, ColumnChoice, Row
from app.surfaces.search.matching import EVERY_LOCALE, matching
from app.translation.models import Translation

_asset: Any = Asset.__table__
_translation: Any = Translation.__table__

Facts = dict[str, Any]
"""The values of a row by the names of its columns."""

_PICTURE = "festoon_picture"
_AVAILABLE = Field(AVAILABLE, On.LIST, "", kind=Kind.TEXT)
"""Stands for the column of the languages, which is no field."""
_LONG = (Kind.LONG_TEXT, Kind.RICH_TEXT)
_LONGEST_HINT = 300
"""More of a long text than a list shows. A row is remembered with all that it holds: whole texts would be megabytes."""


def shown_fields(resource: Resource, query: ListQuery) -> tuple[Field, ...]:
    """List the fields of the columns that a list shows, in their order."""
    known = listable(resource) | {AVAILABLE: _AVAILABLE}
    return tuple(known[name] for name in query.columns or default_columns(resource))


def column_choices(resource: Resource, query: ListQuery) -> tuple[ColumnChoice, ...]:
    """List the columns that can be chosen: those shown in their order, then the rest."""
    labels = {name: str(field.label) for name, field in listable(resource).items()}
    labels[AVAILABLE] = _("Available in")
    shown = query.columns or default_columns(resource)
    rest = [name for name in column_names(resource) if name not in shown]
    return tuple(ColumnChoice(name, labels[name], name in shown) for name in [*shown, *rest])


def conditions_of(resource: Resource, query: ListQuery) -> tuple[Any, Any]:
    """Give what a list adds to its filters: the row rule of its reader and what the search finds, or None."""
    condition = None
    if row_rules.is_limited(resource.name, current_user):
        condition = row_rules.condition(resource.name, current_user, resource.model)
    found = matching(resource, resource.model, query.search, EVERY_LOCALE)[0] if query.search else None
    return condition, found


def read_rows(
    catalogue: Catalogue, resource: Resource, query: ListQuery, *, counts: bool = True
) -> tuple[Sequence[Any], int, bool]:
    """Read one row more than the page holds, and how many there are: (rows, total, is remembered)."""
    condition, found = conditions_of(resource, query)

    def make() -> Select[Any]:
        return rows_statement(catalogue, resource, query, [c for c in (condition, found) if c is not None])

    if condition is None and found is None:
        statement = statements.get(("staff", resource.name, query.shape()), make)
    else:
        statement = compile_once(make())
    connection = db.session.connection()
    rows = statement.run(connection, values_of(query))
    if not counts or (query.cursor is None and query.near is None and len(rows) <= query.size):
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
    """Make the statement: key, title, the shown fields, titles of relations, paths of pictures, the cursor's columns."""
    table = resource.model.__table__
    fields = shown_fields(resource, query)
    columns = {name: table.c[name] for name, _down in query.sort} | {"id": table.c.id}
    if resource.title in table.c:
        columns[resource.title] = table.c[resource.title]
    for field in fields:
        if field is _AVAILABLE:
            columns["texts__count"] = _texts_of(resource, table).label("texts__count")
            continue
        columns[field.name] = table.c[field.name] if field.is_stored else field.column.label(field.name)
        if field.names is not None and field.names.beside:
            columns[field.names.beside] = table.c[field.names.beside]
        if field.clock is not None:
            columns[field.clock.beside] = table.c[field.clock.beside]
        if field.kind is Kind.MONEY and "currency" in table.c:
            columns["currency"] = table.c.currency
    if own := _own_picture(resource, fields):
        columns[own] = table.c[own]
    inner = page(narrow(select(*columns.values()), resource, query, table), resource, query, table)
    for condition in conditions:
        inner = inner.where(condition)
    chosen = inner.subquery("r")
    joined, titles = _with_titles(catalogue, fields, chosen)
    if _AVAILABLE in fields:
        titles.append(_languages_of(resource, chosen).label(AVAILABLE))
    if _is_pictured(resource, fields):
        titles.append(first_picture(resource, chosen).label(_PICTURE))
    cursor = cursor_columns(resource, query, chosen)
    order = [key.ordered for key in sort_keys(resource, query, chosen)]
    return select(*chosen.c, *titles, *cursor).select_from(joined).order_by(*order)


def _with_titles(catalogue: Catalogue, fields: Sequence[Field], chosen: Any) -> tuple[Any, list[Any]]:
    joined, titles = chosen, []
    for field in fields:
        if field.kind is Kind.RELATION:
            target = catalogue[field.target]
            table = target.model.__table__.alias()
            joined = joined.outerjoin(table, table.c.id == chosen.c[field.name])
            titles.append(table.c[target.title].label(f"{field.name}__title"))
        elif field.kind is Kind.PICTURE:
            table = _asset.alias()
            joined = joined.outerjoin(table, table.c.id == chosen.c[field.name])
            titles.append(table.c.square.label(f"{field.name}__title"))
        elif field.clock is not None:
            titles.append(field.clock.zone(chosen.c[field.clock.beside]).label(f"{field.name}__zone"))
    return joined, titles


def _is_pictured(resource: Resource, fields: Sequence[Field]) -> bool:
    """Tell whether a row begins with the record's picture: it has one, and no column shows it."""
    is_shown = any(field.kind is Kind.PICTURE for field in fields)
    return picture_source(resource) is not None and resource.model is not Asset and not is_shown


def _own_picture(resource: Resource, fields: Sequence[Field]) -> str:
    """Name the column of a record's own picture that its row begins with."""
    source = picture_source(resource) if _is_pictured(resource, fields) else None
    return source.field.name if source is not None and source.child is None else ""


def _texts_of(resource: Resource, table: Any) -> Any:
    """Count the texts of a record that there are to translate."""
    counted: Any = literal(0, literal_execute=True)
    for field in resource.fields_on(On.TRANSLATE):
        counted = counted + case((table.c[field.name] != "", 1), else_=0)
    return counted


def _languages_of(resource: Resource, chosen: Any) -> Any:
    """Gather the languages of a record's translations, one for each translated text."""
    names = [field.name for field in resource.fields_on(On.TRANSLATE)]
    return (
        select(func.array_agg(_translation.c.locale))
        .where(
            _translation.c.content_type == literal(resource.name, literal_execute=True),
            _translation.c.object_id == chosen.c.id,
            _translation.c.field.in_([literal(name, literal_execute=True) for name in names]),
        )
        .scalar_subquery()
    )


class Shown:
    """Words the rows of one list."""

    def __init__(self, catalogue: Catalogue, resource: Resource, fields: tuple[Field, ...]) -> None:
        self.catalogue = catalogue
        self.resource = resource
        self.locale = wording.reader()
        verbs = current_rights().verbs_on(resource.name)
        self.may_show = "can_show" in verbs
        self.has_preview = self.may_show and has_preview(resource)
        self.may_edit = not verbs.isdisjoint(("can_edit", "can_translate")) and bool(
            resource.fields_on(On.FORM)
        )
        self.cells = tuple(self.words_of(field) for field in fields)

    def row(self, row: Any) -> Row:
        """Word a row."""
        facts = dict(zip(row._fields, row, strict=True))  # a public part of named tuples
        cells = tuple([words(facts) for words in self.cells])
        key = str(facts["id"])
        url = f"/{self.resource.path}/{key}"
        return Row(
            id=key,
            url=url if self.may_show else "",
            title=str(facts.get(self.resource.title) or cells[0].text),
            cells=cells,
            edit_url=f"{url}/edit" if self.may_edit else "",
            preview_url=f"{key}/preview" if self.has_preview else "",
            picture=thumbnail_url(facts.get(_PICTURE)),
        )

    def words_of(self, field: Field) -> Callable[[Facts], Cell]:
        """Give what words a field of a row, by the row's facts."""
        if field is _AVAILABLE:
            return self.languages
        name, words = field.name, wording.words_of(field, self.locale)
        if field.kind is Kind.CHOICE:
            return _repeating(name, words)
        if field.names is not None:
            return self.named(field, field.names)
        if field.clock is not None:
            return lambda facts: words(facts[name], "", facts[f"{name}__zone"] or "", "")
        if field.kind is Kind.RELATION:
            door = f"/{self.catalogue[field.target].path}/" if may("show", field.target) else ""
            title = f"{name}__title"
            return lambda facts: words(
                facts[name], "", str(facts[title] or ""), f"{door}{facts[name]}" if door else ""
            )
        if field.kind is Kind.PICTURE:
            path = f"{name}__title"
            return lambda facts: words(facts[name], "", "", thumbnail_url(facts[path]))
        if field.kind is Kind.MONEY:
            return lambda facts: words(facts[name], facts.get("currency") or "EUR", "", "")
        if field.kind in _LONG:
            return lambda facts: _brief(words(facts[name], "", "", ""))
        return lambda facts: words(facts[name], "", "", "")

    def named(self, field: Field, names: Names) -> Callable[[Facts], Cell]:
        """Give what words a code by its name, which may be a door."""
        name, words = field.name, wording.words_of(field, self.locale)
        path = self.resource.path if names.door and self.may_show else ""

        def cell(facts: Facts) -> Cell:
            beside = str(facts[names.beside]) if names.beside else ""
            return words(facts[name], "", beside, f"/{path}/{facts['id']}/{names.door}" if path else "")

        return cell

    def languages(self, facts: Facts) -> Cell:
        """Word in which languages a record is there; one that is not whole has a dot behind it."""
        there, of = Counter(facts[AVAILABLE] or ()), facts["texts__count"]
        tags, words = [SOURCE.upper()], [wording.language(SOURCE, self.locale)]
        for tag in languages.content_locales():
            if not there[tag]:
                continue
            done = min(there[tag], of)
            name = wording.language(tag, self.locale)
            tags.append(tag.upper() + ("" if done >= of else "…"))
            words.append(
                name if done >= of else _("%(language)s %(done)s of %(of)s", language=name, done=done, of=of)
            )
        return Cell("languages", " ".join(tags), hint=", ".join(words))


def _brief(cell: Cell) -> Cell:
    """Cut what a cell says of a long text when it is pointed at."""
    if len(cell.hint) <= _LONGEST_HINT:
        return cell
    return cell._replace(hint=cell.hint[: _LONGEST_HINT - 1].rstrip() + "…")


def _repeating(name: str, words: wording.Words) -> Callable[[Facts], Cell]:
    """Give what words a choice: a page repeats its few, each is worded once."""
    known: dict[Any, Cell] = {}

    def cell(facts: Facts) -> Cell:
        value = facts[name]
        if value not in known:
            known[value] = words(value, "", "", "")
        return known[value]

    return cell
