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
from app.domains.bookings.queries.competing import competing
from app.domains.bookings.queries.explaining import Explanation, explain
from app.domains.bookings.queries.feeds import Feed, FeedEvent, feed_by_token, feed_events, feed_url
from app.domains.bookings.queries.timeline import BookedFacts, KeptTime, claim_of, kept_times

__all__ = [
    "LINK_DAYS",
    "BookedFacts",
    "Calendar",
    "Explanation",
    "Facts",
    "Feed",
    "FeedEvent",
    "Finding",
    "KeptTime",
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
    "claim_of",
    "client_page",
    "competing",
    "count_of",
    "explain",
    "facts",
    "feed_by_token",
    "feed_events",
    "feed_url",
    "has_link",
    "kept_times",
    "link_token",
    "page_of",
    "read_token",
]
