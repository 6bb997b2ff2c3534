"""What of bookings is a partner's: what is booked, and waited for, in the rooms of their companies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement

from app.access.rows import Rule
from app.domains.venues.queries.partners import rooms_of


def _in_rooms(model: Any, user: Any) -> ColumnElement[bool]:
    """Tell what is booked or waited for in a room of the user's; what has no room is nobody's but the house's."""
    return model.room_id.in_(rooms_of(user))


PARTNERS: Mapping[str, Rule] = {"booking": _in_rooms, "booking_series": _in_rooms, "waiting": _in_rooms}
"""By content type, the rule that gives the rows of a partner."""
