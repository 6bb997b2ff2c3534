"""Festivals fall on their true days and are called what the holidays package calls them."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from app.demo.content import LANGUAGES, content
from app.demo.festivals import next_occasions, plain

DAYS = [date(2026, 11, 21), date(2027, 6, 1), date(2029, 2, 28), date(2031, 12, 31)]


def named(country, day, language=None):
    """Ask the holidays package itself what a day is called."""
    kind = getattr(holidays, country)
    language = language or ("en_US" if "en_US" in kind.supported_languages else None)
    told = holidays.country_holidays(
        country, years=day.year, language=language, categories=kind.supported_categories
    )
    return {plain(name) for name in told.get(day, "").split("; ")}


def test_there_are_enough_of_enough_countries():
    occasions = next_occasions(DAYS[0])
    assert 30 <= len(occasions) <= 45
    assert len({one.country for one in occasions}) >= 20
    assert len({one.slug for one in occasions}) == len(occasions)


@pytest.mark.parametrize("today", DAYS)
def test_each_is_the_next_one(today):
    occasions = next_occasions(today)
    assert len(occasions) == len(content("festivals"))
    for one in occasions:
        assert one.ends_on >= today
        assert one.starts_on <= one.ends_on <= one.starts_on + timedelta(days=10), one.slug
        assert one.starts_on - today < timedelta(days=400), one.slug


@pytest.mark.parametrize("today", DAYS)
def test_the_days_are_those_of_the_holidays_package(today):
    entries = {entry["slug"]: entry for entry in content("festivals")}
    compared = 0
    for one in next_occasions(today):
        days = set(entries[one.slug].get("days", ()))
        if not days:
            continue
        span = (one.ends_on - one.starts_on).days
        for offset in range(span + 1):
            assert named(one.country, one.starts_on + timedelta(days=offset)) & days, (one.slug, offset)
        assert not named(one.country, one.starts_on - timedelta(days=1)) & days, one.slug
        compared += 1
    assert compared >= 40


def test_a_name_that_is_not_ours_is_the_packages():
    entries = {entry["slug"]: entry for entry in content("festivals")}
    taken = 0
    for one in next_occasions(DAYS[0]):
        for locale in ("en", *LANGUAGES):
            if "name" in entries[one.slug]["text"][locale]:
                continue
            languages = getattr(holidays, one.country).supported_languages
            language = next((tag for tag in languages if tag.split("_")[0] == locale), None)
            years = (
                one.starts_on + timedelta(days=offset)
                for offset in range((one.ends_on - one.starts_on).days + 1)
            )
            names = set().union(
                *(named(one.country, day, language if locale != "en" else None) for day in years)
            )
            assert one.text[locale]["name"] in names, (one.slug, locale)
            taken += locale != "en"
    assert taken >= 5


def test_everything_is_told_in_every_language():
    for one in next_occasions(DAYS[0]):
        for locale in ("en", *LANGUAGES):
            assert set(one.text[locale]) - {"customs"} == {"name", "description", "default_message"}
            assert all(one.text[locale].values()), (one.slug, locale)


@pytest.mark.parametrize(
    ("slug", "first", "last"),
    [
        ("diwali-india", date(2027, 10, 29), date(2027, 10, 29)),
        ("hanukkah-israel", date(2026, 12, 5), date(2026, 12, 12)),
        ("eid-al-fitr-egypt", date(2027, 3, 8), date(2027, 3, 11)),
        ("thanksgiving-usa", date(2026, 11, 26), date(2026, 11, 26)),
        ("dia-de-muertos-mexico", date(2027, 11, 1), date(2027, 11, 2)),
        ("songkran-thailand", date(2027, 4, 13), date(2027, 4, 15)),
    ],
)
def test_some_that_everybody_can_look_up(slug, first, last):
    found = {one.slug: one for one in next_occasions(DAYS[0])}[slug]
    assert (found.starts_on, found.ends_on) == (first, last)


def test_one_that_spans_the_new_year_is_one():
    found = {one.slug: one for one in next_occasions(date(2027, 12, 30))}["hanukkah-israel"]
    assert (found.starts_on, found.ends_on) == (date(2027, 12, 25), date(2028, 1, 1))
