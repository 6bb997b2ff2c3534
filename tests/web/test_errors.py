"""Every refusal and fault: problem+json for a program, a page for a person, the inside for neither."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from structlog.testing import capture_logs

from app.kernel.db import db
from app.kernel.locales import SHIPPED
from tests.web.conftest import CANARY, FAULTS

EXPECTED = {
    "not-found": (404, "not_found"),
    "forbidden": (403, "forbidden"),
    "conflict": (409, "conflict"),
    "gone": (410, "gone"),
    "unpaid": (402, "payment_required"),
    "invalid": (422, "invalid"),
    "parameter": (400, "bad_parameter"),
    "http-400": (400, "bad_request"),
    "http-401": (401, "unauthorized"),
    "http-403": (403, "forbidden"),
    "http-404": (404, "not_found"),
    "http-413": (413, "content_too_large"),
    "http-429": (429, "too_many_requests"),
    "http-500": (500, "internal_error"),
    "twice": (409, "taken"),
    "orphan": (409, "in_use"),
    "rule": (409, "rule_broken"),
    "stale": (409, "stale_revision"),
    "no-number": (400, "bad_value"),
    "slow": (503, "unavailable"),
    "no-table": (500, "internal_error"),
    "bug": (500, "internal_error"),
}
INSIDE = (CANARY, "Traceback", "psycopg", "sqlalchemy", "SELECT", "INSERT", "uq_package", ".py")


def problem(client: FlaskClient, name: str, **headers: str) -> dict[str, Any]:
    """Read the problem that a failing public route answers."""
    answer = client.get(f"/public/v1/faults/{name}", headers=headers)
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == answer.status_code
    return body


def test_every_fault_has_its_expected_answer() -> None:
    assert EXPECTED.keys() == FAULTS.keys()


@pytest.mark.parametrize("name", sorted(FAULTS))
@pytest.mark.proves("S1.67", "S1.68", "S2.102")
def test_an_api_answers_each_with_a_problem_that_tells_nothing_of_the_inside(
    visitor: FlaskClient, name: str
) -> None:
    body = problem(visitor, name)

    assert (body["status"], body["code"]) == EXPECTED[name]
    assert body["type"] == f"urn:festoon:problem:{body['code']}"
    assert body["title"]
    assert body["detail"]
    assert body["correlation_id"]
    for word in INSIDE:
        assert word not in str(body)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_person_gets_a_page_with_the_same_status_and_the_number_to_name(
    visitor: FlaskClient, name: str
) -> None:
    answer = visitor.get(f"/faults/{name}", headers={"X-Request-ID": "person-12345678"})
    page = answer.get_data(as_text=True)

    assert (answer.status_code, answer.mimetype) == (EXPECTED[name][0], "text/html")
    assert "person-12345678" in page
    for word in (CANARY, "Traceback", "psycopg", "sqlalchemy", "INSERT"):
        assert word not in page


def test_a_value_that_only_the_database_refused_is_told_in_the_log(visitor: FlaskClient) -> None:
    with capture_logs() as told:
        problem(visitor, "no-number")
        problem(visitor, "invalid")

    (line,) = [one for one in told if one["log_level"] == "warning"]
    assert line["cause"] == "InvalidTextRepresentation"
    assert CANARY not in str(line)


def test_errors_are_told_by_field_and_a_parameter_is_named(visitor: FlaskClient) -> None:
    assert problem(visitor, "invalid")["errors"] == {
        "name": ["Give a name."],
        "items.0.text": ["Give a text."],
    }
    assert problem(visitor, "parameter")["parameter"] == "page[size]"
    assert problem(visitor, "twice")["errors"] == {"slug": ["This value is taken already."]}


def test_a_sentence_that_the_program_gave_is_kept(visitor: FlaskClient) -> None:
    assert problem(visitor, "gone")["detail"] == "It is over."
    assert problem(visitor, "http-404")["detail"] == "Nothing here by that name."


def test_an_answer_that_a_view_made_itself_is_left_as_it_is(visitor: FlaskClient) -> None:
    answer = visitor.get("/public/v1/faults/answered")

    assert (answer.status_code, answer.data) == (418, b"as it is")


def test_who_should_wait_is_told_how_long(visitor: FlaskClient) -> None:
    assert visitor.get("/public/v1/faults/http-429").headers["Retry-After"] == "17"
    assert visitor.get("/public/v1/faults/slow").headers["Retry-After"] == "5"


def test_a_wrong_method_is_told_the_right_ones(visitor: FlaskClient) -> None:
    answer = visitor.post("/public/v1/packages")

    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/public/v1/nothing", "/media/nothing", "/health/nothing"]
)
def test_an_unknown_address_of_an_api_is_a_problem_too(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_page_asked_for_as_json_answers_json(visitor: FlaskClient) -> None:
    assert visitor.get("/faults/gone", headers={"Accept": "application/json"}).get_json()["code"] == "gone"


def test_a_problem_is_told_in_the_readers_language(visitor: FlaskClient) -> None:
    told = {tag: problem(visitor, "http-403", **{"Accept-Language": tag}) for tag in SHIPPED}

    assert len({(body["title"], body["detail"]) for body in told.values()}) == len(SHIPPED)
    assert {body["code"] for body in told.values()} == {"forbidden"}


def test_only_a_developer_is_told_what_the_fault_was(faulty: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = faulty.test_client()
    assert "fault" not in problem(client, "bug")

    monkeypatch.setitem(faulty.config, "DEBUG", True)
    assert problem(client, "bug")["fault"] == f"ZeroDivisionError: {CANARY}"

    monkeypatch.setitem(faulty.config, "IS_PRODUCTION", True)
    assert "fault" not in problem(client, "bug")


@pytest.mark.parametrize("name", ["twice", "stale", "slow", "bug"])
def test_nothing_half_written_is_left_behind(faulty: Flask, name: str) -> None:
    """The same session serves the request after; without a rollback its transaction would be broken."""
    with faulty.app_context():
        client = faulty.test_client()
        client.get(f"/public/v1/faults/{name}")

        assert not db.session.new
        assert not db.session.dirty
        assert (
            db.session.scalar(text("SELECT count(*) FROM package WHERE slug = :slug"), {"slug": CANARY}) == 0
        )


@pytest.mark.proves("S1.68")
def test_with_the_database_away_every_kind_of_reader_is_told_at_once(lost: Flask) -> None:
    client = lost.test_client()
    with client.session_transaction() as cookie:
        cookie["token"], cookie["_user_id"] = "t" * 43, "1"

    for path, mimetype in (
        ("/public/v1/packages", "application/problem+json"),
        ("/api/v1/packages/", "application/problem+json"),
        ("/packages/", "text/html"),
        ("/", "text/html"),
    ):
        began = time.perf_counter()
        answer = client.get(path, headers={"Accept-Language": "de"})

        assert (answer.status_code, answer.mimetype) == (503, mimetype), path
        assert answer.headers["Retry-After"] == "5"
        assert CANARY not in answer.get_data(as_text=True)
        assert time.perf_counter() - began < 2


def test_the_page_about_a_lost_database_is_whole(lost: Flask) -> None:
    client = lost.test_client()
    with client.session_transaction() as cookie:
        cookie["token"], cookie["_user_id"] = "t" * 43, "1"

    page = client.get("/", headers={"Accept-Language": "ar"}).get_data(as_text=True)

    assert page.rstrip().endswith("</html>")
    assert 'dir="rtl"' in page
