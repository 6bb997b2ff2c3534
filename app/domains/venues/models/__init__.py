"""Tables of places, companies, venues and rooms."""

from app.domains.venues.models.companies import Company
from app.domains.venues.models.places import City, Country
from app.domains.venues.models.policies import CancellationPolicy, CancellationStep
from app.domains.venues.models.rooms import PendingPolicy, Room, RoomPicture, RoomPrice
from app.domains.venues.models.venues import (
    Badge,
    Closure,
    Equipment,
    EquipmentType,
    FavouriteVenue,
    HoursMode,
    OpeningHours,
    Venue,
    VenuePicture,
    Weekday,
)

__all__ = [
    "Badge",
    "CancellationPolicy",
    "CancellationStep",
    "City",
    "Closure",
    "Company",
    "Country",
    "Equipment",
    "EquipmentType",
    "FavouriteVenue",
    "HoursMode",
    "OpeningHours",
    "PendingPolicy",
    "Room",
    "RoomPicture",
    "RoomPrice",
    "Venue",
    "VenuePicture",
    "Weekday",
]
