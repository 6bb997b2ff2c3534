"""Translations say whose texts they are in the reader's words, and lead to the form of the record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import rows
from app.domains.catalog.models import Package
from app.surfaces.transfer.columns import shown_columns
from app.surfaces.transfer.values import shown_value
from app.translation.models import Translation
from app.translation.resources import translations
from tests.factories import IncludedItemFactory, PackageFactory, translate

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def package(session: Session) -> Package:
    package: Package = PackageFactory(name="Lantern supper")
    item = IncludedItemFactory.build(text="Soup")
    package.items.append(item)
    session.flush()
    translate(package, "de", name="Laternenmahl")
    translate(item, "de", text="Suppe")
    return package


def key_of(session: Session, text: str) -> str:
    return str(session.scalars(select(Translation.id).where(Translation.text == text)).one())


def test_the_list_its_filters_and_the_page_of_a_text_name_types_and_fields(
    sign_in: SignIn, session: Session, package: Package
) -> None:
    client = sign_in("Translator")
    page = client.get("/translations/").get_data(as_text=True)
    assert "included_item" not in page
    assert ">Included items</a>" in page
    assert "<bdi>Item</bdi>" in page
    chip = client.get("/translations/?filter[content_type][in]=included_item").get_data(as_text=True)
    assert "Included items" in chip
    assert "Laternenmahl" not in chip
    editor = client.get("/translations/filter?field=content_type").get_data(as_text=True)
    assert 'value="included_item"' in editor
    assert "<span>Included items</span>" in editor
    fields = client.get("/translations/filter?field=field").get_data(as_text=True)
    assert "<span>Item / Text</span>" in fields
    only = client.get("/translations/?columns=field&filter[content_type]=included_item").get_data(
        as_text=True
    )
    assert ">Item</a>" in only
    shown = client.get(f"/translations/{key_of(session, 'Suppe')}").get_data(as_text=True)
    assert "Included items" in shown
    assert f'href="/packages/{package.id}/edit"' in shown
    assert "Lantern supper" in shown


@pytest.mark.parametrize("text", ["Suppe", "Laternenmahl"])
def test_a_row_leads_to_the_form_of_its_record(
    sign_in: SignIn, session: Session, package: Package, text: str
) -> None:
    client = sign_in("Translator")
    key = key_of(session, text)
    assert f'href="/translations/{key}/record"' in client.get("/translations/").get_data(as_text=True)
    answer = client.get(f"/translations/{key}/record")
    assert answer.headers["Location"] == f"/packages/{package.id}/edit"
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_file_with_them_is_written_in_the_words_of_the_list(
    app: Flask, session: Session, package: Package
) -> None:
    table = Translation.__table__
    with app.test_request_context("/translations/", headers={"Accept-Language": "de"}):
        written = [
            shown_value(app.extensions["catalogue"], translations, column, table)[0]
            for column in shown_columns(translations, ("content_type", "field"))
        ]
        rows = session.execute(select(*written).order_by(table.c.text)).all()
        assert [str(name) for row in rows for name in row] == [
            "Pakete",
            "Name",
            "Enthaltene Leistungen",
            "Leistung",
        ]


@pytest.mark.parametrize("way", ["table", "grid"])
def test_each_text_of_the_list_stands_beside_the_name_of_its_record(
    sign_in: SignIn, session: Session, package: Package, way: str
) -> None:
    page = sign_in("Translator").get(f"/translations/?as={way}").get_data(as_text=True)
    assert page.count("Lantern supper") == 2, "of the record's own text and of that of its row"
    assert str(package.id) not in page
    if way == "table":
        assert f'<a href="/translations/{key_of(session, "Suppe")}/record">Lantern supper</a>' in page


def test_the_name_of_a_record_that_a_reader_may_see_but_not_list_is_left_out(
    sign_in: SignIn, package: Package
) -> None:
    rows.limit("package", "Viewer", lambda model, _user: model.name != "Lantern supper", "list")
    try:
        page = sign_in("Viewer").get("/translations/").get_data(as_text=True)
    finally:
        rows.lift("package", "Viewer")
    assert "Laternenmahl" in page
    assert "Lantern supper" not in page
    assert str(package.id) not in page


def test_texts_are_not_sorted_by_the_key_of_their_record(sign_in: SignIn) -> None:
    client = sign_in("Translator")
    assert client.get("/api/v1/translations/?sort=object_id").status_code == 400
    assert client.get("/translations/?sort=object_id").status_code == 400
    assert "sort=object_id" not in client.get("/translations/").get_data(as_text=True)
