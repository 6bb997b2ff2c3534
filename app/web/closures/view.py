"""The screens of closures: the generated ones, with the bookings that a closure lies over told before it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, g, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows
from app.access.rights import may
from app.domains.bookings.queries.closures import Affected, Alternative, alternatives, held, waiting_under
from app.domains.bookings.service.closing import lock_venue, settle
from app.domains.venues.queries import Closed, zone_of_venue
from app.domains.venues.resources import closures
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import parse_id
from app.kernel.values import Period
from app.resources import Catalogue
from app.resources.kinds import Unreadable, parse
from app.surfaces.records.changes import Changes
from app.surfaces.records.clocks import placed
from app.surfaces.screens.form_pages import Beside
from app.surfaces.screens.gate import allowed
from app.surfaces.screens.shows import Show
from app.surfaces.screens.view import StaffView, staff_view
from app.web.closures import words
from app.web.closures.deciding import SEEN, read_decisions, seen_of, untold
from app.web.closures.shut import Shut
from app.web.timeline.places import seen_rooms

NAMES = ("venue_id", "room_id", "starts_at", "ends_at")
"""The values of a closure that tell which bookings it lies over."""

MOST_WITH_PLACES = 60
"""For so many bookings alternatives are looked for."""


def closure_view(catalogue: Catalogue) -> type[StaffView]:
    """Make the view of the closures."""
    return type("ClosureView", (_ClosureView, staff_view(catalogue, closures)), {"route_base": "/closures"})


class _ClosureView(StaffView):
    """A closure may lie over bookings; nothing becomes of them that nobody chose."""

    @expose("/<key>")
    @allowed("show")
    def show(self, key: str) -> Any:
        """Show a closure with the bookings under it, and with those that were moved or called off for it."""
        closure = self.find(key, "show")
        page = Show(self.catalogue, self.resource, closure).page()
        told = filter(None, (words.under(Shut.of(closure)), words.dealt(closure)))
        page = replace(page, children=(*page.children, *told))
        return render_template("staff/show.html", page=page)

    @expose("/impact", methods=["POST"])
    @allowed("add")
    def impact_of_new(self) -> Any:
        """Tell which bookings a new closure would lie over."""
        return self.impact(None, request.form)

    @expose("/<key>/impact", methods=["POST"])
    @allowed("edit", "translate")
    def impact_of(self, key: str) -> Any:
        """Tell which bookings a closure would lie over as it is typed."""
        return self.impact(self.find(key, self.verb_of_form()), request.form)

    def beside_form(self, record: Any | None, typed: Mapping[str, str]) -> Beside:
        """Give the part of the form that lists the bookings."""
        here = f"/{self.resource.path}" if record is None else f"/{self.resource.path}/{record.id}"
        title, inside = _("Bookings under this closure"), self.impact(record, typed)
        return Beside(title, f"{here}/impact", NAMES, inside)

    def impact(self, record: Any | None, typed: Mapping[str, str]) -> str:
        """Word the bookings that lie under a closure as it is typed, with what may be chosen for each."""
        shut = Shut.of(record) if record is not None and not typed else self.typed(record, typed)
        return render_template("closures/_impact.html", impact=_impact(shut, record, typed))

    def typed(self, record: Any | None, typed: Mapping[str, str]) -> Shut | None:
        """Read what a form would shut; None where that cannot be told yet."""
        fields = [field for name in NAMES if (field := self.resource.field(name)) is not None]
        raw = placed(db.session(), fields, {name: typed.get(name, "") for name in NAMES}, record)
        try:
            values = {field.name: parse(field, raw[field.name]) for field in fields}
        except (Unreadable, KeyError):
            return None
        venue, room = parse_id(str(values["venue_id"])), values["room_id"]
        starts_at, ends_at = values["starts_at"], values["ends_at"]
        if venue is None or starts_at is None or ends_at is None or ends_at <= starts_at:
            return None
        if not self.is_seen("venue", venue) or (
            room is not None and not self.is_seen("room", parse_id(str(room)))
        ):
            return None
        return Shut(venue, parse_id(str(room)) if room is not None else None, Period(starts_at, ends_at))

    def is_seen(self, name: str, key: UUID | None) -> bool:
        """Tell whether the reader may know of what the form names."""
        model = self.catalogue[name].model
        mine = rows.condition(name, current_user, model)
        return (
            key is not None and db.session.scalar(select(model.id).where(model.id == key, mine)) is not None
        )

    def write_record(self, session: Any, record: Any | None, changes: Changes) -> Any:
        """Write a closure under its rooms' locks, and do what was chosen for the bookings under it: all or nothing."""
        stood = set(Shut.of(record).keys()) if record is not None else set()
        is_form = request.endpoint in ("ClosureView.add", "ClosureView.edit")
        venue = parse_id(str(changes.values.get("venue_id", getattr(record, "venue_id", "")) or ""))
        if venue is not None:
            lock_venue(session, venue)
        closure = super().write_record(session, record, changes)
        concerned = Shut.of(closure).keys()
        if unseen := untold(request.form.get(SEEN, "") if is_form else "", concerned, stood):
            raise _untold(len(unseen), is_form=is_form)
        if is_form:
            self.settle(session, closure, concerned)
        return closure

    def settle(self, session: Session, closure: Any, concerned: Sequence[UUID]) -> None:
        """Do what was chosen, and remember what to tell of it."""
        settled = settle(session, closure, read_decisions(request.form, concerned, closure.venue_id))
        zone = session.scalars(select(zone_of_venue(closure.venue_id))).one()
        g.closing_told = words.told(settled, len(concerned) - len(settled), zone)

    def after_save(self, record: Any) -> str:
        """Tell what became of the bookings, and go on as after every save."""
        for sentence in g.pop("closing_told", ()):
            flash(sentence, "info")
        return super().after_save(record)


