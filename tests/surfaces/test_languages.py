"""A list by language: where each record stands, what there is to do in the whole list, and the way there."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.catalogue import load_catalogue
from app.kernel import languages
from app.surfaces.screens.ways.languages import standings
from tests.factories import IncludedItemFactory, PackageFactory, translate

RESOURCES = {resource.name: resource for resource in load_catalogue()}

SignIn = Callable[..., FlaskClient]


def shown(browser: FlaskClient, address: str = "/packages/?as=languages") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def cells(page: str, title: str) -> list[str]:
    """Give what stands in the columns of the languages, in the row of a title."""
    row = next(part for part in page.split("<tr data-id=")[1:] if f">{title}<" in part)
    found = re.findall(r'<td class="is-standing[^>]*>(.*?)(?=<td)', row, re.DOTALL)
    return [re.sub(r"<[^>]*>|\s+", " ", one).strip() for one in found]


@pytest.fixture
def packages(session: Session) -> Any:
    whole = PackageFactory(name="Garden party", description="Under trees")
    IncludedItemFactory(package_id=whole.id, text="Cake")
    for locale in ("de", "es"):
        translate(whole, locale, name="x", description="y")
    for item in whole.items:
        translate(item, "de", text="Kuchen")
    translate(PackageFactory(name="Lantern supper", description=""), "es", name="Cena")
    session.commit()
    return whole


def test_each_cell_says_what_there_is_to_do(sign_in: SignIn, session: Session, packages: Any) -> None:
    translator = sign_in("Translator")
    page = shown(translator)
    assert 'data-way="languages"' in page
    assert cells(page, "Garden party") == ["3 texts, all right", "1 missing", "3 missing", "3 missing"]
    assert cells(page, "Lantern supper") == ["1 missing", "1 text, right", "1 missing", "1 missing"]
    session.execute(text("UPDATE package SET name = 'Garden feast' WHERE id = :id"), {"id": packages.id})
    session.execute(
        text("UPDATE translation SET state = 'draft' WHERE field = 'description' AND locale = 'es'")
    )
    session.commit()
    page = shown(translator)
    assert cells(page, "Garden feast")[:2] == ["1 out of date", "1 out of date"]
    assert 'title="1 missing, 1 in work, 0 of 3 right"' in page
    assert f'href="/packages/{packages.id}/edit?language=es"' in page


def test_the_headings_count_the_whole_list_and_lead_to_what_they_counted(
    sign_in: SignIn, session: Session, packages: Any
) -> None:
    for number in range(30):
        PackageFactory(name=f"More {number:02}", description="")
    session.execute(text("UPDATE package SET name = 'Garden feast' WHERE id = :id"), {"id": packages.id})
    session.commit()
    translator = sign_in("Translator")
    heads = re.findall(r'<a class="f-note-link" href="([^"]+)"[^>]*>(\d+) ([^<]+)<', shown(translator))
    assert [(number, words) for _url, number, words in heads] == [
        ("31", "incomplete"), ("1", "out of date"), ("31", "incomplete"), ("1", "out of date"),
        ("32", "incomplete"), ("32", "incomplete"),
    ]  # fmt: skip
    for url, number, _words in heads:
        there = shown(translator, unescape(url))
        assert 'data-way="languages"' in there
        total = re.search(r"of (\d+)", there.partition('class="f-total"')[2]) or re.search(
            r"\u2013\d+ of (\d+)", there
        )
        assert total is not None
        assert total[1] == number
    narrowed = shown(translator, "/packages/?as=languages&q=More")
    assert re.findall(r'f-note-link"[^>]*>([^<]+)<', narrowed) == ["30 incomplete"] * 4


def test_whoever_only_looks_is_led_to_the_record(sign_in: SignIn, packages: Any) -> None:
    page = shown(sign_in("Viewer"))
    assert f'href="/packages/{packages.id}"' in page
    assert "/edit?language" not in page


def test_what_has_no_translations_has_no_languages(sign_in: SignIn) -> None:
    admin = sign_in("Admin")
    assert "as=languages" not in shown(admin, "/bookings/")
    assert 'data-way="languages"' not in shown(admin, "/bookings/?as=languages")
    assert "as=languages" not in shown(admin, "/reviews/?as=table"), (
        "a review is in its visitor's own language"
    )


def test_a_hundred_records_cost_the_statements_of_one(
    sign_in: SignIn, session: Session, count_statements: Any
) -> None:
    translator = sign_in("Translator")

    def cost() -> int:
        shown(translator, "/packages/?as=languages&page[size]=100")
        with count_statements() as statements:
            shown(translator, "/packages/?as=languages&page[size]=100")
        return len(statements)

    PackageFactory()
    session.commit()
    one = cost()
    for _number in range(99):
        translate(PackageFactory(), "de", name="x")
    session.commit()
    assert cost() <= one <= 12


def test_how_a_thousand_texts_stand_in_every_language_is_one_statement(
    session: Session, count_statements: Any
) -> None:
    keys = [str(PackageFactory().id) for _number in range(250)]
    session.commit()
    locales = languages.content_locales()
    with count_statements() as statements:
        found = standings(RESOURCES["package"], keys)
    assert len(statements) == 1
    assert len(found) == len(keys) * len(locales)
