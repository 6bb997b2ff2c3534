"""A list as a spreadsheet: its raw values to be typed over, and all that was typed saved at once or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flask import abort, jsonify, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from app.access import rows as row_rules
from app.access.rights import may
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError, Invalid, StaleRevision
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.kinds import plain
from app.surfaces.records import clocks
from app.surfaces.records.adding import may_add
from app.surfaces.records.changes import Changes
from app.surfaces.records.guards import lock_first
from app.surfaces.records.writing import currency_of
from app.surfaces.screens.inline import SIMPLE, choices_of, is_editable, refusal
from app.surfaces.screens.pages import Choice, ListPage
from app.surfaces.screens.rules import rule_of_field
from app.surfaces.screens.typed import Typed

if TYPE_CHECKING:
    from app.surfaces.screens.view import StaffView

KINDS = SIMPLE | {Kind.RELATION}
MOST_ROWS = 500
MOST_COLUMNS = 16
_UNSEEN = frozenset({Kind.PICTURE, Kind.RELATIONS, Kind.JSON})


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column; `reason` says why its cells are not typed over."""

    name: str
    label: str
    kind: str
    required: bool = False
    max_length: int = 0
    choices: tuple[Choice, ...] = ()
    search_url: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A record's values as text; `reason` says why none of them is typed over, `reasons` why one is not."""

    id: str
    revision: str
    title: str
    url: str
    values: tuple[str, ...]
    reason: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """What staff/_grid.html shows."""

    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    url: str
    may_add: bool
    most: int = MOST_ROWS


def has_grid(resource: Resource) -> bool:
    """Tell whether whoever is signed in may type over anything of the records."""
    return any(is_editable(resource, item, KINDS) for item in resource.fields_on(On.FORM))


def grid_fields(resource: Resource, columns: Sequence[str]) -> tuple[Field, ...]:
    """List the fields of the columns: those that were chosen, or the list's and what else a form has."""
    if columns:
        found = [item for key in columns if (item := resource.field(key)) is not None]
    else:
        found = [
            item
            for item in resource.fields
            if item.on & On.LIST
            or (item.on & On.FORM and item.kind in KINDS and item.kind is not Kind.LONG_TEXT)
        ]
    return tuple(item for item in found if item.kind not in _UNSEEN)[:MOST_COLUMNS]


def grid_page(catalogue: Catalogue, resource: Resource, page: ListPage, columns: Sequence[str]) -> ListPage:
    """Give the list's page with its rows as a spreadsheet; the records are read in one statement more."""
    fields = grid_fields(resource, columns)
    titles = {
        item.key: _titles(catalogue, resource, item, page) for item in fields if item.kind is Kind.RELATION
    }
    records = _records(resource, [row.id for row in page.rows])
    editable = _editable(resource, list(records))
    on_clocks = clocks.zones_of_many(db.session(), resource, fields, [one.id for one in records.values()])
    rows = []
    for row in page.rows:
        if (record := records.get(row.id)) is None:
            continue
        there = on_clocks.get(record.id, {})
        values = tuple(
            cell_text(item, record, titles.get(item.key, {}), there.get(item.name, "")) for item in fields
        )
        reason = "" if row.id in editable else _("Your role may not change this record.")
        reasons = tuple(rule_of_field(item, record) for item in fields)
        url = row.url or row.edit_url
        rows.append(GridRow(row.id, str(record.revision), row.title, url, values, reason, reasons))
    grid = Grid(
        tuple(_column(catalogue, resource, item) for item in fields),
        tuple(rows),
        f"/{resource.path}/grid",
        bool(page.add_url) and may("edit", resource.name),
    )
    return replace(page, body_template="staff/_grid.html", body=grid)


def cell_text(item: Field, record: Any, titles: Mapping[Any, str], zone: str = "") -> str:
    """Write a value as it stands in a cell: of a choice its key, of a relation the name, of an instant its `zone`'s."""
    value = getattr(record, item.name)
    if item.kind is Kind.RELATION:
        return titles.get(value, "") if value is not None else ""
    if item.kind is Kind.INSTANT and value is not None:
        return clocks.shown(value, zone)
    if item.names is not None:
        return item.names.of(value, getattr(record, item.names.beside) if item.names.beside else "")
    return plain(item, value, currency_of(record))


def _records(resource: Resource, keys: Sequence[str]) -> dict[str, Any]:
    model = resource.model
    found = db.session.scalars(select(model).where(model.id.in_(keys))) if keys else ()
    return {str(record.id): record for record in found}


def _editable(resource: Resource, keys: Sequence[str]) -> set[str]:
    """Name the records that the reader's row rules let them change; a statement of its own where there are any."""
    if not may("edit", resource.name):
        return set()
    if not keys or not row_rules.is_limited(resource.name, current_user, "edit"):
        return set(keys)
    model = resource.model
    condition = row_rules.condition(resource.name, current_user, model, "edit")
    return {str(key) for key in db.session.scalars(select(model.id).where(model.id.in_(keys), condition))}


