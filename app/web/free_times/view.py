"""The screen on which a free time is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.babel import zone_of_request
from app.domains.venues.queries import SeenRoom
from app.kernel import clock, durations
from app.kernel.errors import BadParameter
from app.surfaces.records import wording
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.pages import Choice
from app.web.free_times.asked import LENGTHS, SPANS, Sought, read_sought
from app.web.free_times.found import Found, find
from app.web.timeline.places import seen_rooms


@dataclass(frozen=True, slots=True)
class FreeTimesPage:
    """free_times/index.html. `found` is None where what was asked for cannot be read: `fault` says why."""

    day: str
    today: str
    guests: str
    after: str
    before: str
    lengths: tuple[Choice, ...]
    spans: tuple[Choice, ...]
    venues: tuple[Choice, ...]
    found: Found | None
    fault: str = ""
    fault_at: str = ""


class FreeTimesView(BaseView):
    """Free times, in the rooms that the reader sees."""

    route_base = "/free-times"
    default_view = "index"
    class_permission_name = "booking"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    @allowed("list")
    def index(self) -> Any:
        """Show what is free: today, in all venues, where nothing else is asked for."""
        rooms, today = seen_rooms(), clock.now().astimezone(ZoneInfo(zone_of_request())).date()
        found, fault, status = None, None, 200
        sought = Sought(today)
        try:
            sought = read_sought(request.args, today, {room.venue_slug for room in rooms})
            found = find(sought, rooms)
        except BadParameter as error:
            fault, status = error, error.status
        page = FreeTimesPage(
            day=request.args.get("date") or today.isoformat(),
            today=today.isoformat(),
            guests=request.args.get("guests", ""),
            after=request.args.get("after", ""),
            before=request.args.get("before", ""),
            lengths=tuple(_lengths(sought.minutes)),
            spans=tuple(Choice(str(days), _span(days), days == sought.days) for days in SPANS),
            venues=tuple(_venues(rooms, request.args.get("venue", ""))),
            found=found,
            fault=str(fault.message) if fault is not None else "",
            fault_at=fault.parameter if fault is not None else "",
        )
        return render_template("free_times/index.html", page=page), status


def _lengths(chosen: int) -> Iterator[Choice]:
    """Offer the usual lengths, and the one that is asked for."""
    yield Choice("", _("The shortest"), not chosen)
    for minutes in sorted({*LENGTHS, *([chosen] if chosen else [])}):
        yield Choice(str(minutes), durations.told(minutes, wording.reader()), minutes == chosen)


def _span(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days)


def _venues(rooms: Iterable[SeenRoom], chosen: str) -> Iterator[Choice]:
    names = {room.venue_slug: room.venue_name for room in rooms}
    yield Choice("", _("All venues"), chosen not in names)
    for slug, name in names.items():
        yield Choice(slug, name, slug == chosen)
