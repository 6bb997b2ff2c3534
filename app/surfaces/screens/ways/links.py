"""Which ways of seeing a list there are, and where each of them is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.resources import Resource
from app.resources.ways import board_field, calendar_days, has_languages, picture_source
from app.surfaces.records.query import ListQuery, write_query
from app.surfaces.screens.grid import has_grid
from app.surfaces.screens.pages import WayLink


def way_links(resource: Resource, query: ListQuery) -> tuple[WayLink, ...]:
    """List the ways of a list, each with the filters, search and order of this one; none where there is but one."""
    offered = [
        ("table", _("Table"), "table", True),
        ("gallery", _("Gallery"), "layout-grid", picture_source(resource) is not None),
        ("board", _("Board"), "layout-kanban", board_field(resource) is not None),
        ("calendar", _("Calendar"), "calendar", calendar_days(resource) is not None),
        ("grid", _("Grid"), "table-plus", has_grid(resource)),
        ("languages", _("Languages"), "language", has_languages(resource)),
    ]
    links = tuple(
        WayLink(name, label, icon,
                address(resource, query, way="" if name == resource.opens_as else name, month=""),
                name == (query.way or resource.opens_as))
        for name, label, icon, is_there in offered
        if is_there
    )  # fmt: skip
    return links if len(links) > 1 else ()


def address(resource: Resource, query: ListQuery, **changed: Any) -> str:
    """Give the address of the list, at its beginning, with something changed."""
    pairs = write_query(query, after=None, before=None, **changed)
    return f"/{resource.path}/" + (f"?{urlencode(pairs)}" if pairs else "")