def _impact(shut: Shut | None, record: Any | None, typed: Mapping[str, str]) -> words.Impact:
    if shut is None:
        return words.Impact(
            hint=_("Say which venue is closed, from when and until when: the bookings then stand here.")
        )
    concerned, now = shut.keys(), clock.now()
    seen = seen_of(concerned)
    holds = held(db.session(), shut.venue_id, shut.room_id, shut.period, now)
    hoping = waiting_under(db.session(), shut.venue_id, shut.room_id, shut.period)
    if not may("list", "booking"):
        return words.Impact(seen, len(concerned), holds, hoping, may_see=False)
    mine, more, url = shut.listed(words.visible())
    lines = words.lines_of(mine, _places(shut, mine[:MOST_WITH_PLACES], _standing(record)), typed)
    has_others = len(mine) + more < len(concerned)
    return words.Impact(
        seen, len(concerned), holds, hoping, lines, more=more, more_url=url, has_others=has_others
    )


def _places(shut: Shut, mine: Sequence[Affected], standing: Closed | None) -> dict[UUID, list[Alternative]]:
    """Find where else bookings could take place, in rooms that the reader sees."""
    closing, now = Closed(shut.period, "", shut.room_id is None), clock.now()
    found = alternatives(db.session(), shut.venue_id, shut.room_id, closing, mine, now, instead_of=standing)
    rooms = {room.id for room in seen_rooms()} if found else set()
    return {key: [place for place in places if place.room_id in rooms] for key, places in found.items()}


def _standing(record: Any | None) -> Closed | None:
    """Give the closure as it stands, in whose place the typed one would be."""
    if record is None:
        return None
    return Closed(Period(record.starts_at, record.ends_at), record.reason, record.room_id is None)


def _untold(count: int, *, is_form: bool) -> Invalid | Conflict:
    """Refuse to lie over bookings that nobody was shown: the form lists them, from elsewhere the way leads there."""
    if is_form:
        sentence = ngettext(
            "It lies over %(num)s booking that was not listed yet. Look at it below, then save again.",
            "It lies over %(num)s bookings that were not listed yet. Look at them below, then save again.",
            count,
        )
        return Invalid({"": [sentence]})
    return Conflict(
        ngettext(
            "It would lie over %(num)s booking. Change it in its form, which lists it.",
            "It would lie over %(num)s bookings. Change it in its form, which lists them.",
            count,
        )
    )


def warn_of_bookings(_session: Session, records: Sequence[Any]) -> list[str]:
    """Say over how many bookings written closures lie, for who writes them by the API or from a file."""
    count = sum(len(Shut.of(record).keys()) for record in records)
    return [words.warning(count)] if count else []
