"""What stands around the rows of a list: headings, orders, ways, tabs and doors; made once for who sees the same.

None of it hangs on the rows or on where in the list they stand, so that turning a page makes nothing of it anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from flask_babel import gettext as _

from app.access.messages import tongue
from app.access.rights import current_rights, may
from app.kernel.recent import Recent
from app.resources import Catalogue, Field, Kind, On, Resource
from app.resources.ways import has_languages
from app.surfaces.history.restoring import is_restorable
from app.surfaces.records.adding import add_url, is_typed
from app.surfaces.records.looks import AVAILABLE, column_names, is_dated
from app.surfaces.records.query import ListQuery, sortable, write_query
from app.surfaces.screens.inline import is_editable
from app.surfaces.screens.list_rows import shown_fields
from app.surfaces.screens.list_tabs import Desk, address, desk_of
from app.surfaces.screens.pages import Button, Column
from app.surfaces.screens.ways.links import way_links

EXCHANGE = "/translate/export"
_FRAMES: WeakKeyDictionary[Catalogue, Recent[dict[str, Any]]] = WeakKeyDictionary()


def frame_of(catalogue: Catalogue, resource: Resource, query: ListQuery) -> dict[str, Any]:
    """Give the parts of a ListPage that its rows do not change; `query` has the reader's columns."""
    desk, rights = desk_of(resource), current_rights()
    asked = (tuple(write_query(query)), query.columns)
    reader = (tongue(), desk.kept, rights.roles, rights.verbs_on(resource.name))
    frames = _FRAMES.setdefault(catalogue, Recent(256))
    return frames.get((resource.name, asked, reader), lambda: _frame(catalogue, resource, query, desk))


def _frame(catalogue: Catalogue, resource: Resource, query: ListQuery, desk: Desk) -> dict[str, Any]:
    base = f"/{resource.path}/"
    return {
        "name": resource.name,
        "title": str(resource.label),
        "singular": str(resource.singular),
        "icon": resource.icon,
        "url": base,
        "columns": tuple(_column(resource, query, field, desk) for field in shown_fields(resource, query)),
        "sorts": _sorts(resource, query),
        "dates_by": _dates_by(resource, query),
        "searchable": any(field.on & On.SEARCH for field in resource.fields),
        "is_filtered": bool(query.filters or query.search or query.missing or query.outdated),
        "hidden_state": tuple(pair for pair in write_query(query) if pair[0] != "q"),
        "clear_url": desk.bare_url,
        "desk": desk.page(query),
        "can_choose": len(column_names(resource)) > 1,
        "ways": way_links(resource, query),
        **_doors(catalogue, resource, query, base),
    }


def _doors(catalogue: Catalogue, resource: Resource, query: ListQuery, base: str) -> dict[str, Any]:
    """Give the addresses of what the signed-in user may do from here."""
    has_transfer = any(field.on & On.TRANSFER for field in resource.fields)
    takes_files = has_transfer and is_typed(resource)
    actions = [a for a in resource.actions if not a.is_aside and may(a.name, resource.name)]
    bulk = [
        Button(a.name, str(a.label), f"{base}bulk", a.icon, a.tone, "post", a.asks_reason) for a in actions
    ]
    if may("delete", resource.name):
        back = is_restorable(catalogue, resource)
        sentence = _("You can undo this for 15 minutes.") if back else _("This cannot be undone.")
        delete = Button("delete", _("Delete"), f"{base}bulk", "trash", "danger", "post", sentence=sentence)
        bulk.append(delete)
    for_translators = _for_translators(resource, query)
    bulk += [replace(button, url=EXCHANGE, method="post") for button in for_translators]
    return {
        "add_url": add_url(resource),
        "import_url": f"{base}import" if takes_files and may("import", resource.name) else "",
        "export_urls": (*(_exports(resource, query, base) if has_transfer else ()), *for_translators),
        "bulk_url": f"{base}bulk" if bulk else "",
        "bulk_actions": tuple(bulk),
    }


def _exports(resource: Resource, query: ListQuery, base: str) -> tuple[Button, ...]:
    """Offer what is shown, the same rows with every column, and with those that can be imported again."""
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
        ("all-csv", _("All columns, as CSV"), [*whole, ("what", "all")], "csv"),
        ("all-xlsx", _("All columns, for Excel"), [*whole, ("what", "all")], "xlsx"),
        ("csv", _("For import, as CSV"), whole, "csv"),
        ("xlsx", _("For import, for Excel"), whole, "xlsx"),
    )
    return tuple(
        Button(name, label, address(f"{base}export", [*pairs, ("format", kind)]), "download")
        for name, label, pairs, kind in ways
    )


def _for_translators(resource: Resource, query: ListQuery) -> tuple[Button, ...]:
    """Offer the texts of what is shown, as a file for who translates elsewhere."""
    if not (has_languages(resource) and may("translate", resource.name)):
        return ()
    whole = write_query(query, columns=(), near=None, way="", month="", view="", sort=())
    pairs = [("of", resource.name), *([("list", urlencode(whole))] if whole else [])]
    return (Button("texts", _("Export for translators"), address(EXCHANGE, pairs), "language"),)


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
