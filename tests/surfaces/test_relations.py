"""Many to many: chosen in a form and by the staff API, filtered by, told to the public as far as it sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, acting_as
from app.kernel.ids import new_id
from app.surfaces.history.restoring import is_restorable, restore, undo_token
from app.surfaces.history.wording import latest_entries
from app.surfaces.screens.pages import Change
from tests.factories import HiddenPackageFactory, PackageFactory, translate

SignIn = Callable[..., FlaskClient]
ANNA = Actor("user", "7", "Anna Weber", "c-1")


@pytest.fixture
def app(market_app: Flask) -> Iterator[Flask]:
    """Have all fixtures speak of the program that knows stalls."""
    return market_app


@pytest.fixture
def add_stall(app: Flask, session: Session) -> Callable[..., Any]:
    def add(name: str, *packages: Any) -> Any:
        made = app.extensions["catalogue"]["stall"].model(name=name, packages=list(packages))
        session.add(made)
        session.commit()
        return made

    return add


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [found["name"] for found in answer.get_json()["data"]]


def test_a_form_chooses_many_and_takes_all_of_them_away(
    sign_in: SignIn, session: Session, add_stall: Any
) -> None:
    one, two = PackageFactory(name="Garden party"), PackageFactory(name="Beach party")
    stall, admin = add_stall("Lanterns", one), sign_in("Admin")
    form = admin.get(f"/stalls/{stall.id}/edit").get_data(as_text=True)
    assert f'value="{one.id}"' in form and "Garden party" in form
    sent = {"name": "Lanterns", "factor": "1", "packages": f"{two.id},{one.id},{two.id}", "revision": "1"}
    assert admin.post(f"/stalls/{stall.id}/edit", data=sent).status_code in (302, 303)
    assert {found.name for found in stall.packages} == {"Garden party", "Beach party"}
    assert stall.revision == 2
    sent |= {"packages": "", "revision": "2"}
    assert admin.post(f"/stalls/{stall.id}/edit", data=sent).status_code in (302, 303)
    assert stall.packages == []


def test_the_same_ones_in_another_order_are_no_change(sign_in: SignIn, add_stall: Any) -> None:
    one, two = PackageFactory(), PackageFactory()
    stall, admin = add_stall("Lanterns", one, two), sign_in("Admin")
    for packages in ([one, two], [two, one]):
        body = {"packages": [str(package.id) for package in packages], "revision": 1}
        answer = admin.put(f"/api/v1/stalls/{stall.id}", json=body)
        assert answer.get_json()["data"]["revision"] == 1


def test_two_who_change_them_at_once_keep_what_both_did(
    sign_in: SignIn, session: Session, add_stall: Any
) -> None:
    one, two = PackageFactory(), PackageFactory()
    stall, admin = add_stall("Lanterns", one), sign_in("Admin")
    form = admin.get(f"/stalls/{stall.id}/edit").get_data(as_text=True)
    base = form.split('name="base" value="')[1].split('"')[0]
    body = {"packages": [str(one.id), str(two.id)], "revision": 1}
    assert admin.put(f"/api/v1/stalls/{stall.id}", json=body).status_code == 200
    sent = {"name": "Lamps", "factor": "1", "packages": str(one.id), "revision": "1", "base": base}
    assert admin.post(f"/stalls/{stall.id}/edit", data=sent).status_code in (302, 303)
    assert stall.name == "Lamps"
    assert {found.id for found in stall.packages} == {one.id, two.id}


def test_the_staff_api_takes_and_gives_their_keys(
    sign_in: SignIn, add_stall: Any, count_statements: Any
) -> None:
    one = PackageFactory()
    stall, admin = add_stall("Lanterns"), sign_in("Admin")
    path = f"/api/v1/stalls/{stall.id}"
    facts = admin.put(path, json={"packages": [str(one.id)], "revision": 1}).get_json()["data"]
    assert (facts["packages"], facts["revision"]) == ([str(one.id)], 2)
    refused = admin.put(path, json={"packages": [str(new_id())], "revision": 2})
    assert refused.status_code == 422 and "packages" in refused.get_json()["errors"]
    assert admin.put(path, json={"packages": ["7"], "revision": 2}).status_code == 422
    assert admin.put(path, json={"packages": [], "revision": 2}).get_json()["data"]["packages"] == []
    for number in range(5):
        add_stall(f"Stall {number}", one)
    with count_statements() as few:
        admin.get("/api/v1/stalls/?page[size]=1")
    with count_statements() as many:
        admin.get("/api/v1/stalls/?page[size]=6")
    assert len(many) <= len(few)


@pytest.mark.parametrize("path", ["/api/v1/stalls/", "/public/v1/stalls"])
def test_every_list_is_filtered_by_them(sign_in: SignIn, add_stall: Any, path: str) -> None:
    one, two, other = PackageFactory(), PackageFactory(), PackageFactory()
    for name, packages in {"A": (one,), "B": (one, two), "C": (two,), "D": ()}.items():
        add_stall(name, *packages)
    admin = sign_in("Admin")
    for asked, found in {
        f"filter[packages][in]={one.id},{other.id}": ["A", "B"],
        f"filter[packages]={one.id}": ["A", "B"],
        f"filter[packages]={one.id},{two.id}": ["B"],
        f"filter[packages][ne]={one.id}": ["C", "D"],
        "filter[packages][null]=true": ["D"],
        "filter[packages][null]=false": ["A", "B", "C"],
    }.items():
        assert names(admin.get(f"{path}?{asked}")) == found, asked
    for asked in ("filter[packages]=7", "filter[packages][in]=x", f"filter[packages][gte]={one.id}"):
        assert admin.get(f"{path}?{asked}").status_code == 400, asked


def test_the_filter_of_a_screen_names_the_chosen_ones(sign_in: SignIn, add_stall: Any) -> None:
    one = PackageFactory(name="Garden party")
    add_stall("Lanterns", one), add_stall("Candles")
    admin = sign_in("Admin")
    asked = f"filter[packages][in]={one.id}"
    page = admin.get(f"/stalls/?{asked}").get_data(as_text=True)
    assert "Lanterns" in page and "Candles" not in page and "Garden party" in page
    editor = admin.get(f"/stalls/filter?field=packages&{asked}").get_data(as_text=True)
    assert f'name="filter[packages][in]" value="{one.id}"' in editor
    assert "/packages/lookup" in editor and "Is empty" in editor


def test_the_public_reads_them_in_its_language_and_none_that_is_hidden(
    client: FlaskClient, add_stall: Any, count_statements: Any
) -> None:
    shown, hidden = PackageFactory(name="Garden party"), HiddenPackageFactory()
    translate(shown, "de", name="Gartenfest")
    add_stall("Lanterns", shown, hidden), add_stall("Candles")
    client.get("/public/v1/stalls?lang=de")
    with count_statements() as seen:
        bare, full = client.get("/public/v1/stalls?lang=de-AT").get_json()["data"]
    assert len([statement for statement in seen if "json_build_object" in statement]) == 1
    assert bare["packages"] == []
    assert full["packages"] == [{"id": str(shown.id), "name": "Gartenfest", "slug": shown.slug}]
    one = client.get(f"/public/v1/stalls/{full['id']}").get_json()["data"]
    assert one["packages"][0]["name"] == "Garden party"


def test_the_contract_tells_a_list_of_what_they_are(client: FlaskClient) -> None:
    told = client.get("/public/v1/openapi.json").get_json()["components"]["schemas"]["Stall"]["properties"]
    assert told["packages"]["type"] == "array"
    assert set(told["packages"]["items"]["properties"]) == {"id", "name", "slug"}


def test_the_history_tells_which_came_and_which_went(app: Flask, session: Session, add_stall: Any) -> None:
    one, two = PackageFactory(name="Garden party"), PackageFactory(name="Beach party")
    stall = add_stall("Lanterns", one)
    with acting_as(ANNA):
        stall.packages = [two]
        session.flush()
    catalogue = app.extensions["catalogue"]
    with app.test_request_context("/"):
        told = latest_entries(catalogue, catalogue["stall"], stall, 1)[0]
    assert told.actor == "Anna Weber"
    assert told.changes == (Change("Packages", "Garden party", "Beach party"),)


def test_a_record_names_those_that_are_joined_to_it(sign_in: SignIn, add_stall: Any) -> None:
    one = PackageFactory()
    stall, admin = add_stall("Lanterns", one), sign_in("Admin")
    told = admin.get(f"/packages/{one.id}/panel?tab=references").get_data(as_text=True)
    assert "Lanterns" in told and f"/stalls/{stall.id}" in told
    assert "Stalls" in admin.get(f"/packages/{one.id}/delete").get_data(as_text=True)


def test_a_deleted_record_comes_back_with_them(app: Flask, session: Session, add_stall: Any) -> None:
    one, catalogue = PackageFactory(name="Garden party"), app.extensions["catalogue"]
    resource = catalogue["stall"]
    stall = add_stall("Lanterns", one)
    key = stall.id
    session.delete(stall)
    token = undo_token(session, resource, key, 7)
    assert is_restorable(catalogue, resource)
    assert restore(session, catalogue, resource, token, 7) == [str(key)]
    session.expire_all()
    assert [found.name for found in session.get(resource.model, key).packages] == ["Garden party"]
