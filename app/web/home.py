"""The home page in the reader's words: what waits for them, and what was done lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access.rights import may
from app.domains.bookings.resources import EVENT_TYPES
from app.insights.home import SOON, HomeNumbers
from app.kernel.locales import SHIPPED, SOURCE, own_name
from app.resources import Catalogue
from app.surfaces.records import wording
from app.surfaces.screens.pages import Cell, Change, Row
from app.web.inbox_words import apart

Tile = tuple[str, str, str, str]
"""(label, number, address, tone)."""

_ACTIONS = {
    "insert": _l("added"),
    "update": _l("changed"),
    "delete": _l("deleted"),
    "truncate": _l("emptied"),
}


@dataclass(frozen=True, slots=True)
class RecentChange:
    """One line of the latest changes."""

    actor: str
    action: str
    subject: str
    url: str
    when: str
    exact: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class HomePage:
    """home.html; a list is None where the reader may not look."""

    tiles: tuple[Tile, ...]
    bookings: tuple[Row, ...] | None
    bookings_url: str
    reviews: tuple[Row, ...] | None
    reviews_url: str
    chats: tuple[Row, ...] | None
    recent: tuple[RecentChange, ...]


def home_page(catalogue: Catalogue, numbers: HomeNumbers, today: date) -> HomePage:
    """Word the numbers."""
    locale = wording.reader()
    return HomePage(
        tiles=tuple(_tiles(numbers, today, locale)),
        bookings=_rows(numbers.waiting_bookings, "booking", "/bookings/", locale),
        bookings_url=_address("/bookings/", {"filter[status]": "pending"}),
        reviews=_rows(numbers.waiting_reviews, "review", "/reviews/", locale),
        reviews_url=_address("/reviews/", {"filter[status]": "pending"}),
        chats=_chats(numbers.waiting_chats, locale),
        recent=tuple(_change(catalogue, row, locale) for row in numbers.changes),
    )


def _tiles(numbers: HomeNumbers, today: date, locale: str) -> list[Tile]:
    days = {"from": today.isoformat(), "to": (today + SOON).isoformat()}
    coming = {
        "filter[status]": "confirmed",
        "filter[event_on][gte]": days["from"],
        "filter[event_on][lte]": days["to"],
    }
    festive = {
        "filter[is_active]": "true",
        "filter[starts_on][gte]": days["from"],
        "filter[starts_on][lte]": days["to"],
    }
    pending = {"filter[status]": "pending"}
    wanted = (
        (_("Bookings to confirm"), numbers.pending_bookings, _address("/bookings/", pending), "warning"),
        (_("Events in 30 days"), numbers.coming_bookings, _address("/bookings/", coming), ""),
        (_("Festivals in 30 days"), numbers.coming_festivals, _address("/festivals/", festive), ""),
        (_("Reviews to decide"), numbers.pending_reviews, _address("/reviews/", pending), "warning"),
    )
    tiles = [
        (label, wording.number(number, locale), url, tone if number else "")
        for label, number, url, tone in wanted
        if number is not None
    ]
    if numbers.dead_deliveries:
        number = wording.number(numbers.dead_deliveries, locale)
        tiles.append((_("Deliveries given up"), number, "/jobs/?view=deliveries", "danger"))
    if numbers.texts is not None:
        for tag in SHIPPED:
            if tag != SOURCE and numbers.missing(tag):
                label = _("Texts missing in %(language)s", language=own_name(tag))
                tiles.append((label, wording.number(numbers.missing(tag), locale), "", ""))
    return tiles


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}"


def _rows(
    found: Sequence[Mapping[str, Any]] | None, name: str, base: str, locale: str
) -> tuple[Row, ...] | None:
    if found is None:
        return None
    cells = _booking_cells if name == "booking" else _review_cells
    title = "client_name" if name == "booking" else "author_name"
    shown = may("show", name)
    return tuple(
        Row(
            id=facts["id"],
            url=f"{base}{facts['id']}" if shown else base,
            title=facts[title],
            cells=(Cell("text", facts[title]), *cells(facts, locale)),
        )
        for facts in found
    )


def _chats(found: Sequence[Mapping[str, Any]] | None, locale: str) -> tuple[Row, ...] | None:
    if found is None:
        return None
    rows = []
    for facts in found:
        name = facts["visitor_name"] or _("Visitor %(code)s", code=apart(facts["id"][-4:].upper()))
        at = datetime.fromisoformat(facts["last_message_at"])
        ago = Cell("instant", wording.ago(at, locale), hint=wording.exact(at, locale))
        cells = (Cell("text", name), Cell("text", facts["last_excerpt"]), ago)
        rows.append(Row(id=facts["id"], url=f"/inbox/{facts['id']}", title=name, cells=cells))
    return tuple(rows)


def _booking_cells(facts: Mapping[str, Any], locale: str) -> tuple[Cell, ...]:
    occasion = next((o.label for o in EVENT_TYPES if o.value == facts["event_type"]), facts["event_type"])
    day = wording.day(date.fromisoformat(facts["event_on"]), locale)
    return Cell("choice", str(occasion)), Cell("date", day)


def _review_cells(facts: Mapping[str, Any], locale: str) -> tuple[Cell, ...]:
    at = datetime.fromisoformat(facts["submitted_at"])
    return (
        Cell("rating", wording.number(facts["rating"], locale)),
        Cell("text", facts["message"]),
        Cell("instant", wording.ago(at, locale), hint=wording.exact(at, locale)),
    )


def _change(catalogue: Catalogue, facts: Mapping[str, Any], locale: str) -> RecentChange:
    resource = catalogue[facts["owner_type"]]
    at = datetime.fromisoformat(facts["at"])
    is_there = facts["title"] is not None
    title = facts["title"] or facts["old_title"] or ""
    if facts["actor_kind"] == "database":
        actor = _("Database user %(name)s", name=facts["actor_label"])
    else:
        actor = facts["actor_label"] or _("Someone not signed in")
    return RecentChange(
        actor=actor,
        action=str(_ACTIONS[facts["action"] or "update"]),
        subject=_("%(thing)s %(title)s", thing=str(resource.singular), title=title).strip(),
        url=f"/{resource.path}/{facts['owner_id']}" if is_there and may("show", resource.name) else "",
        when=wording.ago(at, locale),
        exact=wording.exact(at, locale),
    )
