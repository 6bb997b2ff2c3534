"""Whose translations somebody reads and writes: those of what they may see, or translate, itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import rows
from app.translation.models import Translation
from app.translation.writing import save_texts
from tests.factories import (
    AssetFactory,
    CannedAnswerFactory,
    IncludedItemFactory,
    PackageFactory,
    ReviewFactory,
    ThemeFactory,
)

SignIn = Callable[..., FlaskClient]


def told(session: Session, record: Any, field: str, text: str) -> Translation:
    """Translate a text of a record or of a row into German."""
    save_texts(session, record.__tablename__, record, {("de", field): text})
    session.flush()
    row: Translation = session.scalars(select(Translation).where(Translation.text == text)).one()
    return row


def seen(client: FlaskClient) -> set[str]:
    """Give the texts that the staff API lists; the screen must show the same."""
    answer = client.get("/api/v1/translations/")
    assert answer.status_code == 200
    texts = {row["text"] for row in answer.get_json()["data"]}
    page = client.get("/translations/").get_data(as_text=True)
    everything = ("Antwort", "Paket", "Zeile", "Motiv", "Lob", "Lampen", "Gesicht")
    assert {text for text in everything if f">{text}<" in page} == texts
    return texts


def change(client: FlaskClient, row: Translation) -> tuple[int, int]:
    """Try to write a translation on its own screen and by the API: the two answers."""
    form = {"text": "Taken", "revision": str(row.revision)}
    on_screen = client.post(f"/translations/{row.id}/edit", data=form).status_code
    body = {"text": "Taken", "revision": row.revision}
    return on_screen, client.put(f"/api/v1/translations/{row.id}", json=body).status_code


@pytest.fixture
def texts(session: Session) -> dict[str, Translation]:
    """Give a text of everything there is: of records, of a row, of a visitor, of a picture and of a member's photo."""
    package = PackageFactory()
    photo = AssetFactory(path=f"users/{uuid4()}/avatars/{uuid4()}.webp")
    found = {
        "answer": told(session, CannedAnswerFactory(), "text", "Antwort"),
        "package": told(session, package, "name", "Paket"),
        "item": told(session, IncludedItemFactory(package_id=package.id), "text", "Zeile"),
        "theme": told(session, ThemeFactory(), "name", "Motiv"),
        "review": told(session, ReviewFactory(), "message", "Lob"),
        "picture": told(session, AssetFactory(), "alt", "Lampen"),
        "photo": told(session, photo, "alt", "Gesicht"),
    }
    session.commit()
    return found


def test_a_reader_sees_the_texts_of_what_they_may_see_alone(
    sign_in: SignIn, texts: dict[str, Translation]
) -> None:
    viewer = sign_in("Viewer")
    assert viewer.get("/canned-answers/").status_code == 403
    assert seen(viewer) == {"Paket", "Zeile", "Motiv", "Lob", "Lampen"}
    for hidden in (texts["answer"], texts["photo"]):
        assert viewer.get(f"/translations/{hidden.id}").status_code == 404
        assert viewer.get(f"/api/v1/translations/{hidden.id}").status_code == 404
    assert seen(sign_in("Editor")) == {"Antwort", "Paket", "Zeile", "Motiv", "Lob", "Lampen"}
    assert len(seen(sign_in("Admin"))) == len(texts), "whom no rule limits sees all"


def test_only_who_may_translate_a_record_writes_its_texts_elsewhere(
    sign_in: SignIn, session: Session, texts: dict[str, Translation]
) -> None:
    editor = sign_in("Editor")
    assert editor.get(f"/translations/{texts['review'].id}").status_code == 200
    for kept in (texts["review"], texts["photo"]):
        before = kept.text
        assert change(editor, kept) == (404, 404)
        session.refresh(kept)
        assert kept.text == before
    for own in (texts["package"], texts["item"], texts["answer"], texts["picture"]):
        assert change(editor, own) == (302, 200)
    translator = sign_in("Translator")
    assert change(translator, texts["review"]) == (403, 403), "it is approved: from them a suggestion alone"
    texts["review"].state = "needs_review"
    session.commit()
    assert change(translator, texts["review"]) == (302, 200)


def test_filters_counts_and_pages_keep_to_what_is_seen(
    sign_in: SignIn, texts: dict[str, Translation], count_statements: Any
) -> None:
    viewer, admin = sign_in("Viewer"), sign_in("Admin")
    place = "/api/v1/translations/?filter[content_type]"
    assert viewer.get(f"{place}=canned_answer").get_json()["data"] == []
    assert [row["text"] for row in viewer.get(f"{place}=included_item").get_json()["data"]] == ["Zeile"]
    met: list[str] = []
    asked = {"page[size]": "2"}
    while asked.get("page[after]") != "":
        answer = viewer.get("/api/v1/translations/", query_string=asked).get_json()
        met += [row["text"] for row in answer["data"]]
        assert answer["page"]["total"] == 5
        asked["page[after]"] = answer["page"]["next"] or ""
    assert sorted(met) == ["Lampen", "Lob", "Motiv", "Paket", "Zeile"]
    spent = []
    for client in (viewer, admin):
        client.get("/translations/")
        with count_statements() as statements:
            assert client.get("/translations/").status_code == 200
        spent.append(len(statements))
    assert spent[0] == spent[1], "a rule is a part of the list's statement"


@pytest.fixture
def limited() -> Iterator[None]:
    rows.limit("package", "Viewer", lambda model, _user: model.slug != "hidden")
    yield
    rows.lift("package", "Viewer")


def test_a_row_rule_on_records_is_one_on_their_texts_and_on_those_of_their_rows(
    sign_in: SignIn, session: Session, limited: None
) -> None:
    for slug, name, text in (("hidden", "Paket", "Zeile"), ("seen", "Motiv", "Lob")):
        package = PackageFactory(slug=slug)
        told(session, package, "name", name)
        told(session, IncludedItemFactory(package_id=package.id), "text", text)
    session.commit()
    assert seen(sign_in("Viewer")) == {"Motiv", "Lob"}


def test_a_role_of_a_customers_own_making_is_held_to_it_too(
    app: Flask, sign_in: SignIn, session: Session, texts: dict[str, Translation]
) -> None:
    manager = app.appbuilder.sm
    pairs = [("can_list", "translation"), ("can_show", "translation"), ("can_edit", "translation")]
    role = manager.add_role("Proofreader")
    for verb, name in [*pairs, ("can_show", "theme")]:
        manager.add_permission_role(role, manager.find_permission_view_menu(verb, name))
    proofreader = sign_in("Proofreader")
    assert seen(proofreader) == {"Motiv"}
    assert change(proofreader, texts["theme"]) == (404, 404)
    assert session.scalar(select(func.count()).where(Translation.text == "Taken")) == 0
