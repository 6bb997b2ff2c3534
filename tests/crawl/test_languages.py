"""Every sentence of every screen is of the catalogue: none unwrapped in a pseudo-locale, none English in German."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.db import db, unit_of_work
from app.resources.kinds import zones
from app.surfaces.records.wording import zone
from tests.crawl.conftest import make_program, signed_in
from tests.crawl.pseudo import bare_words, forget_words, mark_data, mark_dates, write_catalogue
from tests.crawl.reading import texts_of
from tests.crawl.screens import Screen
from tests.rules.test_catalogues import SAME_EVERYWHERE, catalogue, messages

pytestmark = pytest.mark.timeout(300)  # on a busy machine; it takes half a minute on a free one
NAMES = {
    "Festoon",
    "English",
    "Deutsch",
    "Español",
    "Ctrl",
    "UTC",
    "EUR",
    "USD",
    "JSON",
    "API",
    "PNG",
    "JPEG",
    "WebP",
    "AVIF",
    "px",
    "kB",
    "MB",
    "HTML",
    "WEBP",
    "Werkzeug",
    "Kolkata",
    "PO",
    "gettext",
    "XLIFF",
    "mina",
    "Mina",
    "Sato",
    "vera",
    "AED",
    "INR",
    "MXN",
}
"""What has one name in all languages: the product, languages as they call themselves, keys, units, formats, a reader."""
CITIES = {word for name in zones() for word in re.findall(r"[^\W\d_]+", zone(name, "en"))}
"""What time zones are called: names of places, which the dates' own catalogue knows."""
LANGUAGES = {"en", "de", "es", "hi", "ar", "EN", "DE", "ES", "HI", "AR"}
"""Their codes, where they stand as small marks beside what is written in them."""
PLAIN = re.compile(
    r"\S+@\S+|https?:\S+|[^\s⟦⟧]*/[^\s⟦⟧]*|\b[\w.]+(?:[-_.]\w+)+\b|%\(\w+\)[sd]|\{\w+\}"
    r"|#[0-9a-f]{6}\b|\b[A-Z]{3}(?= ·)|\bflask(?: [a-z-]+)+"
    r"|\b(?:[A-Z]{3}|[A-Z]{2}\$)[\d,.]+|\b\d+ (?:min|minutes?|hr|hours?|days?)\b|\bDemo data\b"
)
"""Addresses, paths, keys of records, places where a script puts a value, colours, codes of currencies, commands,
amounts and lengths of time as Babel writes them, who wrote the demo."""
SITE = "/site/"
"""The sample site: it brings its own words."""
OTHERS = re.compile(r"/preview/page|/confirmation$")
"""Pages that speak the language of their text, or of the client whom they are for."""
RAW_NAMES = "/translations/"
"""There a type and a field are still told by the names that the program has for them."""


@pytest.fixture(scope="module")
def pseudo(crawled: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Give a browser of a program whose English is marked, on a copy of the data whose words are marked."""
    folder = tmp_path_factory.mktemp("pseudo")
    write_catalogue(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.access.babel._CATALOGUES", folder)
        mark_dates(patch)
        forget_words()
        app = make_program(crawled.config["SQLALCHEMY_DATABASE_URI"], folder / "uploads")
        with app.app_context(), unit_of_work() as session:
            mark_data(session, app.extensions["catalogue"])
        yield signed_in(app)
        with app.app_context():
            db.engine.dispose()
    forget_words()


def unwrapped(told: list[tuple[str, str]], names: set[str]) -> Iterator[str]:
    for where, text in told:
        words = [word for word in bare_words(PLAIN.sub(" ", text)) if word not in names]
        if words and not {*words} <= SAME_EVERYWHERE:
            yield f"{where} {text[:120]}"


def test_a_pseudo_locale_finds_no_sentence_outside_the_catalogue(
    pseudo: FlaskClient, screens: list[Screen]
) -> None:
    found: dict[str, str] = {}
    for screen in screens:
        if screen.path.startswith(SITE):
            continue
        told = texts_of(pseudo.get(screen.path).get_data(as_text=True))
        if screen.path.startswith(RAW_NAMES):
            told = [(where, text) for where, text in told if where not in ("<bdi>", "<dd>")]
        for text in unwrapped(told, NAMES | CITIES | LANGUAGES):
            found.setdefault(text, screen.path)
    assert found == {}


MISTAKES = (
    "?nonsense=1",
    "?sort=nonsense",
    "?page[size]=0",
    "?page[after]=x",
    "?filter[nonsense]=1",
    "?q=" + "x" * 201,
)


def mistaken(app: Flask, browser: FlaskClient) -> Iterator[tuple[str, Any]]:
    """Ask every list of the staff API and of the public for what it cannot give, and write what is no record."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        path, methods = str(rule), rule.methods or set()
        if not path.startswith(("/api/v1/", "/public/v1/")) or rule.arguments:
            continue
        if "GET" in methods:
            for mistake in MISTAKES:
                yield path + mistake, browser.get(path + mistake)
        if "POST" in methods:
            for body in ({}, {"nonsense": 1}, [], "x"):
                yield f"{path} {body}", browser.post(path, json=body)
    yield "/api/v1/nowhere", browser.get("/api/v1/nowhere")


def sentences(body: Any) -> Iterator[str]:
    """Give what an error says to a person: all of its texts but its code."""
    if isinstance(body, dict):
        for name, value in body.items():
            if name not in ("code", "correlation_id", "field", "parameter", "type", "instance", "status"):
                yield from sentences(value)
    elif isinstance(body, list):
        for value in body:
            yield from sentences(value)
    elif isinstance(body, str):
        yield body


def test_every_error_as_json_speaks_from_the_catalogue(pseudo: FlaskClient) -> None:
    found, asked = {}, 0
    for path, answer in mistaken(pseudo.application, pseudo):
        if answer.status_code < 400 or not answer.is_json:
            continue
        asked += 1
        told = [("error", sentence) for sentence in sentences(answer.get_json())]
        assert told, path
        found.update(dict.fromkeys(unwrapped(told, NAMES | {"nonsense"}), path))
    assert asked > 60
    assert found == {}


@pytest.mark.usefixtures(
    "pseudo"
)  # it marks the data: what the demo calls "Opening hours" is no sentence of ours
def test_no_screen_in_german_holds_a_sentence_in_english(crawled: Flask, screens: list[Screen]) -> None:
    german = {entry.msgid: entry.msgstr for entry in catalogue("de")}
    english = {one for pair in messages() for one in pair if one and german.get(one) != one}
    plain = {text for text in english if "%(" not in text and " " in text}
    browser = signed_in(crawled, "de")
    found: dict[str, str] = {}
    for screen in screens:
        if screen.path.startswith(SITE) or OTHERS.search(screen.path):
            continue
        page = browser.get(screen.path).get_data(as_text=True)
        assert '<html lang="de"' in page
        for where, text in texts_of(page):
            if text in plain:
                found.setdefault(f"{where} {text}", screen.path)
    assert found == {}
