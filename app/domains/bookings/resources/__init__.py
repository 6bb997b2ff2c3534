"""What staff see of bookings and of what belongs to them; the public sees none."""

from app.domains.bookings.resources.bookings import EVENT_TYPES, STATUSES, bookings, settled
from app.domains.bookings.resources.feeds import calendar_feeds

__all__ = ["EVENT_TYPES", "RESOURCES", "STATUSES", "bookings", "calendar_feeds", "settled"]

RESOURCES = (bookings, calendar_feeds)
