"""The addresses under which calendar programs read what is booked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.bookings import service
from app.domains.bookings.models import CalendarFeed
from app.resources import Action, Field, On, Resource

_KEPT = On.LIST | On.FORM | On.API

calendar_feeds = Resource(
    CalendarFeed,
    _l("Calendar feeds"),
    _l("calendar feed"),
    menu=_l("Bookings"),
    icon="broadcast",
    order="-created_at",
    path="calendar-feeds",
    fields=(
        Field("name", _KEPT | On.SEARCH, _l("Name"), help=_l("Calendar programs show it.")),
        Field(
            "room_id",
            _KEPT | On.FILTER,
            _l("Room"),
            help=_l("Choose a room, a venue or a member: exactly one of them."),
        ),
        Field("venue_id", _KEPT | On.FILTER, _l("Venue")),
        Field("member_id", _KEPT | On.FILTER, _l("Member")),
        Field(
            "is_active",
            _KEPT | On.FILTER,
            _l("Active"),
            help=_l("While it is not, its address leads nowhere."),
        ),
    ),
    actions=(
        Action("renew", _l("Make a new address"), service.renew_feed, lambda _feed: True, is_aside=True),
    ),
)
