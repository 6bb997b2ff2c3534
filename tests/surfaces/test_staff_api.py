"""The staff API: the same rights, row rules and write path as the screens, as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.catalogue import load_catalogue
from app.domains.bookings.models import Booking
from app.domains.catalog.models import Package
from app.resources import On, Resource
from app.translation.models import Translation
from tests.factories import (
    BookingFactory,
    FestivalFactory,
    IncludedItemFactory,
    PackageFactory,
    ReviewFactory,
    translate,
)

SignIn = Callable[..., FlaskClient]
RESOURCES = {resource.name: resource for resource in load_catalogue()}
PACKAGE = {"name": "Garden party", "slug": "garden-party", "price": {"minor": 125_000, "currency": "EUR"}}


@pytest.mark.proves("S0.26")
def test_a_package_is_added_read_changed_and_deleted(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    body = PACKAGE | {
        "translations": {"de": {"name": "Gartenfest"}},
        "items": [{"text": "Cake", "translations": {"de": {"text": "Torte"}}}, {"text": "Music"}],
    }
    answer = editor.post("/api/v1/packages/", json=body)
    assert answer.status_code == 201, answer.get_json()
    made = answer.get_json()["data"]
    assert made["price"] == {"minor": 125_000, "currency": "EUR"}
    assert made["translations"] == {"de": {"name": "Gartenfest"}}
    assert [item["text"] for item in made["items"]] == ["Cake", "Music"]
    path = f"/api/v1/packages/{made['id']}"
    items = [made["items"][1], {"text": "Dance"}]
    items[0].pop("translations", None)
    changed = editor.put(path, json={"revision": made["revision"], "name": "Other", "items": items})
    assert changed.status_code == 200, changed.get_json()
    assert [item["text"] for item in changed.get_json()["data"]["items"]] == ["Music", "Dance"]
    assert editor.get(path).get_json() == changed.get_json()
    assert editor.delete(path).status_code == 204
    assert editor.get(path).status_code == 404
    assert session.query(Translation).count() == 0


def test_a_change_names_the_revision_it_was_made_from(sign_in: SignIn, session: Session) -> None:
    editor = sign_in("Editor")
    package = PackageFactory(name="Before")
    path = f"/api/v1/packages/{package.id}"
    assert editor.put(path, json={"name": "No revision"}).status_code == 422
    assert editor.put(path, json={"revision": 1, "name": "First"}).status_code == 200
    late = editor.put(path, json={"revision": 1, "name": "Late"})
    assert (late.status_code, late.get_json()["code"]) == (409, "stale_revision")
    session.refresh(package)
    assert package.name == "First"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (PACKAGE | {"rating_sum": 5}, "rating_sum"),
        (PACKAGE | {"id": "01a1fc98-3af5-761a-b252-b115269307b7"}, "id"),
        (PACKAGE | {"created_at": "2020-01-01"}, "created_at"),
        (PACKAGE | {"name": None}, "name"),
        (PACKAGE | {"price": "a lot"}, "price_minor"),
        (PACKAGE | {"price": -1}, "price_minor"),
        (PACKAGE | {"items": "x"}, "items"),
        (PACKAGE | {"items": [{"colour": "red"}]}, "items.0.colour"),
        (PACKAGE | {"items": [{}]}, "items.0.text"),
        (PACKAGE | {"items": [{"id": "01a1fc98-3af5-761a-b252-b115269307b7"}]}, "items.0."),
        (PACKAGE | {"translations": {"de": {"position": "x"}}}, "translations.de.position"),
        (PACKAGE | {"translations": ["de"]}, "translations"),
        (
            PACKAGE | {"pictures": [{"asset_id": "01a1fc98-3af5-761a-b252-b115269307b7"}]},
            "pictures.0.asset_id",
        ),
        ({"name": "Only"}, "slug"),
        ([1], ""),
    ],
)
def test_what_may_not_be_written_is_refused_at_its_field(
    sign_in: SignIn, session: Session, body: Any, field: str
) -> None:
    answer = sign_in("Editor").post("/api/v1/packages/", json=body)
    assert answer.status_code == 422, answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert field in answer.get_json()["errors"]
    assert session.query(Package).count() == 0


def test_no_column_is_written_that_the_declaration_does_not_offer(sign_in: SignIn) -> None:
    admin = sign_in("Admin")
    for resource in RESOURCES.values():
        offered = {field.name for field in resource.fields_on(On.FORM) if field.on & On.API}
        for column in resource.model.__table__.c:
            if column.name not in offered:
                answer = admin.post(f"/api/v1/{resource.path}/", json={column.name: "1"})
                assert answer.status_code == 422, (resource.name, column.name)
                assert column.name in answer.get_json()["errors"], (resource.name, column.name)


@pytest.mark.proves("S0.29", "S0.30")
def test_a_status_changes_by_an_action_alone(sign_in: SignIn, session: Session) -> None:
    operator = sign_in("Booking operator")
    booking = BookingFactory()
    path = f"/api/v1/bookings/{booking.id}"
    assert operator.put(path, json={"revision": 1, "status": "confirmed"}).status_code == 422
    done = operator.post(f"{path}/do/confirm")
    assert done.get_json()["data"]["status"] == "confirmed"
    again = operator.post(f"{path}/do/confirm")
    assert (again.status_code, again.get_json()["code"]) == (409, "transition_refused")
    cancelled = operator.post(f"{path}/do/cancel", json={"reason": "Rain"})
    assert cancelled.status_code == 200
    session.expire_all()
    assert session.get(Booking, booking.id).steps[-1].reason == "Rain"


@pytest.mark.proves("S0.17", "S3.25", "S3.27")
@pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))
def test_each_role_may_do_what_its_table_says_and_no_more(
    app: Flask, sign_in: SignIn, resource: Resource
) -> None:
    from app.access import roles

    granted = roles.grants(RESOURCES.values())
    calls = {
        "list": ("GET", "/"),
        "add": ("POST", "/"),
        "show": ("GET", "/x"),
        "edit": ("PUT", "/x"),
        "delete": ("DELETE", "/x"),
    }
    for role in roles.ROLES:
        browser = sign_in(role)
        for verb, (method, tail) in calls.items():
            answer = browser.open(f"/api/v1/{resource.path}{tail}", method=method, json={})
            may = (f"can_{verb}", resource.name) in granted[role]
            assert (answer.status_code != 403) is may, (role, verb, answer.status_code)
            assert answer.status_code < 500
        for action in resource.actions:
            answer = browser.post(f"/api/v1/{resource.path}/x/do/{action.name}")
            may = (f"can_{action.name}", resource.name) in granted[role]
            assert (answer.status_code != 403) is may, (role, action.name)


@pytest.mark.proves("S0.16")
def test_a_stranger_gets_401(client: FlaskClient) -> None:
    for resource in RESOURCES.values():
        for method, tail in (("GET", "/"), ("POST", "/"), ("GET", "/x"), ("PUT", "/x"), ("DELETE", "/x")):
            answer = client.open(f"/api/v1/{resource.path}{tail}", method=method, json={})
            assert answer.status_code == 401, (resource.path, method)
            assert answer.mimetype == "application/problem+json"


def test_the_list_has_the_envelope_and_grammar_of_the_public_one(sign_in: SignIn) -> None:
    operator = sign_in("Booking operator")
    for number in range(5):
        BookingFactory(status="confirmed" if number % 2 else "pending")
    path = "/api/v1/bookings/?filter[status]=pending&sort=client_name&page[size]=2"
    body = operator.get(path).get_json()
    assert body["page"]["total"] == 3
    assert [record["status"] for record in body["data"]] == ["pending", "pending"]
    rest = operator.get(f"{path}&page[after]={body['page']['next']}").get_json()
    assert (len(rest["data"]), rest["page"]["next"]) == (1, None)
    wrong = operator.get("/api/v1/bookings/?colour=red")
    assert (wrong.status_code, wrong.get_json()["parameter"]) == (400, "colour")


def test_broken_json_and_another_content_type_are_refused(sign_in: SignIn) -> None:
    editor = sign_in("Editor")
    broken = editor.post("/api/v1/packages/", data="{", content_type="application/json")
    assert broken.status_code == 400
    assert editor.post("/api/v1/packages/", data="name=x").status_code == 415
    for answer in (broken,):
        assert answer.mimetype == "application/problem+json"


def test_a_detail_costs_a_bounded_number_of_statements(sign_in: SignIn, count_statements: Any) -> None:
    editor = sign_in("Editor")
    package = PackageFactory()
    for _number in range(30):
        translate(IncludedItemFactory(package_id=package.id), "de", text="Ding")
    with count_statements() as statements:
        assert editor.get(f"/api/v1/packages/{package.id}").status_code == 200
    assert len(statements) <= 8, statements


@pytest.mark.proves("S4.31", "S4.32", "S4.33")
def test_a_festival_is_added_changed_and_deleted(sign_in: SignIn) -> None:
    editor = sign_in("Editor")
    body = {"name": "Holi", "slug": "holi", "category": "religious", "country": "IN"}
    days = {"starts_on": "2027-03-22", "ends_on": "2027-03-23"}
    made = editor.post("/api/v1/festivals/", json=body | days).get_json()["data"]
    path = f"/api/v1/festivals/{made['id']}"
    wrong = editor.put(path, json={"revision": 1, "ends_on": "2027-03-01"})
    assert list(wrong.get_json()["errors"]) == ["ends_on"]
    assert editor.put(path, json={"revision": 1, "category": "party"}).status_code == 422
    assert editor.put(path, json={"revision": 1, "name": "Holi!"}).status_code == 200
    assert editor.delete(path).status_code == 204


def test_a_review_counts_its_stars_whatever_door_changes_it(sign_in: SignIn, session: Session) -> None:
    admin = sign_in("Admin")
    package, other = PackageFactory(), PackageFactory()
    review = ReviewFactory(package_id=package.id, rating=4)
    path = f"/api/v1/reviews/{review.id}"
    admin.post(f"{path}/do/approve")
    session.expire_all()
    assert (package.rating_sum, package.rating_count) == (4, 1)
    revision = admin.get(path).get_json()["data"]["revision"]
    admin.put(path, json={"revision": revision, "rating": 2, "package": str(other.id)})
    session.expire_all()
    assert (package.rating_count, other.rating_sum, other.rating_count) == (0, 2, 1)
    admin.delete(path)
    session.expire_all()
    assert other.rating_count == 0


def test_festivals_are_found_by_country(sign_in: SignIn) -> None:
    FestivalFactory(country="IN")
    FestivalFactory(country="DE")
    body = sign_in("Viewer").get("/api/v1/festivals/?filter[country][in]=DE,FR").get_json()
    assert [record["country"] for record in body["data"]] == ["DE"]


@pytest.mark.proves("S0.27", "S0.28")
@pytest.mark.parametrize(
    ("path", "body", "change"),
    [
        ("themes", {"name": "Lanterns", "slug": "lanterns"}, {"name": "Lantern night"}),
        ("reviews", {"author_name": "Ann", "message": "Lovely", "rating": 5}, {"rating": 4}),
    ],
)
def test_themes_and_reviews_are_managed_by_the_api_and_seen_on_the_screens(
    sign_in: SignIn, path: str, body: dict[str, Any], change: dict[str, Any]
) -> None:
    admin = sign_in("Admin")
    made = admin.post(f"/api/v1/{path}/", json=body).get_json()["data"]
    address = f"/api/v1/{path}/{made['id']}"
    changed = admin.put(address, json=change | {"revision": made["revision"]}).get_json()["data"]
    assert changed.items() >= change.items()
    assert admin.get(f"/api/v1/{path}/").get_json()["data"][0]["id"] == made["id"]
    assert str(next(iter(change.values()))) in admin.get(f"/{path}/{made['id']}").get_data(as_text=True)
    assert admin.delete(address).status_code == 204
    assert admin.get(f"/{path}/{made['id']}").status_code == 404
