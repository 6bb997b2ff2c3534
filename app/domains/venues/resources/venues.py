"""Venues, their hours and their closures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domains.venues.models import Closure, HoursMode, Venue, Weekday
from app.domains.venues.queries import zone_of_venue
from app.domains.venues.resources.words import (
    ALT,
    CONTENT,
    HOURS,
    KEPT,
    PICTURE,
    PICTURES,
    PLACE,
    SHOWING,
    SHOWN,
    SLUG_HELP,
    TEXTS,
    TOLD,
    TRANSLATED,
    VENUES,
    active,
    order,
)
from app.resources import Child, Clock, Field, Kind, On, Option, Resource

WEEKDAYS = (
    Option(Weekday.MONDAY.value, _l("Monday")),
    Option(Weekday.TUESDAY.value, _l("Tuesday")),
    Option(Weekday.WEDNESDAY.value, _l("Wednesday")),
    Option(Weekday.THURSDAY.value, _l("Thursday")),
    Option(Weekday.FRIDAY.value, _l("Friday")),
    Option(Weekday.SATURDAY.value, _l("Saturday")),
    Option(Weekday.SUNDAY.value, _l("Sunday")),
)

MODES = (
    Option(HoursMode.OPEN.value, _l("At these hours"), "success"),
    Option(HoursMode.ALL_DAY.value, _l("Day and night"), "success"),
    Option(HoursMode.BY_REQUEST.value, _l("By request"), "warning"),
    Option(HoursMode.CLOSED.value, _l("Closed all day"), "secondary"),
)


venues = Resource(
    Venue,
    _l("Venues"),
    _l("venue"),
    words=_l("houses, locations"),
    menu=VENUES,
    icon="building",
    order="position",
    public="venues",
    public_when=lambda model: model.is_active,
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name"), tab=CONTENT, section=TEXTS),
        Field(
            "slug",
            TOLD | On.TRANSLATE,
            _l("Slug"),
            kind=Kind.SLUG,
            help=SLUG_HELP,
            tab=CONTENT,
            section=SHOWING,
        ),
        Field("description", TOLD | TRANSLATED, _l("Description"), tab=CONTENT, section=TEXTS),
        Field("company_id", SHOWN, _l("Company"), tab=CONTENT, section=PLACE),
        Field("street", TOLD | On.SEARCH, _l("Street and number"), tab=CONTENT, section=PLACE),
        Field("postcode", TOLD, _l("Postcode"), tab=CONTENT, section=PLACE),
        Field("city_id", SHOWN, _l("City"), tab=CONTENT, section=PLACE),
        Field("latitude", TOLD, _l("Latitude"), tab=CONTENT, section=PLACE),
        Field("longitude", TOLD, _l("Longitude"), tab=CONTENT, section=PLACE),
        Field(
            "zone",
            On.LIST | TOLD,
            _l("Time zone"),
            kind=Kind.ZONE,
            help=_l("Its opening hours are told by the clocks there."),
            tab=HOURS,
        ),
        Field("badges", On.FORM | On.FILTER | On.API | On.PUBLIC, _l("Badges"), tab=CONTENT, section=SHOWING),
        Field(
            "equipment",
            On.FORM | On.FILTER | On.API | On.PUBLIC,
            _l("Equipment"),
            tab=CONTENT,
            section=SHOWING,
        ),
        order(CONTENT, SHOWING),
        active(CONTENT),
    ),
    children=(
        Child(
            "hours",
            HOURS,
            _l("line of hours"),
            tab=HOURS,
            spread=("weekday", _l("Copy to the days without hours")),
            fields=(
                Field("weekday", On.FORM | On.API | On.PUBLIC, _l("Day"), options=WEEKDAYS),
                Field("mode", On.FORM | On.API | On.PUBLIC, _l("How"), options=MODES),
                Field("opens_time", On.FORM | On.API | On.PUBLIC, _l("From")),
                Field(
                    "closes_time",
                    On.FORM | On.API | On.PUBLIC,
                    _l("Until"),
                    help=_l("An end before the start is on the next day."),
                ),
            ),
        ),
        Child("pictures", PICTURES, _l("picture"), tab=PICTURES, fields=(PICTURE, ALT)),
    ),
)

_OF_VENUE = Clock("venue_id", zone_of_venue)

closures = Resource(
    Closure,
    _l("Closures"),
    _l("closure"),
    menu=VENUES,
    icon="calendar-off",
    order="-starts_at",
    title="reason",
    fields=(
        Field("reason", On.LIST | TRANSLATED | KEPT, _l("Reason"), help=_l("Visitors read it, too.")),
        Field("venue_id", On.LIST | On.FILTER | KEPT, _l("Venue")),
        Field(
            "room_id",
            On.LIST | On.FILTER | KEPT,
            _l("Room"),
            help=_l("Leave it empty where the whole venue is closed."),
        ),
        Field("starts_at", On.LIST | On.FILTER | KEPT, _l("From"), clock=_OF_VENUE),
        Field("ends_at", On.LIST | On.FILTER | KEPT, _l("Until"), clock=_OF_VENUE),
    ),
)
