"""The tabs above a list: its saved views, which of them is open, and whether it was changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import g, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, literal, select

from app.access import rows as row_rules
from app.access.rights import current_rights, may
from app.access.roles import ADMIN, ROLES
from app.kernel.db import db
from app.kernel.errors import BadParameter
from app.kernel.statements import compile_once
from app.resources import On, Resource
from app.surfaces.desk.list_settings import KeptView, ListDesk, read_desk
from app.surfaces.desk.seen_views import is_parted
from app.surfaces.records import wording
from app.surfaces.records.listing import narrow, total_key, totals, values_of
from app.surfaces.records.looks import column_names, default_columns
from app.surfaces.records.query import ListQuery, read_query, write_query
from app.surfaces.screens.pages import DeskPage, ViewTab
from app.surfaces.search.matching import EVERY_LOCALE, matching

MOST_COUNTED = 9_999
_OF_THE_MOMENT = ("view", "near", "month")
"""What an address holds that is no part of a view."""


def address(base: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Write an address of ours with its parameters."""
    text = urlencode(list(pairs))
    return f"{base}?{text}" if text else base


def lasting(query: ListQuery) -> list[tuple[str, str]]:
    """Give the pairs of an address that a view keeps."""
    return [pair for pair in write_query(query) if pair[0] not in _OF_THE_MOMENT]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the reader keeps of a list, and what follows from it for the page."""

    resource: Resource
    kept: ListDesk

    @property
    def base(self) -> str:
        """Give the address of the list without a question mark."""
        return f"/{self.resource.path}/"

    @property
    def bare_url(self) -> str:
        """Give the address of the whole list, also where it opens with a view."""
        return f"{self.base}?view=all" if self.kept.default_view else self.base

    @property
    def opening_url(self) -> str:
        """Give the address of the view that the list opens with; empty where there is none that can be read."""
        view = self.kept.view(str(self.kept.default_view or ""))
        return self.url_of(view) if view is not None and _read(self.resource, view) is not None else ""

    def url_of(self, view: KeptView) -> str:
        """Give the address of a view, written out: whoever gets it sees the same, also without the view."""
        return address(self.base, [*parse_qsl(view.query), ("view", str(view.id))])

    def width(self, name: str) -> int:
        """Give the width that the reader gave a column; 0 where it finds its own."""
        return dict(self.kept.widths).get(name, 0)

    def with_columns(self, query: ListQuery) -> ListQuery:
        """Show the columns of the address, or else those that the reader keeps."""
        known = column_names(self.resource)
        chosen = query.columns or tuple(name for name in self.kept.columns if name in known)
        return replace(query, columns=() if chosen == default_columns(self.resource) else chosen)

    def page(self, query: ListQuery) -> DeskPage:
        """Make the tabs and what is asked when a view is saved."""
        view = self.kept.view(query.view)
        pairs = lasting(query)
        whole = lasting(ListQuery(sort=self.resource.order_by))
        is_plain = sorted(_but_columns(pairs)) == sorted(whole)
        tabs = [ViewTab("", _("All"), self.bare_url, view is None and is_plain)]
        tabs += [self._tab(kept, view, pairs) for kept in self.kept.views]
        shared_with = audiences(self.resource)
        return DeskPage(
            tabs=tuple(tabs),
            state=urlencode(pairs),
            address=address(self.base, write_query(query)),
            can_keep=view is None and not is_plain,
            roles=tuple(sorted(shared_with - {"all"})),
            for_all="all" in shared_with,
            url=f"{self.base}views",
        )

    def _tab(self, kept: KeptView, open_view: KeptView | None, pairs: list[tuple[str, str]]) -> ViewTab:
        active = kept is open_view
        stored = parse_qsl(kept.query)
        now = pairs if any(name == "columns" for name, _value in stored) else _but_columns(pairs)
        return ViewTab(
            id=str(kept.id),
            label=kept.name,
            url=self.url_of(kept),
            active=active,
            changed=active and sorted(stored) != sorted(now),
            is_own=kept.is_own or (kept.shared != "me" and ADMIN in current_rights().roles),
            is_default=kept.id == self.kept.default_view,
            shared=kept.shared,
        )


def audiences(resource: Resource) -> set[str]:
    """List with whom the reader may share a view: the roles that they have, for an Admin any.

    What everybody sees above a list is set up by who works on its records. Whoever is parted from colleagues by
    a row rule shares with nobody: what they name and search is of rows that others are not to know of.
    """
    rights = current_rights()
    if is_parted(resource.name, rights):
        return set()
    if ADMIN in rights.roles:
        return {"all", *ROLES, *rights.roles}
    return {*rights.roles, *(("all",) if may("edit", resource.name) else ())}


def _but_columns(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair[0] != "columns"]


def desk_of(resource: Resource) -> Desk:
    """Read what the reader keeps of a list; once a request."""
    known: dict[str, Desk] = g.setdefault("festoon_desks", {})
    if resource.name not in known:
        kept = read_desk(db.session(), resource.name, current_user.id, current_rights())
        known[resource.name] = Desk(resource, kept)
    return known[resource.name]


def forget_if_asked(resource: Resource) -> None:
    """Count anew for a page whose reader has just changed something: perhaps another process wrote it."""
    if request.cache_control.no_cache:
        totals.forget(resource.name)


def count_views(resource: Resource, desk: Desk) -> dict[str, dict[str, Any]]:
    """Count what every view holds, in one statement, to 9,999 at most; remembered for some seconds."""
    read = ((str(view.id), _read(resource, view)) for view in desk.kept.views)
    asked = {key: query for key, query in read if query is not None}
    if not asked:
        return {}
    reader = current_user.id if row_rules.is_limited(resource.name, current_user) else 0
    key = (resource.name, "views", reader, tuple(total_key("", query) for query in asked.values()))
    found, is_remembered = totals.get(key, lambda: _counted(resource, list(asked.values())))
    return {name: _worded(count, is_remembered) for name, count in zip(asked, found, strict=True)}


def _read(resource: Resource, view: KeptView) -> ListQuery | None:
    """Read what a view asks; None if that is of a field that is declared no more: its tab says so when opened."""
    try:
        return read_query(resource, parse_qsl(view.query), On.LIST)
    except BadParameter:
        return None


def _worded(count: int, is_remembered: bool) -> dict[str, Any]:
    locale = wording.reader()
    if count > MOST_COUNTED:
        return {
            "text": wording.number(MOST_COUNTED, locale) + "+",
            "hint": _("more than can be counted at once"),
        }
    number = wording.number(count, locale)
    return {"text": number, "hint": _("about %(number)s", number=number) if is_remembered else ""}


def _counted(resource: Resource, queries: list[ListQuery]) -> list[int]:
    table = resource.model.__table__
    rule = row_rules.condition(resource.name, current_user, resource.model)
    counts: list[Any] = []
    params: dict[str, Any] = {}
    for position, query in enumerate(queries):
        prefix = f"v{position}_"
        some = narrow(select(literal(1)).select_from(table), resource, query, table, prefix).where(rule)
        if query.search:
            some = some.where(matching(resource, resource.model, query.search, EVERY_LOCALE)[0])
        some = some.limit(literal(MOST_COUNTED + 1, literal_execute=True))
        counts.append(select(func.count()).select_from(some.subquery()).scalar_subquery())
        params |= values_of(query, prefix)
    row = compile_once(select(*counts)).run(db.session.connection(), params)[0]
    return [int(count) for count in row]
