"""What staff see of bookings and of what belongs to them; the public sees none."""

from app.domains.bookings.resources.bookings import EVENT_TYPES, STATUSES, bookings, settled
from app.domains.bookings.resources.feeds import calendar_feeds
from app.domains.bookings.resources.series import list_of_series
from app.domains.bookings.resources.waiting import WAITING_STATUSES, list_of_waiting

__all__ = [
    "EVENT_TYPES",
    "RESOURCES",
    "STATUSES",
    "WAITING_STATUSES",
    "bookings",
    "calendar_feeds",
    "list_of_series",
    "list_of_waiting",
    "settled",
]

RESOURCES = (bookings, list_of_series, list_of_waiting, calendar_feeds)
