"""The demo's texts are whole in every language, and nobody real can be reached through them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from app.demo.clients import wishes
from app.demo.content import LANGUAGES, content
from app.domains.bookings.resources import EVENT_TYPES
from app.domains.catalog.models import FestivalCategory
from app.resources.rich_text import clean, plain_text

SCRIPTS = {"hi": "DEVANAGARI", "ar": "ARABIC"}
SAME_IN_LATIN = """
Carnival
Chuseok
Dashain
Diwali
Dussehra
Día de Muertos
Eid al-Fitr
Ferragosto
Fiestas Patrias
Halloween
Hanukkah
Holi
Lebaran (Eid al-Fitr)
Loy Krathong
Onam
Pongal
Quinceañera
Raksha Bandhan
Saint Patrick's Day
Songkran
Thanksgiving
Vesak
""".splitlines()
FICTIONAL = (
    r"\+1 202-555-01\d\d|\+44 20 7946 0\d{3}|\+44 7700 900\d{3}|\+49 30 23125 \d{3}|\+33 1 99 00 00 \d\d"
    r"|\+46 8 465 004 \d\d|\+61 2 5550 0\d{3}"
)  # ranges that the regulators of these countries keep for stories


def texts() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """List every text: where it is, what it is, its words by language."""
    for kind in ("packages", "themes", "festivals", "canned"):
        for one in content(kind):
            for name in one["text"]["de"].keys() | one["text"]["en"].keys():
                told = {locale: words.get(name) for locale, words in one["text"].items()}
                if name == "customs":
                    assert all(clean(words) == words for words in told.values() if words), one["slug"]
                    told = {locale: plain_text(words or "") for locale, words in told.items()}
                if name != "items":
                    yield f"{kind}/{one['slug']}", name, told
                    continue
                for number, _item in enumerate(told["en"]):
                    item = {locale: items[number] for locale, items in told.items()}
                    yield f"{kind}/{one['slug']}", f"item {number}", item
    for name, recipe in content("pictures").items():
        yield f"pictures/{name}", "alt", recipe["alt"]


@pytest.mark.parametrize("kind", ["packages", "themes", "festivals", "canned"])
def test_every_text_is_told_in_every_language(kind):
    for one in content(kind):
        assert set(one["text"]) == {"en", *LANGUAGES}, one["slug"]
    for place, name, told in texts():
        missing = [locale for locale in ("en", *LANGUAGES) if not (told[locale] or "").strip()]
        if place.startswith("festivals/") and name == "name":
            continue  # where one is missing the holidays package knows it: see test_festivals
        assert not missing, (place, name, missing)


def test_packages_list_the_same_items_in_every_language():
    for one in content("packages"):
        counts = {locale: len(told["items"]) for locale, told in one["text"].items()}
        assert len(set(counts.values())) == 1, (one["slug"], counts)
        assert 4 <= counts["en"] <= 7


def test_no_two_languages_say_the_same_words():
    for place, name, told in texts():
        for first, second in combinations(("en", *LANGUAGES), 2):
            words = told[first]
            if words is None or words != told[second]:
                continue
            assert name == "name", (place, name, words)
            assert words in SAME_IN_LATIN, (place, first, second, words)


@pytest.mark.parametrize("locale", SCRIPTS)
def test_hindi_and_arabic_are_written_in_their_own_letters(locale):
    for place, name, told in texts():
        letters = [letter for letter in told[locale] or "" if letter.isalpha()]
        own = [letter for letter in letters if unicodedata.name(letter).startswith(SCRIPTS[locale])]
        foreign = "Mānawatia" in (told[locale] or "")
        assert foreign or len(own) == len(letters), (place, name, told[locale])


def test_slugs_are_unique_and_fit_an_address():
    for kind in ("packages", "themes", "festivals", "canned"):
        slugs = [one["slug"] for one in content(kind)]
        assert max(Counter(slugs).values()) == 1
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)


def test_there_is_as_much_as_promised():
    active = {kind: [one for one in content(kind) if one["is_active"]] for kind in ("packages", "themes")}
    assert min(len(active["packages"]), len(active["themes"])) >= 12
    assert all(3 <= len(one["pictures"]) <= 5 for one in content("themes"))
    assert all(1 <= len(one["pictures"]) <= 3 for one in content("festivals"))
    assert len(content("reviews")) == 40


def test_every_picture_named_is_drawn_and_every_drawn_one_is_shown():
    named = [
        name
        for kind in ("packages", "themes", "festivals")
        for one in content(kind)
        for name in one["pictures"]
    ]
    assert set(named) == set(content("pictures"))


def test_what_is_chosen_is_offered():
    kinds = {option.value for option in EVENT_TYPES}
    categories = set(FestivalCategory)
    assert all(set(one["event_types"]) <= kinds for one in content("packages"))
    assert all(one["category"] in categories for one in content("festivals"))
    assert set(content("bookings")["guests"]) == kinds


def test_reviews_sound_like_people_and_point_at_what_exists():
    slugs = {kind: {one["slug"] for one in content(f"{kind}s")} for kind in ("package", "theme")}
    reviews = content("reviews")
    for one in reviews:
        kinds = one.keys() & {"package", "theme"}
        assert len(kinds) == 1
        assert one[next(iter(kinds))] in slugs[next(iter(kinds))]
        assert 1 <= len(re.findall(r"[.!?।؟](?:\s|$)", one["message"])) <= 5, one["message"]
    assert Counter(one["status"] for one in reviews) == {"approved": 32, "pending": 6, "rejected": 2}
    stars = Counter(one["rating"] for one in reviews)
    assert stars[5] > stars[4] > stars[3] > 0
    assert {one["locale"] for one in reviews} == {"en", *LANGUAGES}


@pytest.mark.parametrize("today", [date(2026, 11, 21), date(2027, 2, 28), date(2028, 2, 29)])
def test_nobody_real_is_written_to_or_called(today):
    for wish in wishes(today):
        assert re.fullmatch(r"[a-z.-]+@example\.(com|org|net)", wish.facts["client_email"]), wish
        assert re.fullmatch(FICTIONAL, wish.facts["client_phone"]), wish
        assert "(example venue)" in wish.facts["place"]
