"""A translation is held to the rules of its source text, wherever it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import Invalid
from app.resources import Kind
from app.translation.models import Translation
from app.translation.sources import SOURCES
from app.translation.writing import save_texts
from tests.factories import IncludedItemFactory, PackageFactory, translate
from tests.surfaces.test_transfer import counts, try_out, write_csv

SignIn = Callable[..., FlaskClient]
LONG, CONTROL = "x" * 9_999, "a\x01b"
TOO_LONG, NO_CONTROL = "Use at most 200 characters.", "Remove the control characters from the text."
WRONG = [(LONG, TOO_LONG), (CONTROL, NO_CONTROL), ("a\x00b", NO_CONTROL)]


@pytest.fixture
def editor(sign_in: SignIn) -> FlaskClient:
    return sign_in("Editor")


def form_of(package: Any, **changes: str) -> dict[str, Any]:
    facts = {
        "name": package.name,
        "slug": package.slug,
        "price_minor": "10",
        "currency": "EUR",
        "position": "0",
    }
    return facts | {"revision": package.revision} | changes


def stored(session: Session) -> list[str]:
    return list(session.scalars(select(Translation.text)))


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_a_form_says_at_the_input_of_the_language_what_is_wrong(
    text: str, sentence: str, editor: FlaskClient, session: Session
) -> None:
    package = PackageFactory()
    item = IncludedItemFactory(package_id=package.id)
    form = form_of(package, **{"t-de-name": text, "items-present": "1", "items-0-id": str(item.id)})
    form |= {"items-0-position": "0", "items-0-text": "Cake", "items-0-t-es-text": text}
    answer = editor.post(f"/packages/{package.id}/edit", data=form)
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="i-name-de-error"' in said and sentence in said
    row_input = re.search(r'<input[^>]*name="items-0-t-es-text"[^>]*>', said)
    assert row_input is not None and 'aria-invalid="true"' in row_input[0]
    assert stored(session) == []


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_a_program_hears_the_same(text: str, sentence: str, editor: FlaskClient, session: Session) -> None:
    package = PackageFactory()
    body = {"revision": 1, "translations": {"de": {"name": text}, "es": {"name": "Fiesta"}}}
    body["items"] = [{"text": "Cake", "translations": {"de": {"text": text}}}]
    answer = editor.patch(f"/api/v1/packages/{package.id}", json=body)
    assert answer.status_code == 422
    assert answer.json["errors"]["t-de-name"] == [sentence]
    assert set(answer.json["errors"]) == {"t-de-name", "items.0.t-de-text"}
    assert stored(session) == []


def test_an_import_names_the_row_and_the_column(editor: FlaskClient) -> None:
    headings = ["name", "slug", "price", "currency", "name[de]"]
    page = try_out(editor, "packages", write_csv(headings, ["Garden", "garden", "1", "EUR", LONG]))
    assert counts(page) == (0, 0, 0, 1)
    assert TOO_LONG in page and "name[de]" in page


@pytest.mark.parametrize(("text", "sentence"), WRONG[:2])
def test_the_screen_of_translations_knows_the_rules_of_each(
    text: str, sentence: str, editor: FlaskClient, session: Session
) -> None:
    package = PackageFactory()
    translate(package, "de", name="Gartenfest")
    row = session.scalars(select(Translation)).one()
    answer = editor.post(f"/translations/{row.id}/edit", data={"text": text, "revision": row.revision})
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    refused = editor.put(f"/api/v1/translations/{row.id}", json={"text": text, "revision": row.revision})
    assert refused.status_code == 422 and refused.json["errors"]["text"] == [sentence]
    assert stored(session) == ["Gartenfest"]


def test_a_translation_may_be_as_long_as_its_source(editor: FlaskClient, session: Session) -> None:
    package = PackageFactory()
    form = form_of(package, **{"t-de-name": "x" * 200, "t-es-name": " Fiesta  de\u200b jardín "})
    assert editor.post(f"/packages/{package.id}/edit", data=form).status_code == 302
    assert sorted(stored(session)) == ["Fiesta de jardín", "x" * 200]


def test_each_translated_field_judges_by_its_own_length(app: Flask, session: Session) -> None:
    package = PackageFactory()
    for (content_type, name), field in SOURCES.items():
        assert field.kind in {Kind.TEXT, Kind.LONG_TEXT, Kind.RICH_TEXT, Kind.SLUG}
        for text in (CONTROL, "x" * ((field.max_length or 20_000) + 1)):
            with pytest.raises(Invalid) as refused:
                save_texts(session, content_type, package, {("de", name): text})
            assert list(refused.value.errors) == [f"t-de-{name}"]
