"""Questions about bookings: what is free in a room and why, what a client's link leads to, a member's own."""

from app.domains.bookings.queries.availability import (
    Calendar,
    Finding,
    Rule,
    Slot,
    Taken,
    blocked_by,
    broken,
    facts,
)
from app.domains.bookings.queries.calendars import calendar_of, calendars, calendars_of_venue
from app.domains.bookings.queries.client import (
    LINK_DAYS,
    Facts,
    booking,
    booking_by_token,
    bookings_of,
    client_page,
    count_of,
    has_link,
    link_token,
    page_of,
    read_token,
)

__all__ = [
    "LINK_DAYS",
    "Calendar",
    "Facts",
    "Finding",
    "Rule",
    "Slot",
    "Taken",
    "blocked_by",
    "booking",
    "booking_by_token",
    "bookings_of",
    "broken",
    "calendar_of",
    "calendars",
    "calendars_of_venue",
    "client_page",
    "count_of",
    "facts",
    "has_link",
    "link_token",
    "page_of",
    "read_token",
]
