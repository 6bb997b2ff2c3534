"""Questions about venues: when they are open, what a time costs, what is paid back, what a room asks of a booking."""

from app.domains.venues.queries.named import rooms_named
from app.domains.venues.queries.opening import Line, Opening, covered, gaps, instants, openings
from app.domains.venues.queries.quoting import NoPrice, Quote, QuoteLine, Tier, quote
from app.domains.venues.queries.refunding import PolicyStep, Refund, refund
from app.domains.venues.queries.rules import (
    Closed,
    RoomRules,
    lock_rooms,
    lock_rooms_of,
    room_rules,
    rooms_of_venue,
)
from app.domains.venues.queries.seen import SeenRoom, seen_rooms

__all__ = [
    "Closed",
    "Line",
    "NoPrice",
    "Opening",
    "PolicyStep",
    "Quote",
    "QuoteLine",
    "Refund",
    "RoomRules",
    "SeenRoom",
    "Tier",
    "covered",
    "gaps",
    "instants",
    "lock_rooms",
    "lock_rooms_of",
    "openings",
    "quote",
    "refund",
    "room_rules",
    "rooms_named",
    "rooms_of_venue",
    "seen_rooms",
]
