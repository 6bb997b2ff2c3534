"""Questions about venues: when they are open, what a time costs, what is paid back, what a room asks of a booking."""

from app.domains.venues.queries.favourites import Favourite, favourites_of
from app.domains.venues.queries.named import rooms_named
from app.domains.venues.queries.offered import Offer, OfferedRoom, OfferedVenue, offered_room, offered_venue
from app.domains.venues.queries.opening import Line, Opening, covered, gaps, instant, openings
from app.domains.venues.queries.quoting import NoPrice, Quote, QuoteLine, Tier, quote
from app.domains.venues.queries.refunding import PolicyStep, Refund, refund
from app.domains.venues.queries.rules import (
    Closed,
    Lock,
    RoomRules,
    lock_rooms,
    lock_rooms_of,
    room_rules,
    rooms_of_venue,
)
from app.domains.venues.queries.seen import SeenRoom, rooms_of, seen_rooms
from app.domains.venues.queries.zones import zone_of_room, zone_of_venue

__all__ = [
    "Closed",
    "Favourite",
    "Line",
    "Lock",
    "NoPrice",
    "Offer",
    "OfferedRoom",
    "OfferedVenue",
    "Opening",
    "PolicyStep",
    "Quote",
    "QuoteLine",
    "Refund",
    "RoomRules",
    "SeenRoom",
    "Tier",
    "covered",
    "favourites_of",
    "gaps",
    "instant",
    "lock_rooms",
    "lock_rooms_of",
    "offered_room",
    "offered_venue",
    "openings",
    "quote",
    "refund",
    "room_rules",
    "rooms_named",
    "rooms_of",
    "rooms_of_venue",
    "seen_rooms",
    "zone_of_room",
    "zone_of_venue",
]
