"""A declared operation: what it takes is checked before the view runs, and what is going away says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel
from marshmallow import Schema, fields

from app.access.limits import StrictJSON
from app.resources import Catalogue, Kind
from app.surfaces.contract import Answer, PublicApi, Strict
from app.surfaces.contract.openapi import document
from app.surfaces.contract.schemas import asked_whole, choice, long_text, password, text, value, whole
from app.web import errors

KEY = "01990000-0000-7000-8000-000000000000"


class Wish(Strict):
    """A wish."""

    name = text(5, required=True)
    mail = value(Kind.EMAIL)
    on = value(Kind.DATE)
    guests = whole(1, 9, allow_none=True)
    kind = choice(["small", "large"], load_default="small")
    more = long_text(20)
    secret = password()
    alive = value(Kind.SWITCH)


class Part(Strict):
    """Which part."""

    size = asked_whole(1, 50, load_default=25)


class Given(Schema):
    """What is given."""

    body = fields.Dict(required=True)


@pytest.fixture(scope="module")
def small() -> Flask:
    """Make a program of three operations."""
    api = PublicApi("small", tag="Small")

    @api.operation("POST", "/wishes", "Wish", takes=Wish, gives={201: Given}, example={"name": "Kite"})
    def wish(body: dict[str, Any]) -> Any:
        return {"body": body}

    @api.operation("GET", "/wishes", "List", query=Part, gives={200: Given})
    def wishes(query: dict[str, Any]) -> Any:
        return Answer({"body": query | {"at": datetime(2027, 5, 24, 18, tzinfo=UTC), "key": UUID(KEY)}})

    @api.operation(
        "GET",
        "/old/<uuid:key>",
        "Old",
        gives={200: Given},
        deprecated=date(2027, 1, 1),
        sunset=date(2027, 7, 1),
    )
    def old(key: UUID) -> Any:
        return {"body": {"key": key, "on": date(2027, 5, 24)}}

    app = Flask("small")
    app.config.update(IS_PRODUCTION=True, TESTING=True)
    Babel(app)
    app.json = StrictJSON(app)
    errors.register(app)
    app.register_blueprint(api)
    return app


@pytest.fixture
def client(small: Flask) -> FlaskClient:
    return small.test_client()


def test_what_is_taken_reaches_the_view_as_values(client: FlaskClient) -> None:
    sent = {
        "name": " Kite ",
        "mail": "A@Example.com",
        "on": "2027-05-24",
        "guests": 3,
        "secret": " a b ",
        "alive": True,
    }
    answer = client.post("/public/v1/wishes", json=sent)
    assert answer.status_code == 201
    assert answer.get_json()["body"] == {
        "name": "Kite", "mail": "a@example.com", "on": "2027-05-24", "guests": 3, "kind": "small",
        "secret": " a b ", "alive": True,
    }  # fmt: skip
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", ""), ("name", "  "), ("name", None), ("name", "Kites!"), ("name", 5), ("name", ["a"]), ("name", "a\x00"),
        ("mail", "nobody"), ("mail", 5), ("on", "24.5.2027"), ("on", "2027-W21-1"), ("on", 20_270_524),
        ("on", "2027-02-30"), ("guests", 0), ("guests", 10), ("guests", "3"), ("guests", True), ("guests", 1.5),
        ("kind", "medium"), ("kind", 1), ("more", "x" * 21), ("secret", 5), ("alive", "yes"), ("alive", 1),
        ("price", 5), ("status", "confirmed"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_its_field_and_nothing_else_is(
    client: FlaskClient, field: str, wrong: Any
) -> None:
    answer = client.post("/public/v1/wishes", json={"name": "Kite"} | {field: wrong})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert list(answer.get_json()["errors"]) == [field]
    assert answer.get_json()["code"] == "invalid"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": '{"name": NaN}', "content_type": "application/json"}, 400),
        ({"data": "name=Kite", "content_type": "application/x-www-form-urlencoded"}, 415),
        ({"json": []}, 422),
        ({"json": "Kite"}, 422),
        ({"json": None}, 422),
    ],
)
def test_a_body_of_another_kind_is_refused_before_its_fields_are_looked_at(
    client: FlaskClient, given: dict[str, Any], status: int
) -> None:
    answer = client.post("/public/v1/wishes", **given)
    assert answer.status_code == status
    assert answer.get_json()["status"] == status


def test_a_body_that_is_no_json_is_told_where_and_one_of_another_type_what_to_send(
    client: FlaskClient,
) -> None:
    broken = client.post("/public/v1/wishes", data='{"name": "Kite",}', content_type="application/json")
    assert broken.get_json()["code"] == "bad_request"
    assert broken.get_json()["detail"].startswith("This is no valid JSON: ")
    assert "line 1 column 17" in broken.get_json()["detail"]
    untyped = client.post("/public/v1/wishes", data='{"name": "Kite"}')
    assert untyped.status_code == 415
    assert untyped.get_json()["detail"] == "Send JSON with the content type application/json."


def test_an_address_is_read_and_a_wrong_parameter_named(client: FlaskClient) -> None:
    found = client.get("/public/v1/wishes?size=3").get_json()["body"]
    assert found == {"size": 3, "at": "2027-05-24T18:00:00Z", "key": KEY}
    for address, name in (
        ("size=0", "size"),
        ("size=a", "size"),
        ("size=1&size=2", "size"),
        ("colour=red", "colour"),
    ):
        answer = client.get(f"/public/v1/wishes?{address}")
        assert (answer.status_code, answer.get_json()["parameter"]) == (400, name)


def test_what_is_going_away_says_since_when_and_until_when(client: FlaskClient, small: Flask) -> None:
    answer = client.get(f"/public/v1/old/{KEY}")
    assert answer.headers["Deprecation"] == f"@{int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())}"
    assert answer.headers["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert "Deprecation" not in client.get("/public/v1/wishes").headers
    with small.app_context():
        paths = document(small, Catalogue())["paths"]
    assert paths["/public/v1/old/{key}"]["get"]["deprecated"] is True
    assert "deprecated" not in paths["/public/v1/wishes"]["get"]


def test_a_method_that_is_not_declared_is_refused(client: FlaskClient) -> None:
    assert client.delete("/public/v1/wishes").status_code == 405
