"""Factories of places, companies, venues and rooms; each makes what it lies in, unless that is given."""

from __future__ import annotations

from datetime import UTC, datetime
from string import ascii_uppercase

import factory

from app.domains.venues.models import (
    Badge,
    CancellationPolicy,
    City,
    Closure,
    Company,
    Country,
    Equipment,
    EquipmentType,
    Room,
    Venue,
)
from tests.factories import Flushed

NOBODYS = [f"X{letter}" for letter in ascii_uppercase] + [f"Q{letter}" for letter in ascii_uppercase[12:]]
"""Codes that ISO 3166 gives to no country, so that none is there already."""


class CountryFactory(Flushed):
    class Meta:
        model = Country

    code = factory.Sequence(lambda n: NOBODYS[n % len(NOBODYS)])
    name = factory.Sequence(lambda n: f"Country {n}")


class CityFactory(Flushed):
    class Meta:
        model = City

    country_id = factory.LazyFunction(lambda: CountryFactory().id)
    name = factory.Sequence(lambda n: f"City {n}")
    slug = factory.Sequence(lambda n: f"city-{n}")
    zone = "Europe/Berlin"


class CompanyFactory(Flushed):
    class Meta:
        model = Company

    name = factory.Sequence(lambda n: f"Company {n}")
    slug = factory.Sequence(lambda n: f"company-{n}")


class BadgeFactory(Flushed):
    class Meta:
        model = Badge

    name = factory.Sequence(lambda n: f"Badge {n}")
    slug = factory.Sequence(lambda n: f"badge-{n}")
    position = factory.Sequence(lambda n: n)


class EquipmentTypeFactory(Flushed):
    class Meta:
        model = EquipmentType

    name = factory.Sequence(lambda n: f"Type {n}")


class EquipmentFactory(Flushed):
    class Meta:
        model = Equipment

    name = factory.Sequence(lambda n: f"Projector {n}")
    slug = factory.Sequence(lambda n: f"projector-{n}")


class CancellationPolicyFactory(Flushed):
    class Meta:
        model = CancellationPolicy

    name = factory.Sequence(lambda n: f"Policy {n}")


class VenueFactory(Flushed):
    class Meta:
        model = Venue

    company_id = factory.LazyFunction(lambda: CompanyFactory().id)
    city_id = factory.LazyFunction(lambda: CityFactory().id)
    name = factory.Sequence(lambda n: f"Venue {n}")
    slug = factory.Sequence(lambda n: f"venue-{n}")
    street = "Lindenstraße 7"
    zone = "Europe/Berlin"
    position = factory.Sequence(lambda n: n)


class RoomFactory(Flushed):
    class Meta:
        model = Room

    venue_id = factory.LazyFunction(lambda: VenueFactory().id)
    name = factory.Sequence(lambda n: f"Room {n}")
    slug = factory.Sequence(lambda n: f"room-{n}")
    capacity = 60
    position = factory.Sequence(lambda n: n)


class ClosureFactory(Flushed):
    class Meta:
        model = Closure

    venue_id = factory.LazyFunction(lambda: VenueFactory().id)
    reason = "The floor is sanded."
    starts_at = datetime(2027, 5, 24, 6, tzinfo=UTC)
    ends_at = datetime(2027, 5, 25, 6, tzinfo=UTC)


BY_TYPE = {
    made._meta.model.__tablename__: made
    for made in (
        *(VenueFactory, RoomFactory, ClosureFactory, CancellationPolicyFactory, CompanyFactory),
        *(BadgeFactory, EquipmentFactory, EquipmentTypeFactory, CityFactory, CountryFactory),
    )
}
"""The factory of each content type of the domain."""
