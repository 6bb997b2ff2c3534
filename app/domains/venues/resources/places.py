"""Countries and cities."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists

from app.domains.venues.models import City, Country, Venue
from app.domains.venues.resources.words import (
    PLACE,
    SHOWING,
    SHOWN,
    SLUG_HELP,
    TEXTS,
    TOLD,
    TRANSLATED,
    VENUES,
    active,
)
from app.resources import Field, Kind, On, Resource

countries = Resource(
    Country,
    _l("Countries"),
    _l("country"),
    menu=VENUES,
    icon="world",
    path="countries",
    order="name",
    public="countries",
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name")),
        Field(
            "code",
            On.LIST | TOLD,
            _l("Code"),
            kind=Kind.COUNTRY,
            help=_l("Its two letters by ISO 3166."),
        ),
    ),
)

cities = Resource(
    City,
    _l("Cities"),
    _l("city"),
    menu=VENUES,
    icon="building-community",
    path="cities",
    order="name",
    public="cities",
    public_when=lambda model: model.is_active,
    translated_when=lambda model: exists().where(Venue.city_id == model.id),
    fields=(
        Field("name", SHOWN | TRANSLATED, _l("Name"), section=TEXTS),
        Field("slug", TOLD, _l("Slug"), kind=Kind.SLUG, help=SLUG_HELP, section=SHOWING),
        Field("country_id", SHOWN, _l("Country"), section=PLACE),
        Field("zone", On.LIST | TOLD, _l("Time zone"), kind=Kind.ZONE, section=PLACE),
        Field("latitude", TOLD, _l("Latitude"), section=PLACE),
        Field("longitude", TOLD, _l("Longitude"), section=PLACE),
        active(),
    ),
)
