"""Places, companies, venues, rooms and what is in them: kept through the staff API and through the screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.venues import (
    BadgeFactory,
    CityFactory,
    CompanyFactory,
    CountryFactory,
    EquipmentFactory,
    EquipmentTypeFactory,
    RoomFactory,
    VenueFactory,
)

SignIn = Callable[..., FlaskClient]


def country() -> dict[str, Any]:
    return {"name": "Iceland", "code": "IS"}


def city() -> dict[str, Any]:
    zone = {"zone": "Atlantic/Reykjavik", "is_active": "true"}
    return {"name": "Akureyri", "slug": "akureyri", "country_id": str(CountryFactory().id)} | zone


def company() -> dict[str, Any]:
    return {"name": "Lindenhof", "slug": "lindenhof", "email": "halls@example.com", "is_active": "true"}


def venue() -> dict[str, Any]:
    place = {"street": "Canal street 9", "postcode": "10785", "zone": "Europe/Berlin", "is_active": "true"}
    owners = {"company_id": str(CompanyFactory().id), "city_id": str(CityFactory().id)}
    return {"name": "Old mill", "slug": "old-mill"} | place | owners


def room() -> dict[str, Any]:
    rules = {"capacity": "60", "minimum_minutes": "60", "maximum_minutes": "600", "is_active": "true"}
    return {"name": "Blue hall", "slug": "blue-hall", "venue_id": str(VenueFactory().id)} | rules


def equipment() -> dict[str, Any]:
    return {"name": "Grand piano", "slug": "grand-piano", "type_id": str(EquipmentTypeFactory().id)}


KEPT = [
    pytest.param("countries", country, {"name": "Island"}, marks=pytest.mark.proves("S1.76")),
    pytest.param("cities", city, {"name": "Husavik"}, marks=pytest.mark.proves("S1.76")),
    pytest.param("companies", company, {"phone": "+49 30 555 0100"}, marks=pytest.mark.proves("S1.78")),
    pytest.param("venues", venue, {"street": "Mill lane 1"}, marks=pytest.mark.proves("S1.79")),
    pytest.param("rooms", room, {"capacity": "80"}, marks=pytest.mark.proves("S1.83")),
    pytest.param("equipment", equipment, {"name": "Upright piano"}, marks=pytest.mark.proves("S1.81")),
    pytest.param(
        "equipment-types", lambda: {"name": "Sound"}, {"name": "Light"}, marks=pytest.mark.proves("S1.81")
    ),
]


@pytest.mark.parametrize(("path", "facts", "change"), KEPT)
def test_a_record_is_added_read_changed_and_deleted_through_the_api(
    sign_in: SignIn, path: str, facts: Callable[[], dict[str, Any]], change: dict[str, str]
) -> None:
    editor, base = sign_in("Editor"), f"/api/v1/{path}/"
    told = {name.removesuffix("_id"): value for name, value in facts().items()}
    answer = editor.post(base, json=told)
    assert answer.status_code == 201, answer.get_json()
    made = answer.get_json()["data"]
    assert all(str(made[name]).lower() == str(value).lower() for name, value in told.items())
    assert made["id"] in {row["id"] for row in editor.get(base).get_json()["data"]}
    changed = editor.patch(f"{base}{made['id']}", json=change | {"revision": made["revision"]})
    assert changed.status_code == 200
    now = editor.get(f"{base}{made['id']}").get_json()["data"]
    assert {name: str(now[name]) for name in change} == change
    assert editor.delete(f"{base}{made['id']}").status_code == 204
    assert editor.get(f"{base}{made['id']}").status_code == 404


@pytest.mark.parametrize(("path", "facts", "change"), KEPT)
def test_a_record_is_added_seen_changed_and_deleted_on_the_screens(
    sign_in: SignIn, path: str, facts: Callable[[], dict[str, Any]], change: dict[str, str]
) -> None:
    editor, form = sign_in("Editor"), facts()
    added = editor.post(f"/{path}/add", data=form)
    assert added.status_code == 302, added.get_data(as_text=True)[:3000]
    here = added.headers["Location"]
    assert form["name"] in editor.get(f"/{path}/?q={form['name']}").get_data(as_text=True)
    assert form["name"] in editor.get(here).get_data(as_text=True)
    sent = {"revision": "1", "is_active": "true"} | change
    assert editor.post(f"{here}/edit", data=sent).status_code == 302
    assert next(iter(change.values())) in editor.get(here).get_data(as_text=True)
    assert editor.post(f"{here}/delete").status_code == 302
    assert editor.get(here).status_code == 404


@pytest.mark.proves("S1.11", "S1.12", "S1.76")
def test_the_public_reads_countries_and_the_cities_of_one(client: FlaskClient, session: Session) -> None:
    here, there = CountryFactory(name="Here"), CountryFactory(name="There")
    near, far = CityFactory(name="Near", country_id=here.id), CityFactory(name="Far", country_id=there.id)
    CityFactory(name="Shut", country_id=here.id, is_active=False)
    countries = client.get("/public/v1/countries").get_json()["data"]
    assert [(one["name"], one["code"]) for one in countries] == [("Here", here.code), ("There", there.code)]
    cities = client.get(f"/public/v1/cities?filter[country]={here.id}").get_json()["data"]
    assert [one["name"] for one in cities] == ["Near"]
    told = client.get(f"/public/v1/cities/{far.slug}").get_json()["data"]
    assert (told["country"]["name"], told["zone"]) == ("There", "Europe/Berlin")
    assert client.get(f"/public/v1/cities/{near.id}").status_code == 200


@pytest.mark.proves("S1.12")
def test_the_select_of_a_city_holds_what_was_typed_and_the_list_the_cities_of_a_country(
    sign_in: SignIn, session: Session
) -> None:
    here, there = CountryFactory(), CountryFactory()
    for name, owner in (("Granada", here), ("Granby", there), ("Lisbon", here)):
        CityFactory(name=name, country_id=owner.id)
    editor = sign_in("Editor")
    page = editor.get("/venues/add").get_data(as_text=True)
    assert "/cities/lookup" in page
    found = editor.get("/cities/lookup?q=gran").get_json()["data"]
    assert [one["text"] for one in found] == ["Granada", "Granby"]
    listed = editor.get(f"/cities/?filter[country]={here.id}").get_data(as_text=True)
    assert ("Granada" in listed, "Lisbon" in listed, "Granby" in listed) == (True, True, False)
    rows = editor.get(f"/api/v1/cities/?filter[country]={there.id}").get_json()["data"]
    assert [row["name"] for row in rows] == ["Granby"]


@pytest.mark.proves("S1.18")
def test_badges_are_translated_and_venues_found_by_them(
    sign_in: SignIn, client: FlaskClient, session: Session
) -> None:
    badge, other = BadgeFactory(name="Parking", slug="parking"), BadgeFactory(name="Garden")
    with_it, without = VenueFactory(name="Mill"), VenueFactory(name="Barn")
    with_it.badges.append(badge)
    without.badges.append(other)
    session.commit()
    editor = sign_in("Editor")
    words = {"translations": {"de": {"name": "Parkplatz"}}, "revision": badge.revision}
    assert editor.patch(f"/api/v1/badges/{badge.id}", json=words).status_code == 200
    text = editor.get(f"/api/v1/texts/?filter[owner]=badge/{badge.id}").get_json()
    assert text is not None
    for address in ("/public/v1/venues", "/api/v1/venues/"):
        found = editor.get(f"{address}?filter[badges]={badge.id}").get_json()["data"]
        assert [one["name"] for one in found] == ["Mill"], address
    kept = editor.get(f"/api/v1/badges/{badge.id}").get_json()["data"]
    assert kept["translations"]["de"] == {"name": "Parkplatz"}


@pytest.mark.proves("S1.81")
def test_equipment_is_found_by_its_type_and_stays_while_a_venue_has_it(
    sign_in: SignIn, session: Session
) -> None:
    sound = EquipmentTypeFactory(name="Sound")
    desk = EquipmentFactory(name="Mixing desk", type_id=sound.id)
    EquipmentFactory(name="Ladder")
    hall = VenueFactory(name="Mill")
    hall.equipment.append(desk)
    session.commit()
    editor = sign_in("Editor")
    listed = editor.get(f"/equipment/?filter[type]={sound.id}").get_data(as_text=True)
    assert ("Mixing desk" in listed, "Ladder" in listed) == (True, False)
    assert editor.delete(f"/api/v1/equipment-types/{sound.id}").status_code == 409
    panel = editor.get(f"/equipment/{desk.id}/panel?tab=references").get_data(as_text=True)
    assert "Mill" in panel


def test_rooms_are_found_by_their_venue(sign_in: SignIn, session: Session) -> None:
    mine, other = RoomFactory(name="Blue hall"), RoomFactory(name="Red hall")
    editor = sign_in("Editor")
    listed = editor.get(f"/rooms/?filter[venue]={mine.venue_id}").get_data(as_text=True)
    assert (mine.name in listed, other.name in listed) == (True, False)
