"""The screen of the simulator: a form at the side, and what would have been under its rules; it only ever reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows
from app.access.rights import may
from app.domains.bookings.queries.simulation.requests import rules_around, try_out
from app.domains.venues.queries import RoomRules, SeenRoom, seen_rooms
from app.domains.venues.resources.venues import WEEKDAYS
from app.kernel import clock
from app.kernel.db import db
from app.surfaces.screens.gate import allowed
from app.web.simulator.asked import NUMBERS, PERCENT, Asked, read_asked
from app.web.simulator.takeover import forms_for
from app.web.simulator.words import worded


@dataclass(frozen=True, slots=True)
class Subject:
    """A room, or a venue with all of its rooms, that rules are tried on."""

    value: str
    label: str
    rooms: tuple[SeenRoom, ...]
    is_room: bool


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue among the choices, with what may be chosen of it."""

    name: str
    subjects: tuple[Subject, ...]


class SimulatorView(BaseView):
    """Rules are tried out here; what is tried stands in the address and nowhere else."""

    route_base = "/simulator"
    default_view = "index"
    class_permission_name = "simulation"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/")
    @allowed("list")
    def index(self) -> Any:
        """Show the form and what came of it; htmx asks for the latter alone while one types."""
        venues = _venues()
        subject = _chosen(venues, request.args.get("of", ""))
        if subject is None:
            return render_template("simulator/index.html", venues=venues, subject=None)
        rules = rules_around(db.session.connection(), [room.id for room in subject.rooms], clock.now())
        asked = read_asked(request.args, subject.value, rules, is_room=subject.is_room)
        shown: dict[str, Any] = {
            "venues": venues,
            "subject": subject,
            "asked": asked,
            "result": _result(asked, rules),
            "forms": [] if asked.faults else forms_for(asked.scenario, rules),
            "days": WEEKDAYS,
            "numbers": NUMBERS if subject.is_room else (*NUMBERS, PERCENT),
            "labels": _labels(asked),
        }
        is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
        return render_template("simulator/_result.html" if is_part else "simulator/index.html", **shown)


def _result(asked: Asked, rules: list[RoomRules]) -> Any:
    if asked.faults:
        return None
    visible = rows.condition("booking", current_user, current_app.extensions["catalogue"]["booking"].model)
    tried = try_out(db.session.connection(), rules, asked.scenario, clock.now(), visible)
    return worded(tried, may_open=may("show", "booking"))


def _venues() -> list[Venue]:
    """List what the reader may try rules on: the rooms that they see, and each venue as a whole."""
    model = current_app.extensions["catalogue"]["room"].model
    seen = seen_rooms(db.session.connection(), rows.condition("room", current_user, model))
    found: list[Venue] = []
    for key in dict.fromkeys(room.venue_id for room in seen):
        rooms = tuple(room for room in seen if room.venue_id == key)
        whole = Subject(f"venue-{key}", _("%(venue)s, all rooms", venue=rooms[0].venue_name), rooms, False)
        each = tuple(Subject(f"room-{room.id}", room.name, (room,), True) for room in rooms)
        found.append(Venue(rooms[0].venue_name, (whole, *each)))
    return found


def _chosen(venues: list[Venue], asked: str) -> Subject | None:
    """Give the subject that is asked for, else the first one."""
    subjects = [subject for venue in venues for subject in venue.subjects]
    return next((one for one in subjects if one.value == asked), subjects[0] if subjects else None)


def _labels(asked: Asked) -> dict[str, str]:
    """Name each input that something is wrong with."""
    known = {number.name: str(number.label) for number in (*NUMBERS, PERCENT)}
    known |= {f"hours-{day.value}": str(day.label) for day in WEEKDAYS}
    groups = {"tier": _("Prices"), "back": _("Cancellation"), "pending": _("While a request waits")}
    return {name: known.get(name) or groups[name.partition("-")[0]] for name in asked.faults}
