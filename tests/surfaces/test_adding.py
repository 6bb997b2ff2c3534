"""A record begins the one way its declaration says, whichever door it comes through, and a row comes once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.db import unit_of_work
from app.kernel.errors import Invalid
from app.resources import On
from app.surfaces.records import writing
from app.surfaces.records.changes import Changes
from tests.factories import IncludedItemFactory, PackageFactory

SignIn = Callable[..., FlaskClient]
NEEDED = "This field is needed."
UNTYPED = ("conversation", "member", "asset", "ab_role", "translation")


@pytest.fixture
def admin(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Give a browser of whose role no table forbids to add anything."""
    from app.access import rights

    browser = sign_in("Admin")
    allow = rights.Rights.allow
    monkeypatch.setattr(
        rights.Rights,
        "allow",
        lambda self, verb, view: verb == "can_add" or allow(self, verb, view),
    )
    return browser


def number_of(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("name", UNTYPED)
def test_what_no_form_adds_is_added_through_no_other_door(
    name: str, app: Flask, admin: FlaskClient, session: Session
) -> None:
    resource = app.extensions["catalogue"][name]
    before = number_of(session, resource.model)
    if name != "asset":  # the one comes as a file, and the form leads there
        assert admin.get(f"/{resource.path}/add").status_code == 404
        assert admin.post(f"/api/v1/{resource.path}/", json={}).status_code == 405
    new = {"rows": [{"key": "1", "values": {}}]}
    refused = admin.post(f"/{resource.path}/grid", json=new)
    assert refused.status_code in (404, 422)
    if refused.status_code == 422:
        assert refused.json["faults"] == {"1": {"": ["Your role may not add records."]}}
    assert number_of(session, resource.model) == before


def test_what_a_form_adds_is_added_by_api_and_grid(admin: FlaskClient) -> None:
    values = {"name": "Party", "slug": "party", "price_minor": "10", "currency": "EUR"}
    assert admin.post("/api/v1/packages/", json=values).status_code == 201
    row = {"key": "1", "values": values | {"slug": "party-two"}}
    assert admin.post("/packages/grid", json={"rows": [row]}).status_code == 200


def test_a_value_that_the_database_misses_is_named_at_its_field(app: Flask, session: Session) -> None:
    catalogue = app.extensions["catalogue"]
    members = catalogue["member"]
    assert not members.fields_on(On.FORM)
    with pytest.raises(Invalid) as refusal, unit_of_work():
        writing.write(session, catalogue, members, None, Changes())
    ((field, sentences),) = refusal.value.errors.items()
    assert not members.model.__table__.c[field].nullable
    assert [str(sentence) for sentence in sentences] == [NEEDED]


@pytest.mark.parametrize("as_form", [True, False])
def test_a_row_that_is_sent_twice_is_refused_and_none_is_lost(
    as_form: bool, sign_in: SignIn, session: Session
) -> None:
    package = PackageFactory()
    first, second = (IncludedItemFactory(package_id=package.id, text=text) for text in ("Cake", "Music"))
    session.expire(package)
    editor = sign_in("Editor")
    said = "The record stands in row 1 already."
    if as_form:
        rows = {
            f"items-{n}-{name}": value
            for n in range(2)
            for name, value in {"id": str(first.id), "position": str(n), "text": f"Cake {n}"}.items()
        }
        sent = rows | {"items-present": "1", "name": package.name, "slug": package.slug}
        sent |= {
            "price_minor": "10",
            "currency": "EUR",
            "revision": str(package.revision),
            "kept": str(uuid4()),
        }
        answer = editor.post(f"/packages/{package.id}/edit", data=sent)
        assert answer.status_code == 422
        assert said in answer.get_data(as_text=True)
    else:
        twice = [{"id": str(first.id)}, {"id": str(first.id).upper(), "text": "Cake again"}]
        body = {"revision": package.revision, "items": twice}
        answer = editor.patch(f"/api/v1/packages/{package.id}", json=body)
        assert answer.status_code == 422
        assert answer.json["errors"] == {"items.1.": [said]}
    session.expire_all()
    assert {(item.id, item.text) for item in package.items} == {(first.id, "Cake"), (second.id, "Music")}
