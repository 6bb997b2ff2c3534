"""Countries and cities come in once, with true names, zones and slugs; what staff changed stays."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from time import perf_counter
from typing import Any

import pycountry
import pytest
from sqlalchemy import func, select

from app.domains.venues.models import City, Country
from app.domains.venues.service import PlaceCounts, load_places
from app.kernel import languages
from app.resources.kinds import zones
from app.translation.models import Translation
from tests.factories.venues import CityFactory, CountryFactory

FILE = files("app.domains.venues") / "places" / "places.json"
NOTHING = PlaceCounts(0, 0, 0)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """Read the file of places."""
    return json.loads(FILE.read_text("utf-8"))


def test_the_file_is_small_sorted_and_one_place_a_line(told):
    text = FILE.read_text("utf-8")
    assert len(text.encode()) < 200_000
    assert text.count("\n") == len(told["countries"]) + len(told["cities"]) + 6
    assert told["countries"] == sorted(told["countries"])
    assert told["cities"] == sorted(told["cities"])


def test_every_country_of_the_standard_is_there_and_no_other(told):
    assert {code for code, _name in told["countries"]} == {one.alpha_2 for one in pycountry.countries}


def test_what_is_told_of_a_city_can_be_true(told):
    countries = {code for code, _name in told["countries"]}
    for code, slug, name, zone, latitude, longitude, number in told["cities"]:
        assert code in countries
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug), slug
        assert name == name.strip() != ""
        assert zone in zones(), zone
        assert -90 <= latitude <= 90
        assert -180 <= longitude <= 180
        assert number > 0
    assert len({one[1] for one in told["cities"]}) == len({one[6] for one in told["cities"]}) == 2080


def test_all_are_loaded_and_countries_have_their_names_in_every_language(session, told):
    added = load_places(session)
    others = len(languages.content_locales())
    assert added == PlaceCounts(249, 2080, 249 * others)
    assert session.scalar(select(func.count()).select_from(City)) == len(told["cities"])
    berlin = session.scalars(select(City).where(City.slug == "berlin")).one()
    assert (berlin.zone, str(berlin.latitude), str(berlin.longitude)) == (
        "Europe/Berlin",
        "52.524400",
        "13.410500",
    )
    country = session.get_one(Country, berlin.country_id)
    rows = session.scalars(select(Translation).where(Translation.object_id == country.id)).all()
    assert {(row.locale, row.text, row.state) for row in rows} >= {
        ("de", "Deutschland", "approved"),
        ("es", "Alemania", "approved"),
        ("hi", "जर्मनी", "approved"),
        ("ar", "ألمانيا", "approved"),
    }


def test_loading_again_changes_nothing_and_is_quick(session):
    load_places(session)
    began = perf_counter()
    assert load_places(session) == NOTHING
    assert perf_counter() - began < 2


def test_what_is_there_stays_as_it_is(session):
    country = CountryFactory(code="DE", name="Our Germany")
    ours = CityFactory(country_id=country.id, geonames_id=2950159, slug="our-berlin", name="Our Berlin")
    same = CityFactory(country_id=country.id, slug="munich", name="Our Munich")
    added = load_places(session)
    assert (added.countries, added.cities) == (248, 2078)
    session.expire_all()
    assert (country.name, ours.name, same.name) == ("Our Germany", "Our Berlin", "Our Munich")
    assert session.scalars(select(Translation).where(Translation.object_id == country.id)).all() == []
    cologne = session.scalars(select(City).where(City.slug == "koln")).one()
    assert cologne.country_id == country.id


def test_the_command_says_what_it_added(app, session):
    first = app.test_cli_runner().invoke(args=["places"])
    assert first.exit_code == 0, first.output
    assert "Added: 249 countries and 2,080 cities" in first.output
    again = app.test_cli_runner().invoke(args=["places"])
    assert "Added: 0 countries and 0 cities, 0 names" in again.output
