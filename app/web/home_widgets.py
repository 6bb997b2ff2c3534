"""The widgets there are for a reader, which of them a role begins with, and what stands in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import or_, select

from app.access.rights import current_rights, may
from app.insights.home import CHANGES, COMING, WORK
from app.kernel.db import db
from app.kernel.errors import BadParameter
from app.kernel.ids import parse_id
from app.resources import Catalogue, On, Resource
from app.surfaces.desk import pins, recent
from app.surfaces.desk.known import Known, known
from app.surfaces.desk.saved_views import SavedView
from app.surfaces.desk.seen_views import is_for, roles_of_owner
from app.surfaces.desk.widgets import FULL, HALF, Placed
from app.surfaces.records import wording
from app.surfaces.records.query import read_query
from app.surfaces.screens.list_rows import Shown, read_rows, shown_fields
from app.surfaces.screens.pages import Cell
from app.web.home_queues import Line
from app.web.reports.kinds import KINDS, may_see

PINS, RECENT = "pins", "recent"
CHART, VIEW = "chart:", "view:"
MOST_STANDARD_CHARTS = 4
MOST_RECORDS = 8
MOST_ROWS = 5
MOST_FACTS = 3


@dataclass(frozen=True, slots=True)
class Widget:
    """One that the reader may place; `sort` is a chart, a list of lines, or a part of its own."""

    name: str
    title: str
    icon: str
    sort: str
    url: str = ""
    width: str = HALF


@dataclass(frozen=True, slots=True)
class Lines:
    """The inside of a widget that lists records."""

    lines: tuple[Line, ...]
    count: str = ""
    url: str = ""


def offered(catalogue: Catalogue) -> dict[str, Widget]:
    """List by name what the reader may place, in the order in which it is offered. One statement."""
    found = [Widget(WORK, _("To do"), "checklist", WORK, width=FULL)]
    if may("list", "report"):
        found += [
            Widget(f"{CHART}{kind.name}", str(kind.title), kind.icon, "chart", f"/reports/#{kind.name}")
            for kind in KINDS
            if may_see(kind)
        ]
    found += [
        Widget(COMING, _("Coming in 30 days"), "calendar-event", COMING),
        Widget(CHANGES, _("Latest changes"), "history", CHANGES),
        Widget(RECENT, _("Recently opened"), "clock", "lines"),
        Widget(PINS, _("Pinned"), "pin", "lines"),
    ]
    for view in _views(catalogue):
        resource = catalogue[view.resource]
        url = f"/{resource.path}/?{view.query}&view={view.id}"
        found.append(Widget(f"{VIEW}{view.id}", view.name, resource.icon, "lines", url))
    return {widget.name: widget for widget in found}


def standard(widgets: Mapping[str, Widget]) -> tuple[Placed, ...]:
    """Give the arrangement that the reader's roles begin with: what is to do, what is measured, what happened."""
    drawn = [name for name in widgets if name.startswith(CHART)][:MOST_STANDARD_CHARTS]
    names = [WORK, *drawn, COMING, CHANGES]
    return tuple(Placed(name, widgets[name].width) for name in names if name in widgets)


def records_of(catalogue: Catalogue, names: Iterable[str]) -> dict[str, Lines]:
    """Read what was pinned and what was opened lately, as far as it is there and may be looked at."""
    session, wanted = db.session(), set(names)
    found: dict[str, Sequence[Any]] = {}
    if PINS in wanted:
        found[PINS] = pins.pinned(session, current_user.id)[:MOST_RECORDS]
    if RECENT in wanted:
        found[RECENT] = recent.recent(session, current_user.id, MOST_RECORDS)
    keys = [(row.resource, row.record_id) for rows in found.values() for row in rows]
    there = known(session, catalogue, keys)
    return {
        name: Lines(
            tuple(
                _record(there[row.resource, row.record_id])
                for row in rows
                if (row.resource, row.record_id) in there
            )
        )
        for name, rows in found.items()
    }


def view_lines(catalogue: Catalogue, widget: Widget) -> Lines:
    """Read the first rows of a saved view, and how many it has."""
    path, _mark, query = widget.url.partition("?")
    resource = next(item for item in catalogue if f"/{item.path}/" == path)
    try:
        asked = read_query(resource, parse_qsl(query), On.LIST)
    except BadParameter:  # a field that is declared no more
        return Lines((), url=widget.url)
    asked = replace(asked, size=MOST_ROWS, way="")
    rows, total, _remembered = read_rows(catalogue, resource, asked)
    shown = Shown(catalogue, resource, shown_fields(resource, asked))
    lines = tuple(_row(resource, shown.row(row)) for row in rows[:MOST_ROWS])
    return Lines(lines, wording.number(total, wording.reader()), widget.url)


def _record(item: Known) -> Line:
    kind = Cell("text", str(item.resource.singular))
    return Line(item.title, item.url, (kind, *((item.status,) if item.status else ())))


def _row(resource: Resource, row: Any) -> Line:
    told = (cell for cell in row.cells if cell.text and cell.text != row.title and not cell.picture)
    cells = tuple(cell for cell in told if parse_id(cell.text) is None)  # a key tells nobody anything
    return Line(row.title, row.url, cells[:MOST_FACTS])


def _views(catalogue: Catalogue) -> list[SavedView]:
    """Read the saved views that the reader sees, their own and those shared with them."""
    rights, me = current_rights(), current_user.id
    seen = or_(SavedView.user_id == me, SavedView.audience == "all", Role.name.in_(sorted(rights.roles)))
    found = (
        select(SavedView, Role.name, roles_of_owner(me))
        .outerjoin(Role, Role.id == SavedView.role_id)
        .where(seen, SavedView.deleted_at.is_(None))
        .order_by(SavedView.created_at)
    )
    return [
        view
        for view, role, owner_roles in db.session.execute(found)
        if view.resource in catalogue
        and may("list", view.resource)
        and (view.user_id == me or is_for(rights, view.resource, role, view.user_id, owner_roles))
    ]
