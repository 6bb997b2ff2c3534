"""A list sorted by a column of codes stands as the words do that its reader sees, on every page and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import chain

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories import FestivalFactory, MemberFactory, PackageFactory, translate
from tests.surfaces.test_lists import link, page_of, titles

SignIn = Callable[..., FlaskClient]
CODES = ("BR", "CH", "CN", "DE", "IN", "AT", "ES", "AX", "ZA", "DE", "JP")
IN_ENGLISH = ["AX", "AT", "BR", "CN", "DE", "DE", "IN", "JP", "ZA", "ES", "CH"]
IN_GERMAN = ["AX", "BR", "CN", "DE", "DE", "IN", "JP", "AT", "CH", "ES", "ZA"]


@pytest.fixture(autouse=True)
def three_a_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PAGE_SIZE", 3)


@pytest.fixture
def festivals() -> None:
    for number, code in enumerate(CODES):
        FestivalFactory(name=f"{code} {number}", slug=f"feast-{number}", country=code)


def walked(browser: FlaskClient, address: str, turn: str = "next") -> list[list[str]]:
    """Turn every page of a list; gives the first words of the titles of each."""
    pages = []
    while address:
        page = page_of(browser, address)
        pages.append([title.split()[0] for title in titles(page)])
        address = link(page, turn)
    return pages


def back(browser: FlaskClient, address: str) -> list[list[str]]:
    """Turn to the last page, and every page back from there; in the order of the list."""
    while following := link(page_of(browser, address), "next"):
        address = following
    return walked(browser, address, "prev")[::-1]


def flat(pages: list[list[str]]) -> list[str]:
    return list(chain.from_iterable(pages))


@pytest.mark.parametrize(("language", "wanted"), [("en", IN_ENGLISH), ("de", IN_GERMAN)])
@pytest.mark.parametrize("is_down", [False, True])
def test_countries_stand_by_their_names_in_the_reader_s_language(
    sign_in: SignIn, festivals: None, language: str, wanted: list[str], is_down: bool
) -> None:
    browser = sign_in("Admin")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    address = f"/festivals/?sort={'-' if is_down else ''}country"
    pages = walked(browser, address)
    assert flat(pages) == (wanted[::-1] if is_down else wanted)
    assert [len(page) for page in pages] == [3, 3, 3, 2]
    assert back(browser, address) == pages


def test_a_code_that_is_no_country_stands_last_and_a_cursor_goes_on_in_another_language(
    sign_in: SignIn, festivals: None, session: Session
) -> None:
    session.execute(text("UPDATE festival SET country = 'XX' WHERE country = 'JP'"))
    browser = sign_in("Admin")
    pages = walked(browser, "/festivals/?sort=country")
    assert flat(pages)[-1] == "JP", "a code that is no country any more is behind all others"
    following = link(page_of(browser, "/festivals/?sort=country"), "next")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    after_brazil = IN_GERMAN[2:6]
    assert [title.split()[0] for title in titles(page_of(browser, following))] == after_brazil[:3]


def test_choices_stand_in_their_declared_order(sign_in: SignIn) -> None:
    for number, category in enumerate(("harvest", "cultural", "religious", "seasonal", "national")):
        FestivalFactory(name=f"{category} one", slug=f"one-{number}", category=category)
        FestivalFactory(name=f"{category} two", slug=f"two-{number}", category=category)
    browser, address = sign_in("Admin"), "/festivals/?sort=category"
    pages = walked(browser, address)
    declared = ["religious", "national", "seasonal", "cultural", "harvest"]
    assert flat(pages) == [category for category in declared for _twice in range(2)]
    assert back(browser, address) == pages


def test_languages_stand_by_their_names_and_what_is_empty_last(sign_in: SignIn, session: Session) -> None:
    for tag in ("de", "ar", "hi", "en", "es"):
        MemberFactory(name=f"{tag} member", email=f"{tag}@example.com", locale=tag)
    browser, address = sign_in("Admin"), "/members/?sort=locale&columns=name,locale"
    assert flat(walked(browser, address)) == ["ar", "en", "de", "hi", "es"]
    assert flat(back(browser, address)) == ["ar", "en", "de", "hi", "es"]


def test_names_of_content_types_stand_by_the_alphabet(sign_in: SignIn) -> None:
    translate(PackageFactory(), "de", name="Eins")
    translate(FestivalFactory(), "de", name="Zwei")
    page = unescape(page_of(sign_in("Admin"), "/translations/?sort=content_type"))
    assert re.findall(r">(Eins|Zwei)<", page) == ["Zwei", "Eins"]


def test_the_api_goes_on_sorting_by_what_it_tells(sign_in: SignIn, festivals: None) -> None:
    found = sign_in("Admin").get("/api/v1/festivals/?sort=country&page[size]=100").get_json()["data"]
    assert [festival["country"] for festival in found] == sorted(CODES)
