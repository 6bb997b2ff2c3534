"""What a closure shuts, and which bookings stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import ColumnElement

from app.domains.bookings.queries import closures
from app.domains.bookings.queries.closures import Affected
from app.kernel.db import db
from app.kernel.values import Period
from app.surfaces.records.query import MOST_IN
from app.web.timeline.places import seen_rooms


@dataclass(frozen=True, slots=True)
class Shut:
    """What a closure shuts, and when."""

    venue_id: UUID
    room_id: UUID | None
    period: Period

    @classmethod
    def of(cls, record: Any) -> Self:
        """Give that of a stored one."""
        return cls(record.venue_id, record.room_id, Period(record.starts_at, record.ends_at))

    def keys(self, *visible: ColumnElement[bool]) -> list[UUID]:
        """List the keys of all bookings that it lies over."""
        return closures.affected_keys(db.session(), self.venue_id, self.room_id, self.period, *visible)

    def listed(self, *visible: ColumnElement[bool]) -> tuple[list[Affected], int, str]:
        """List the first bookings that it lies over; how many more there are, and the address that lists these."""
        found = closures.affected(db.session(), self.venue_id, self.room_id, self.period, *visible)
        if len(found) < closures.MOST_AFFECTED:
            return found, 0, ""
        more = len(self.keys(*visible)) - len(found)
        return found, more, self._address_of_more(found) if more else ""

    def _address_of_more(self, listed: Sequence[Affected]) -> str:
        """Give the list of the bookings from the last that is listed on, of the venue's rooms as far as they fit."""
        rooms = [room.id for room in seen_rooms() if room.venue_id == self.venue_id]
        rooms = [self.room_id] if self.room_id is not None else rooms
        asked = {
            "filter[starts_at][gte]": listed[-1].period.starts_at.isoformat(),
            "filter[starts_at][lte]": (self.period.ends_at - timedelta(seconds=1)).isoformat(),
            "filter[status][in]": "pending,confirmed",
            "filter[room_id][in]": ",".join(map(str, rooms)) if len(rooms) <= MOST_IN else "",
        }
        return f"/bookings/?{urlencode(asked)}"
