"""Translations say whose texts they are in the reader's words, and lead to the form of the record."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domains.catalog.models import Package
from tests.factories import IncludedItemFactory, PackageFactory, translate

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def package(session: Session) -> Package:
    package: Package = PackageFactory(name="Lantern supper")
    translate(package, "de", name="Laternenmahl")
    translate(IncludedItemFactory(package=package, text="Soup"), "de", text="Suppe")
    return package


def key_of(session: Session, text: str) -> str:
    from sqlalchemy import select

    from app.translation.models import Translation

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
    assert "<bdi>Item</bdi>" in only
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


def test_the_export_names_them_in_the_language_of_the_reader(
    sign_in: SignIn, session: Session, package: Package
) -> None:
    client = sign_in("Admin")
    client.set_cookie("locale", "de")
    address = "/translations/export?format=csv&columns=content_type,field,text&sort=text"
    lines = list(csv.reader(io.StringIO(client.get(address).data.decode("utf-8-sig"))))
    assert len(lines) == 3
    assert {"included_item", "package", "field"}.isdisjoint(cell for line in lines for cell in line)
    spoken = client.get("/translations/").get_data(as_text=True)
    assert all(f">{line[0]}</a>" in spoken for line in lines[1:])
