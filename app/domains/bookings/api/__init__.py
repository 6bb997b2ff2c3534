"""The public side of bookings: to book, to see how it stands, to call it off, to read it in a calendar, to wait."""

from app.domains.bookings.api.feeds import api as feeds
from app.domains.bookings.api.holds import api as rooms
from app.domains.bookings.api.operations import api
from app.domains.bookings.api.waiting import api as waiting

__all__ = ["api", "feeds", "rooms", "waiting"]
