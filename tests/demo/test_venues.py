"""The demo's venues: as many as promised, open in every way there is, told in every language but for what is left."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from typing import Any

import pycountry
import pytest
from sqlalchemy import func, select

from app.demo.content import LANGUAGES, content
from app.demo.load import load_demo
from app.demo.venues import TIERS, hours_of
from app.domains.venues.models import (
    CancellationPolicy,
    City,
    Closure,
    Country,
    HoursMode,
    OpeningHours,
    Room,
    Venue,
    VenuePicture,
)
from app.resources.kinds import zones
from app.translation.models import Translation
from tests.demo.conftest import TODAY
from tests.demo.test_content import FICTIONAL, SCRIPTS
from tests.demo.test_load import app, loaded  # noqa: F401  # the demo, loaded once for the module

KINDS = ("companies", "badges", "equipment_types", "equipment", "policies", "venues", "closures")


def told() -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """List all that has texts: where it is, and the texts by language."""
    every = content("venues")
    rooms = [room for venue in every["venues"] for room in venue["rooms"]]
    for one in (*(one for kind in KINDS for one in every[kind]), *rooms):
        yield one["slug"], one["text"]


def test_venues_are_where_their_clocks_are(session):
    found = session.execute(select(Venue.zone, City.zone, City.name).join(City, City.id == Venue.city_id))
    for zone, there, city in found:
        assert zone == there, city
        assert zone in zones()
    assert len(set(session.scalars(select(Venue.zone)))) == 5


def test_they_are_open_in_every_way_there_is(session):
    lines = session.scalars(select(OpeningHours)).all()
    assert {line.mode for line in lines} == set(HoursMode)
    over_midnight = [line for line in lines if line.closes_time == time(2)]
    assert {line.weekday for line in over_midnight} == {"fri", "sat"}
    mill = session.scalars(select(Venue).where(Venue.slug == "lantern-mill")).one()
    tuesday = [(line.opens_time, line.closes_time) for line in mill.hours if line.weekday == "tue"]
    assert tuesday == [(time(10), time(12)), (time(13), time(22))]
    pearl = session.scalars(select(Venue).where(Venue.slug == "pearl-pavilion")).one()
    assert [line.mode for line in pearl.hours] == ["all_day"] * 7


def test_hours_are_spelt_out_in_the_order_of_the_week():
    lines = list(hours_of([["sun", "by_request"], ["mon tue", "open", "09:00", "10:00"]]))
    assert [line["weekday"] for line in lines] == ["mon", "tue", "sun"]
    assert (lines[0]["opens_time"], lines[2]["closes_time"]) == (time(9), None)


def test_a_longer_time_costs_more_but_less_an_hour_in_the_countrys_money(session):
    found = session.execute(
        select(Room, Country.code)
        .join(Venue, Venue.id == Room.venue_id)
        .join(City, City.id == Venue.city_id)
        .join(Country, Country.id == City.country_id)
    )
    money = {"DE": "EUR", "PT": "EUR", "IN": "INR", "MX": "MXN", "AE": "AED"}
    for room, code in found:
        assert room.currency == money[code]
        assert pycountry.currencies.get(alpha_3=room.currency)
        assert [price.minutes for price in room.prices] == list(TIERS)
        hourly = [price.price_minor / price.minutes for price in room.prices]
        assert hourly == sorted(hourly, reverse=True), room.slug
        assert room.minimum_minutes <= room.maximum_minutes
    assert session.scalar(select(func.count()).where(Room.buffer_after_minutes > 0)) > 3


def test_policies_pay_back_what_they_say(session):
    steps = {
        policy.name: [(step.hours_before, step.refund_percent) for step in policy.steps]
        for policy in session.scalars(select(CancellationPolicy))
    }
    assert steps == {"Flexible": [(24, 100)], "Moderate": [(168, 100), (48, 50)], "Strict": [(336, 50)]}


def test_closures_lie_in_the_coming_weeks(session):
    now = datetime.combine(TODAY, time(), UTC)
    for closure in session.scalars(select(Closure)):
        assert now < closure.starts_at < closure.ends_at < now + timedelta(weeks=8)
        if closure.room_id is not None:
            assert session.get_one(Room, closure.room_id).venue_id == closure.venue_id
    lawn = session.scalars(select(Closure).where(Closure.room_id.is_not(None))).one()
    assert lawn.starts_at.astimezone(UTC).time() == time(18, 30)  # midnight in Mumbai


def test_venues_and_rooms_have_pictures_with_their_words(session):
    for one in (*session.scalars(select(Venue)), *session.scalars(select(Room))):
        assert one.pictures, one.slug
        assert all(picture.alt for picture in one.pictures)
    pictures = session.scalar(select(func.count()).select_from(VenuePicture))
    counted = select(func.count()).where(Translation.content_type == "venue_picture")
    assert session.scalar(counted) == pictures * len(LANGUAGES)


def test_most_is_told_in_every_language_and_a_little_waits():
    waiting = 0
    for slug, text in told():
        assert text.keys() <= {"en", *LANGUAGES}, slug
        for locale in LANGUAGES:
            assert text.get(locale, {}).keys() <= text["en"].keys(), slug
            waiting += len(text["en"].keys() - text.get(locale, {}).keys())
    assert 5 < waiting < 20


def test_no_two_languages_say_the_same_words():
    for slug, text in told():
        for name in text["en"]:
            said = [words[name] for words in text.values() if name in words]
            assert all(first != second for first, second in combinations(said, 2)), (slug, said)


@pytest.mark.parametrize("locale", SCRIPTS)
def test_hindi_and_arabic_are_written_in_their_own_letters(locale):
    for slug, text in told():
        letters = [letter for words in text.get(locale, {}).values() for letter in words if letter.isalpha()]
        foreign = [letter for letter in letters if not unicodedata.name(letter).startswith(SCRIPTS[locale])]
        assert not foreign, slug


def test_nobody_real_is_called_or_written_to():
    for company in content("venues")["companies"]:
        assert re.fullmatch(r"[a-z]+@example\.(com|org|net)", company["email"])
        assert re.fullmatch(FICTIONAL, company["phone"])


def test_what_somebody_else_made_under_a_name_is_taken_for_it(session, artist):
    venue = session.scalars(select(Venue).where(Venue.slug == "tile-loft")).one()
    venue.name, venue.street = "Our loft", "Our street 1"
    badge: Any = venue.badges[0]
    badge.name = "Our badge"
    session.commit()
    again = load_demo(TODAY, artist)
    assert (again.venues, again.badges, again.rooms) == (0, 0, 0)
    session.refresh(venue)
    assert (venue.name, venue.badges[0].name) == ("Our loft", "Our badge")


def test_the_public_reads_a_venue_in_arabic(client):
    answer = client.get("/public/v1/venues/pearl-pavilion?lang=ar").get_json()["data"]
    assert answer["name"] == "جناح اللؤلؤة"
