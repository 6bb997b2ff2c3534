"""Translations over the staff API: by their place, one by one and many at once, under the workbench's rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.translation.models import Translation
from tests.factories import PackageFactory, translate

BASE = "/api/v1/texts/"


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="Under the old trees")
    translate(made, "de", name="Gartenfest")
    session.commit()
    return made


@pytest.fixture
def editor(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in("Editor")


def states(session: Session) -> dict[str, tuple[str, str]]:
    session.expire_all()
    return {row.field: (row.text, row.state) for row in session.scalars(select(Translation))}


def address(package: Any, field: str = "name") -> str:
    return f"{BASE}de/package.{package.id}.{field}"


def named(package: Any, field: str = "name", **facts: Any) -> dict[str, Any]:
    place = {"content_type": "package", "id": str(package.id), "field": field, "locale": "de"}
    return place | facts


@pytest.mark.proves("S0.36")
def test_texts_are_listed_by_state_language_and_whether_they_are_stale(
    session: Session, package: Any, editor: FlaskClient
) -> None:
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    found = editor.get(f"{BASE}?locale=de&type=package&stale=true").get_json()["data"]
    [one] = found
    assert (one["field"], one["source"], one["source_before"]) == ("name", "Garden feast", "Garden party")
    assert (one["text"], one["state"], one["stale"], one["words"]) == ("Gartenfest", "stale", True, 2)
    assert one["record"]["title"] == "Garden feast"
    missing = editor.get(f"{BASE}?locale=de&type=package&state=missing&page[size]=1").get_json()
    assert missing["data"][0]["text"] is None
    assert editor.get(f"{BASE}?locale=de&stale=perhaps").status_code == 400
    assert editor.get(f"{BASE}?locale=en").status_code == 400
    assert editor.get(f"{BASE}?locale=de&colour=red").status_code == 400


@pytest.mark.proves("S0.36")
def test_the_list_goes_on_page_by_page(session: Session, package: Any, editor: FlaskClient) -> None:
    first = editor.get(f"{BASE}?locale=de&type=package&page[size]=1").get_json()
    assert first["page"]["next"]
    rest = editor.get(f"{BASE}?locale=de&type=package&page[after]={first['page']['next']}").get_json()
    fields = [one["field"] for one in (*first["data"], *rest["data"])]
    assert fields[:2] == ["name", "description"]
    assert rest["page"]["next"] is None


@pytest.mark.proves("S0.36")
def test_a_text_is_made_read_replaced_and_deleted_by_its_place(
    session: Session, package: Any, editor: FlaskClient
) -> None:
    url = address(package, "description")
    made = editor.put(url, json={"text": "Unter alten Bäumen"})
    assert made.status_code == 200, made.get_data(as_text=True)
    assert made.get_json()["outcome"] == "approved"
    facts = editor.get(url).get_json()["data"]
    assert (facts["text"], facts["state"], facts["stale"]) == ("Unter alten Bäumen", "approved", False)
    stale = editor.put(url, json={"text": "Unter Bäumen", "revision": facts["revision"] + 5})
    assert (stale.status_code, stale.get_json()["code"]) == (409, "text_changed")
    assert editor.put(url, json={"text": "Unter Bäumen", "revision": facts["revision"]}).status_code == 200
    assert editor.put(url, json={"text": ""}).status_code == 422
    assert editor.delete(url).status_code == 204
    assert "description" not in states(session)
    assert editor.delete(url).status_code == 404
    assert editor.get(f"{BASE}de/package.nothing.name").status_code == 404


@pytest.mark.proves("S0.36")
def test_many_are_written_at_once_and_each_is_answered_by_itself(
    session: Session, package: Any, editor: FlaskClient
) -> None:
    sent = [
        named(package, text="Gartenfeier"),
        named(package, "description", text="Unter Bäumen"),
        named(package, "slug_of_nothing", text="x"),
        named(package, "description", text=""),
    ]
    answer = editor.post(f"{BASE}bulk", json={"do": "put", "texts": sent})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told = answer.get_json()
    assert (told["done"], told["refused"]) == (2, 2)
    assert [one.get("outcome") or one["status"] for one in told["data"]] == ["approved", "approved", 404, 422]
    assert states(session)["name"] == ("Gartenfeier", "approved")
    assert editor.post(f"{BASE}bulk", json={"do": "dance", "texts": sent}).status_code == 422


# Rule 4
@pytest.mark.proves("S0.36")
def test_approving_and_rejecting_at_once_is_for_who_may_approve(
    session: Session, package: Any, editor: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    translator = sign_in("Translator")
    translator.put(address(package, "description"), json={"text": "Unter Bäumen"})
    assert states(session)["description"][1] == "needs_review"
    over_shown = translator.put(address(package), json={"text": "Gartenfeier"}).get_json()
    assert (over_shown["outcome"], over_shown["data"]["suggested"]) == ("suggested", True)
    asked = {"do": "approve", "texts": [named(package, "description")]}
    refused = translator.post(f"{BASE}bulk", json=asked).get_json()
    assert refused["data"][0]["status"] == 403
    assert editor.post(f"{BASE}bulk", json=asked).get_json()["done"] == 1
    assert states(session)["description"][1] == "approved"
    rejected = {"do": "reject", "texts": [named(package, reason="too plain"), named(package, "description")]}
    told = editor.post(f"{BASE}bulk", json=rejected).get_json()
    assert [one.get("outcome") or one["status"] for one in told["data"]] == ["rejected", 422]
    assert states(session)["name"][1] == "rejected"


# Rule 6
@pytest.mark.proves("S0.36")
def test_a_stale_text_is_called_right(session: Session, package: Any, editor: FlaskClient) -> None:
    session.execute(text("UPDATE package SET name = 'Garden feast'"))
    session.commit()
    answer = editor.post(f"{address(package)}/do/right", json={})
    assert answer.get_json()["data"]["stale"] is False
    assert editor.post(f"{address(package)}/do/sing", json={}).status_code == 404


@pytest.mark.parametrize("body", ["[1]", '"x"', "7", "null", "{"])
@pytest.mark.parametrize("verb", ["approve", "reject", "right"])
def test_a_body_that_is_no_object_is_refused(package: Any, editor: FlaskClient, verb: str, body: str) -> None:
    url = f"{address(package)}/do/{verb}"
    answer = editor.post(url, data=body, content_type="application/json")
    assert answer.status_code in (400, 422), answer.get_data(as_text=True)


def test_an_address_is_written_and_removed_like_any_text(
    session: Session, package: Any, editor: FlaskClient
) -> None:
    url = address(package, "slug")
    assert editor.get(url).status_code == 404
    translate(package, "de", slug="gartenfest")
    session.commit()
    assert editor.get(url).get_json()["data"]["text"] == "gartenfest"
    assert editor.delete(url).status_code == 204
    assert "slug" not in states(session)
