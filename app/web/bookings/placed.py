"""The panel of a booking's time and room: when, what is kept free around it, who else wants it, and moving it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.access.rights import may
from app.domains.bookings import queries
from app.domains.bookings.api.room_wording import time_text
from app.domains.bookings.service import successor_of
from app.domains.venues.queries import SeenRoom
from app.kernel import durations
from app.kernel.db import db
from app.kernel.values import Period
from app.surfaces.records import wording
from app.surfaces.screens.record_panels import RecordPanel
from app.web.bookings.seen import OtherBooking, may_on, moment, others
from app.web.timeline.judging import wall
from app.web.timeline.places import PATH, seen_rooms

MOVABLE = ("pending", "confirmed")


@dataclass(frozen=True, slots=True)
class MoveForm:
    """Where a booking is, and the rooms that it could have: venue by venue. Times are those on the wall in `zone`."""

    url: str
    room: str
    starts: str
    ends: str
    zone: str
    zone_words: str
    venues: tuple[tuple[str, tuple[SeenRoom, ...]], ...]


@dataclass(frozen=True, slots=True)
class StepNote:
    """Why something was done with a booking: the reason that a step keeps, by whom, and when."""

    reason: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class TimeFacts:
    """bookings/_time.html."""

    when: str
    length: str
    place: str
    around: str
    by_request: bool
    calendar_url: str
    before: tuple[OtherBooking, ...]
    after: tuple[OtherBooking, ...]
    competing: tuple[OtherBooking, ...]
    notes: tuple[StepNote, ...]
    series_url: str
    repeat_url: str
    move: MoveForm | None


def time_panel(booking: Any) -> RecordPanel | None:
    """Show the time and the room; nothing of a day without a room."""
    session = db.session()
    claim = queries.claim_of(session, booking.id)
    if claim is None:
        return None
    zone, locale = claim.promise["zone"], wording.reader()
    period = Period(claim.starts_at, claim.ends_at)
    rooms = seen_rooms()
    facts = TimeFacts(
        when=time_text(period, zone, locale),
        length=durations.told(period.minutes, locale),
        place=booking.place,
        around=_around(claim, locale),
        by_request=bool(claim.promise.get("by_request")),
        calendar_url=_calendar(claim, rooms, zone),
        before=others([session.get(type(booking), booking.follows_id)] if booking.follows_id else [], zone),
        after=others([one for one in (successor_of(session, booking),) if one is not None], zone),
        competing=rivals(booking),
        notes=tuple(
            StepNote(step.reason, step.actor_label, moment(step.at, zone))
            for step in booking.steps
            if step.reason
        ),
        series_url=f"/series/{booking.series_id}"
        if booking.series_id and may("show", "booking_series")
        else "",
        repeat_url=f"/series/new?from={booking.id}" if may("add", "booking_series") else "",
        move=move_form(booking, zone, rooms)
        if booking.status in MOVABLE and may_on(booking, "move")
        else None,
    )
    return RecordPanel("time", _("Time and room"), "bookings/_time.html", facts)


def rivals(booking: Any) -> tuple[OtherBooking, ...]:
    """List who else waits for the time of a pending booking: they are rejected when it is confirmed (rule 4)."""
    claim = queries.claim_of(db.session(), booking.id) if booking.status == "pending" else None
    if claim is None:
        return ()
    return others(queries.competing(db.session(), booking), claim.promise["zone"])


def move_form(booking: Any, zone: str, rooms: list[SeenRoom]) -> MoveForm:
    """Make the form that moves a booking, filled in with where it is."""
    shown = [room for room in rooms if room.is_active or room.id == booking.room_id]
    return MoveForm(
        url=f"/bookings/{booking.id}/move-to",
        room=str(booking.room_id),
        starts=wall(booking.starts_at, zone),
        ends=wall(booking.ends_at, zone),
        zone=zone,
        zone_words=wording.zone(zone, wording.reader()),
        venues=tuple((name, tuple(some)) for name, some in groupby(shown, lambda room: room.venue_name)),
    )


def _around(claim: Any, locale: str) -> str:
    before, after = claim.starts_at - claim.blocked.lower, claim.blocked.upper - claim.ends_at
    told = {"before": _lasting(before, locale), "after": _lasting(after, locale)}
    if before and after:
        return _("%(before)s before and %(after)s after it are kept free", **told)
    if before:
        return _("%(before)s before it are kept free", **told)
    return _("%(after)s after it are kept free", **told) if after else ""


def _lasting(time: timedelta, locale: str) -> str:
    return durations.told(int(time.total_seconds() // 60), locale)


def _calendar(claim: Any, rooms: list[SeenRoom], zone: str) -> str:
    if not may("list", "booking"):
        return ""
    day = claim.starts_at.astimezone(ZoneInfo(zone)).date().isoformat()
    slug = next((room.venue_slug for room in rooms if room.id == claim.room_id), "")
    return f"{PATH}?{urlencode({'date': day, 'venues': slug} if slug else {'date': day})}"
