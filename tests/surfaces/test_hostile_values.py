"""Whatever is sent for a field of any content type is read or refused at that field, and never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from app.domains.catalog.models import Package
from app.resources import Field, Kind, On, Resource
from app.resources.kinds import Unreadable, parse
from app.surfaces.desk.kept_forms import KeptForm
from app.surfaces.records import writing
from tests.factories import FestivalFactory, PackageFactory

SignIn = Callable[..., FlaskClient]
KEY = str(uuid4())
DIGITS = "9" * 5_000
TYPED = {
    "null": "a\x00b",
    "control": "a\x01b",
    "long": "x" * 100_000,
    "slug": "a-" * 30_000 + "a",
    "year 0": "0000-01-01",
    "year 10000": "10000-01-01T00:00",
    "first instant": "0001-01-01T00:00+14:00",
    "last instant": "9999-12-31T23:59-12:00",
    "last day": "9999-12-31",
    "infinity": "infinity",
    "NaN": "NaN",
    "beyond an int": "2147483648",
    "beyond a bigint": "-9223372036854775809",
    "decimals": "0." + "1" * 300,
    "exponent": "1e400",
    "digits": DIGITS,
    "words": "\x00,a\x00,b",
    "address": f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 58}",
    "json": '{"a": [NaN]}',
    "json infinite": '{"a": 1e400}',
    "json null": '{"\\u0000": "\\ud800"}',
    "json deep": "[" * 3_000 + "]" * 3_000,
    "zone": "Europe/Berlin\x00",
    "interval": "1000000000 years",
    "key": KEY,
    "number": "2147483647",
    "least": "-2147483648",
}
SENT: dict[str, Any] = TYPED | {
    "list": ["a\x00", "b"],
    "object": {"a\x00": "b"},
    "whole": 10**30,
    "float": 1e308,
    "truth": True,
    "money": {"minor": 10**30, "currency": "EUR"},
    "money of nowhere": {"minor": 1, "currency": "\x00"},
    "keys": [KEY, 2**40, "\x00"],
    "keyed": {"id": "\x00"},
}
WORDS = {Kind.TEXT, Kind.LONG_TEXT, Kind.RICH_TEXT, Kind.SLUG, Kind.EMAIL, Kind.PHONE, Kind.TAGS}


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    return sign_in("Admin")


def resources(app: Flask) -> Iterator[Resource]:
    return (found for found in app.extensions["catalogue"] if found.fields_on(On.FORM))


def readable(field: Field, value: Any) -> bool:
    try:
        parse(field, value)
    except Unreadable:
        return False
    return True


@pytest.mark.parametrize("name", TYPED)
def test_a_form_comes_back_with_each_field_that_is_wrong(name: str, app: Flask, admin: FlaskClient) -> None:
    value = TYPED[name]
    for resource in resources(app):
        if admin.get(f"/{resource.path}/add").status_code != 200:
            continue
        fields = resource.fields_on(On.FORM)
        answer = admin.post(f"/{resource.path}/add", data={field.name: value for field in fields})
        said = answer.get_data(as_text=True)
        assert answer.status_code in {302, 409, 422}, (resource.name, answer.status_code, said[:500])
        assert "A value is not of the kind" not in said, resource.name
        if answer.status_code == 302:
            assert admin.get(answer.headers["Location"]).status_code == 200
            assert admin.get(f"/{resource.path}/").status_code == 200


@pytest.mark.parametrize("name", SENT)
def test_a_program_hears_each_field_that_is_wrong(name: str, app: Flask, admin: FlaskClient) -> None:
    value = SENT[name]
    for resource in resources(app):
        fields = [field for field in resource.fields_on(On.FORM) if field.on & On.API]
        body = {field.name: value for field in fields}
        answer = admin.post(f"/api/v1/{resource.path}/", json=body)
        if answer.status_code == 405 or resource.name == "asset":  # a picture comes as a file
            continue
        assert answer.status_code in {201, 409, 422}, (resource.name, answer.status_code, answer.json)
        wrong = {field.name for field in fields if not readable(field, value)}
        told = set(answer.json.get("errors", {}))
        assert wrong <= told, (resource.name, wrong - told)


@pytest.mark.parametrize("value", ["a\ud800b", ["\ud800"], {"a\x00": "\udfff"}, float("nan"), float("inf")])
def test_a_program_hears_that_its_body_is_no_json(value: Any, admin: FlaskClient) -> None:
    answer = admin.post("/api/v1/festivals/", json={"facts": value})
    assert answer.status_code in {400, 422}
    assert answer.json["code"] != "bad_value"


def test_text_that_no_database_takes_is_readable_for_no_kind(app: Flask) -> None:
    fields = [field for resource in resources(app) for field in resource.fields_on(On.FORM)]
    fields += [field for r in resources(app) for child in r.children for field in child.fields_on(On.FORM)]
    assert {field.kind for field in fields} >= WORDS - {Kind.TAGS}
    for field in fields:
        for text in ("a\x00b", "\ud800"):
            assert not readable(field, text), (field.name, field.kind)


@pytest.mark.parametrize(
    "facts", ['{"a":NaN}', "NaN", '{"a":1e400}', '{"a":"\\u0000"}', '"\\ud800"', '{"\\ud800": 1}']
)
def test_json_that_cannot_be_stored_is_refused_at_its_field_and_kept(
    facts: str, admin: FlaskClient, session: Session
) -> None:
    festival = FestivalFactory()
    key = uuid4()
    form = {"name": "Typed for an hour", "slug": "typed", "facts": facts, "kept": str(key)}
    answer = admin.post(f"/festivals/{festival.id}/edit", data=form | {"revision": festival.revision})
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Typed for an hour"' in said and 'id="i-facts-error"' in said
    assert ["facts", facts] in session.get(KeptForm, key).fields
    refused = admin.patch(
        f"/api/v1/festivals/{festival.id}", json={"facts": facts, "revision": festival.revision}
    )
    assert refused.status_code == 422 and set(refused.json["errors"]) == {"facts"}


def test_what_only_the_database_refuses_leaves_the_form_as_it_was_typed(
    admin: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(*_all: Any) -> None:
        raise DataError("INSERT", {}, ValueError("of no kind"))

    monkeypatch.setattr(writing, "_save_together", save)
    package = PackageFactory(name="Before")
    form = {
        "name": "Typed for an hour",
        "slug": "typed",
        "price_minor": "10",
        "currency": "EUR",
        "position": "0",
    }
    for address in (f"/packages/{package.id}/edit", "/packages/add"):
        key = uuid4()
        answer = admin.post(address, data=form | {"kept": str(key)})
        said = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "A value is not of the kind that belongs there." in said
        assert 'value="Typed for an hour"' in said and str(key) in said
        assert ["name", "Typed for an hour"] in session.get(KeptForm, key).fields
    assert session.get(Package, package.id).name == "Before"


def test_a_null_character_costs_nothing_else_of_what_was_typed(admin: FlaskClient, session: Session) -> None:
    key = uuid4()
    answer = admin.post(
        "/packages/keep", data={"kept": str(key), "name": "Typed \x00for an hour", "a\x00": "b"}
    )
    assert answer.status_code == 200
    assert session.get(KeptForm, key).fields == [["name", "Typed for an hour"], ["a", "b"]]