def _titles(catalogue: Catalogue, resource: Resource, item: Field, page: ListPage) -> Mapping[Any, str]:
    """Name what the page's records point at, in one statement for a relation."""
    table, target = resource.model.__table__, catalogue[item.target]
    keys = [row.id for row in page.rows]
    if not keys:
        return {}
    pointed = select(table.c[item.name]).where(table.c.id.in_(keys))
    found = select(target.model.id, getattr(target.model, target.title)).where(target.model.id.in_(pointed))
    return {key: str(title) for key, title in db.session.execute(found)}


def _column(catalogue: Catalogue, resource: Resource, item: Field) -> GridColumn:
    looked_up = item.kind is Kind.RELATION and may("list", item.target)
    return GridColumn(
        name=item.name,
        label=str(item.label),
        kind=(item.kind or Kind.TEXT).value,
        required=item.required,
        max_length=item.max_length,
        choices=() if item.kind is Kind.RELATION else choices_of(catalogue, item),
        search_url=f"/{catalogue[item.target].path}/lookup" if looked_up else "",
        reason=refusal(resource, item, KINDS),
    )


class NothingWritten(Exception):
    """Leaves a unit of work, so that nothing of it stays."""


@dataclass(slots=True)
class Outcome:
    """What came of the rows that were sent, each under the name that the browser gave it."""

    faults: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    conflicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    saved: dict[str, Any] = field(default_factory=dict)


def grid_answer(view: StaffView) -> Any:
    """Save the rows of a spreadsheet in one transaction, or try them out; where one is refused none is saved."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400)
    rows = body.get("rows")
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        abort(400)
    if len(rows) > MOST_ROWS:
        abort(413)
    outcome = Outcome()
    is_trial = bool(body.get("check"))
    try:
        with unit_of_work() as session:
            _write_rows(view, session, rows, outcome)
            if is_trial or outcome.faults or outcome.conflicts:
                raise NothingWritten
    except NothingWritten:
        refused = bool(outcome.faults or outcome.conflicts)
        status = 422 if refused and not is_trial else 200
        return jsonify(faults=outcome.faults, conflicts=outcome.conflicts), status
    count = len(outcome.saved)
    said = ngettext("%(num)d record was saved.", "%(num)d records were saved.", count)
    return jsonify(said=said, saved={key: _fresh(view, record) for key, record in outcome.saved.items()})


def _is_row(row: Any) -> bool:
    """Tell whether a row has the shape that the browser sends: a key, perhaps a revision, texts by field."""
    if not isinstance(row, dict) or not isinstance(row.get("key"), str):
        return False
    values = row.get("values")
    return isinstance(values, dict) and all(isinstance(v, str) for pair in values.items() for v in pair)


def _write_rows(view: StaffView, session: Any, rows: Sequence[Mapping[str, Any]], outcome: Outcome) -> None:
    """Write every row inside of its own savepoint, the records locked first and in one order."""
    typed = Typed(view.catalogue, view.resource, [row["values"] for row in rows])
    keys = [key for row in rows if (key := view.key_of(str(row.get("id") or ""))) is not None]
    model = view.resource.model
    lock_first(session, view.resource, keys, typed.named)
    chosen = view.visible("edit").where(model.id.in_(keys)).order_by(model.id).with_for_update(of=model)
    records = {str(record.id): record for record in session.scalars(chosen)} if keys else {}
    for row in rows:
        key, record = row["key"], records.get(str(row.get("id") or ""))
        try:
            if row.get("id") and record is None:
                raise DomainError(_("This record is not there any more, or your role may not change it."))
            if record is None and not may_add(view.resource):
                raise DomainError(_("Your role may not add records."))
            changes = Changes(typed.read(row["values"]), revision=_revision(row))
            with session.begin_nested():
                outcome.saved[key] = view.write_record(session, record, changes)
        except StaleRevision as error:
            session.refresh(record)
            outcome.conflicts[key] = {"detail": str(error.message), **_fresh(view, record)}
        except Invalid as error:
            outcome.faults[key] = {
                name: [str(text) for text in texts] for name, texts in error.errors.items()
            }
        except DomainError as error:
            outcome.faults[key] = {"": [str(error.message)]}


def _revision(row: Mapping[str, Any]) -> int | None:
    revision = str(row.get("revision") or "")
    return int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else None


def _fresh(view: StaffView, record: Any) -> dict[str, Any]:
    """Give what a browser's row holds of a record from now on."""
    fields = [item for item in view.resource.fields if item.is_stored and item.kind not in _UNSEEN]
    related = {
        item.key: _related(view.catalogue, item, record) for item in fields if item.kind is Kind.RELATION
    }
    told = _told(fields)
    there = clocks.zones_of(db.session(), told, record)
    values = {
        item.name: cell_text(item, record, related.get(item.key, {}), there.get(item.name, ""))
        for item in told
    }
    return {"id": str(record.id), "revision": str(record.revision), "values": values}


def _told(fields: Iterable[Field]) -> list[Field]:
    return [item for item in fields if item.on & (On.LIST | On.FORM | On.API)]


def _related(catalogue: Catalogue, item: Field, record: Any) -> dict[Any, str]:
    key = getattr(record, item.name)
    target = catalogue[item.target]
    found = db.session.get(target.model, key) if key is not None else None
    return {key: str(getattr(found, target.title))} if found is not None else {}
