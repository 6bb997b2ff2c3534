"""What the calendar shows of some days, as JSON: four statements, however many rooms and bookings there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows
from app.access.rights import may
from app.domains.bookings import queries as bookings
from app.domains.bookings.queries import KeptTime
from app.domains.bookings.resources import EVENT_TYPES, STATUSES
from app.domains.venues import queries as venues
from app.domains.venues.queries import RoomRules, SeenRoom
from app.kernel import clock
from app.kernel.db import db
from app.kernel.values import Period
from app.surfaces.records import wording
from app.web.timeline.asked import midnight
from app.web.timeline.judging import between
from app.web.timeline.places import model_of

Facts = dict[str, Any]
LEAST = timedelta(minutes=15)
"""Nothing is drawn shorter: an hour that the clocks take back would end before it begins."""

_STATUSES = {option.value: option for option in STATUSES}
_OCCASIONS = {option.value: option.label for option in EVENT_TYPES}
_MOVABLE = ("pending", "confirmed")


def events(shown: Sequence[SeenRoom], first: date, last: date, zone: str) -> Facts:
    """Give what is kept, closed and not open in rooms, from the first day to before the last, in a zone's wall time."""
    window = Period(midnight(first, zone), midnight(last, zone))
    now, keys = clock.now(), [room.id for room in shown]
    booking = model_of("booking")
    seen = rows.condition("booking", current_user, booking)
    movable = rows.condition("booking", current_user, booking, "move")
    connection = db.session.connection()
    kept = bookings.kept_times(connection, keys, window, now, seen, movable)
    rules = venues.room_rules(connection, keys, window)
    teller = _Teller(zone, {room.id: room for room in shown})
    told = [teller.event(one) for one in kept]
    behind = [facts for room in rules for facts in teller.closed(room, window)]
    behind += [facts for one in kept for facts in teller.buffers(one)]
    return {"zone": zone, "now": teller.wall(now), "events": told, "background": behind}


class _Teller:
    def __init__(self, zone: str, rooms: dict[Any, SeenRoom]) -> None:
        self.zone = ZoneInfo(zone)
        self.rooms = rooms
        self.locale = wording.reader()
        self.may_move = may("move", "booking")

    def wall(self, at: datetime) -> str:
        """Write what the clocks of the zone show."""
        return at.astimezone(self.zone).replace(tzinfo=None).isoformat(timespec="minutes")

    def times(self, period: Period) -> Facts:
        """Write a period as it is drawn: its end never stands before its beginning."""
        starts, ends = (
            at.astimezone(self.zone).replace(tzinfo=None) for at in (period.starts_at, period.ends_at)
        )
        ends = max(ends, starts + LEAST)
        return {"start": starts.isoformat(timespec="minutes"), "end": ends.isoformat(timespec="minutes")}

    def event(self, kept: KeptTime) -> Facts:
        """Tell a booking, a hold, or that somebody has the time."""
        facts: Facts = {
            "id": str(kept.claim_id),
            "room": str(kept.room_id),
            "place": self.place(kept.room_id),
            "minutes": kept.shown.minutes,
            "when": between(kept.shown, self.zone.key, self.locale),
            "blocks": kept.blocks,
            "is_movable": False,
            **self.times(kept.shown),
        }
        if kept.booking is None:
            return facts | (self.taken() if kept.is_hidden else self.hold(kept))
        booking = kept.booking
        status = _STATUSES[booking.status]
        return facts | {
            "kind": "booking",
            "booking": str(booking.id),
            "title": booking.client_name,
            "reference": booking.reference,
            "occasion": str(_OCCASIONS.get(booking.event_type, "")),
            "status": str(status.label),
            "tone": status.tone,
            "is_movable": self.may_move and booking.is_movable and booking.status in _MOVABLE,
        }

    def taken(self) -> Facts:
        """Tell no more than that the time is taken."""
        return {"kind": "taken", "title": _("Taken"), "status": _("Taken"), "tone": "secondary"}

    def hold(self, kept: KeptTime) -> Facts:
        """Tell a hold and until when it holds."""
        until = kept.until.astimezone(self.zone) if kept.until else None
        told = _("until %(time)s", time=wording.time_of_day(until.time(), self.locale)) if until else ""
        return {"kind": "hold", "title": _("Held"), "status": told, "tone": "hold"}

    def place(self, room: Any) -> str:
        """Name a room with its venue."""
        found = self.rooms[room]
        return f"{found.name} · {found.venue_name}"

    def closed(self, room: RoomRules, window: Period) -> Iterator[Facts]:
        """Tell when a room is not open, and when it is closed."""
        for gap in venues.gaps(window, room.openings_around(window)):
            yield {"room": str(room.id), "kind": "closed", "title": _("Not open"), **self.times(gap)}
        for one in room.closures:
            yield {
                "room": str(room.id),
                "kind": "closure",
                "title": one.reason or _("Closed"),
                **self.times(one.period),
            }

    def buffers(self, kept: KeptTime) -> Iterator[Facts]:
        """Tell what is kept free before and after."""
        around = (
            (kept.blocked.starts_at, kept.shown.starts_at),
            (kept.shown.ends_at, kept.blocked.ends_at),
        )
        for starts_at, ends_at in around:
            if kept.blocks and starts_at < ends_at:
                told = self.times(Period(starts_at, ends_at))
                yield {"room": str(kept.room_id), "kind": "buffer", "title": _("Kept free"), **told}
