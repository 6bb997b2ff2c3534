"""The factories of venues make rows that the database takes, and what they lie in."""

from __future__ import annotations

import pytest

from app.domains.venues.models import City, Country, Room, Venue
from tests.factories import venues as factories

FACTORIES = (
    factories.CountryFactory,
    factories.CityFactory,
    factories.CompanyFactory,
    factories.BadgeFactory,
    factories.EquipmentFactory,
    factories.CancellationPolicyFactory,
    factories.VenueFactory,
    factories.RoomFactory,
    factories.ClosureFactory,
)


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_factory_makes_several(session, factory):
    assert len({factory().id for _ in range(3)}) == 3


def test_a_room_lies_in_a_country(session):
    room: Room = factories.RoomFactory()
    venue = session.get_one(Venue, room.venue_id)
    city = session.get_one(City, venue.city_id)
    assert session.get_one(Country, city.country_id).code in factories.NOBODYS
