"""What the calendar writes: a booking moved or made longer, and a time booked; each in one unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.access import rows
from app.access.rights import may
from app.domains.bookings import service
from app.domains.bookings.queries import Rule, competing
from app.domains.bookings.resources import bookings as resource
from app.kernel.db import db, unit_of_work
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.ids import parse_id
from app.resources.kinds import is_unstorable
from app.surfaces.records import writing
from app.surfaces.records.changes import Changes
from app.surfaces.records.news import tell_changed
from app.surfaces.records.wording import reader
from app.web.timeline.aside import granted
from app.web.timeline.judging import Wish, broken_rules, is_unchanged, verb_of
from app.web.timeline.places import model_of

CLIENT = ("client_name", "client_email", "client_phone", "event_type", "guests", "message", "locale")
"""What is asked of a client whose time is booked here."""

MOST_REASON = 500
NONE: frozenset[Rule] = frozenset()


def find(key: Any, verb: str) -> Any:
    """Find a booking with which the reader may do a verb; 404 for a hidden one as for a missing one."""
    parsed, model = parse_id(str(key or "")), model_of("booking")
    if parsed is None:
        abort(404)
    seen = select(model).where(model.id == parsed, rows.condition("booking", current_user, model, verb))
    return db.session.scalar(seen) or abort(404)


def move(booking: Any, wish: Wish, reason: str, aside: frozenset[Rule] = NONE) -> Any:
    """Give a booking the room and the time that are wished for, with rules set `aside`; gives its successor.

    Raises Conflict where it is there already or somebody moved it meanwhile, Forbidden for who may set no rules
    aside, and what the service raises.
    """
    if booking.status == "moved":
        raise Conflict(_("Somebody moved this booking meanwhile. The calendar shows where it is now."))
    if is_unchanged(wish, booking):
        raise Conflict(_("This is where it is now."))
    key, verb = booking.id, verb_of(wish, booking)
    find(key, verb)  # who may only extend moves nothing, and the other way round
    told, overruled = read_reason(reason), _overruled(aside, wish, booking)
    with unit_of_work() as session:
        if verb == "extend":
            after = service.extend(booking, wish.period.ends_at, told, overruled)
        else:
            after = service.move(booking, wish.room, wish.period, told, overruled)
        session.flush()
        tell_changed(session, resource, [key, after.id])
    return after


def find_movable(key: Any) -> Any:
    """Find a booking that the reader may move or extend; 404 for a hidden one as for a missing one."""
    return find(key, "move" if may("move", "booking") else "extend")


def read_reason(text: str) -> str:
    """Read why something is done. Raises Invalid for signs that no text has."""
    if is_unstorable(text):
        raise Invalid({"reason": [_("This text has signs that cannot be stored.")]})
    return text.strip()[:MOST_REASON]


def _overruled(aside: frozenset[Rule], wish: Wish, booking: Any | None) -> frozenset[Rule]:
    """Give what is set aside in truth: of what was asked for, what is broken now."""
    return granted(aside, broken_rules(wish, booking) if aside else (), booking)


def book(
    wish: Wish,
    client: Mapping[str, Any],
    is_confirmed: bool,
    reason: str = "",
    aside: frozenset[Rule] = NONE,
) -> Any:
    """Book a time for a client, and confirm it at once where that is asked; `reason` is why rules are set `aside`.

    Raises Invalid, Forbidden, and what the service raises.
    """
    if is_confirmed and not may("confirm", "booking"):
        raise Forbidden(_("You may book, but not confirm. Book it, and somebody else confirms it."))
    why, overruled = read_reason(reason), _overruled(aside, wish, None)
    with unit_of_work() as session:
        told = {name: client.get(name, "") for name in CLIENT} | {"locale": client.get("locale") or reader()}
        fields = [field for name in CLIENT if (field := resource.field(name)) is not None]
        catalogue = current_app.extensions["catalogue"]
        facts = writing.check(session, catalogue, resource, None, Changes(values=told), fields).values
        facts |= {"time_zone": wish.zone}
        booking = service.book_room(session, facts, wish.room, wish.period, overruled=overruled, reason=why)
        if is_confirmed and booking.status == "pending":
            if competing(session, booking):
                raise Conflict(
                    _(
                        "Others wait for this time. Book it, and confirm it where they are listed: they are rejected."
                    )
                )
            service.confirm(booking)
        session.flush()
        tell_changed(session, resource, [booking.id])
    return booking
