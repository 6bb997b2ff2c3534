"""The screens of the members: the generated ones, with the numbers above the list and a member's devices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from babel.numbers import format_percent
from flask import render_template
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows as row_rules
from app.access.realms import refresh_lifetime
from app.access.rights import may
from app.domains.members import queries
from app.domains.members.resources import members
from app.insights.member import bookings_of, conversations_of
from app.kernel import clock
from app.kernel.db import db
from app.resources import Catalogue, Field, Kind, On, Resource
from app.surfaces.records import wording
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.pages import Cell, ChildList
from app.surfaces.screens.shows import Show
from app.surfaces.screens.view import StaffView, staff_view

BASE = "/members"
NEW, ACTIVE = timedelta(days=7), timedelta(days=30)
Tile = tuple[str, str, str, str]
"""What is counted, how many, the list of them, and a tone."""

_RARE = {"pending_email", "suspended_because", "asset_id"}
"""Fields that are shown where they hold something."""
_TEXT = Field("name", On.LIST, "", kind=Kind.TEXT)
_INSTANT = Field("seen_at", On.LIST, "", kind=Kind.INSTANT)


def member_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the members."""
    return type("MemberView", (_MemberView, staff_view(catalogue, members)), {"route_base": BASE})


class _MemberView(StaffView):
    """Members are read and acted upon; what they say of themselves is theirs to change."""

    list_template = "members/list.html"

    def beside_list(self) -> dict[str, Any]:
        """Give the numbers of all members."""
        return {"tiles": _tiles()}

    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show a member with the devices that are signed in."""
        member = self.find(key, "show")
        page = Show(self.catalogue, self.resource, member).page()
        rare = {str(field.label) for field in self.resource.fields if field.name in _RARE}
        details = tuple(item for item in page.details if item.label not in rare or _is_told(item.cell))
        children = (*page.children, *self._dealings(member.id), _devices(member.id))
        page = replace(page, details=details, children=children)
        return render_template("staff/show.html", page=page)

    def _dealings(self, key: Any) -> Iterator[ChildList]:
        """List the member's newest bookings and conversations, as far as the reader may see them."""
        for name, read, columns in (
            ("booking", bookings_of, ("reference", "event_type", "event_on", "status")),
            ("conversation", conversations_of, ("last_excerpt", "last_message_at", "status")),
        ):
            if not may("list", name):
                continue
            resource = self.catalogue[name]
            some = read(db.session(), key, row_rules.condition(name, current_user, resource.model))
            fields = [field for column in columns if (field := resource.field(column)) is not None]
            yield ChildList(
                str(resource.label),
                tuple(str(field.label) for field in fields),
                tuple(_linked(resource, fields, row) for row in some.rows),
                count=wording.number(some.count, wording.reader()),
                url=f"/{resource.path}/?{urlencode({'filter[member]': key})}" if name == "booking" else "",
            )


def _linked(resource: Resource, fields: Sequence[Field], row: Any) -> tuple[Cell, ...]:
    """Word a row; its first value leads to it."""
    locale = wording.reader()
    first, *others = (wording.cell(field, getattr(row, field.name), locale) for field in fields)
    url = f"/{resource.path}/{row.id}" if may("show", resource.name) else ""
    return (first._replace(text=first.text or "…", url=url), *others)


def _tiles() -> list[Tile]:
    locale, now = wording.reader(), clock.now()
    counted = queries.statistics(now - NEW, now - ACTIVE)
    share = counted.verified / counted.all if counted.all else 0
    found: tuple[tuple[str, int, dict[str, str], str], ...] = (
        (_("All members"), counted.all, {}, ""),
        (_("New this week"), counted.new, {"filter[created_at][gte]": _since(now - NEW)}, ""),
        (_("Seen in 30 days"), counted.seen, {"filter[seen_at][gte]": _since(now - ACTIVE)}, ""),
        (_("Suspended"), counted.suspended, {"filter[status]": "suspended"}, "warning"),
    )
    tiles = [
        (label, wording.number(number, locale), _address(query), tone if number else "")
        for label, number, query, tone in found
    ]
    percent = format_percent(share, locale=locale.replace("-", "_"))
    return [*tiles[:3], (_("Verified"), percent, _address({"filter[is_verified]": "true"}), ""), tiles[3]]


def _devices(member_id: Any) -> ChildList:
    locale = wording.reader()
    found = queries.devices_of(member_id, clock.now() - refresh_lifetime())
    rows = tuple(
        (
            wording.cell(_TEXT, device.name, locale),
            wording.cell(_TEXT, device.ip, locale),
            wording.cell(_INSTANT, device.created_at, locale),
            wording.cell(_INSTANT, device.seen_at, locale),
        )
        for device in found
    )
    return ChildList(_("Devices"), (_("Device"), _("Address"), _("Signed in"), _("Last seen")), rows, False)


def _is_told(cell: Cell) -> bool:
    return bool(cell.picture or cell.text) and cell not in (wording.EMPTY, wording.EMPTY_FIGURE)


def _since(instant: Any) -> str:
    return str(instant.replace(microsecond=0).isoformat())


def _address(query: dict[str, str]) -> str:
    return f"{BASE}/?{urlencode(query)}" if query else f"{BASE}/"
