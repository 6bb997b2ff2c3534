"""The number of a request: taken or made, given back, in the log line and in the history."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.actor import current_actor
from app.kernel.audit import AuditEntry
from app.web.tracing import HEADER
from tests.factories import PackageFactory

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Read the request lines of the log."""
    return [
        record.msg
        for record in caplog.records
        if record.name == "festoon.requests" and isinstance(record.msg, dict)
    ]


def test_the_number_it_came_with_goes_back_and_another_is_made(client: FlaskClient) -> None:
    assert client.get("/health/", headers={HEADER: "abcDEF-12345678"}).headers[HEADER] == "abcDEF-12345678"
    made = {client.get("/health/").headers[HEADER] for _ in range(3)}
    assert len(made) == 3
    assert all(UUID.fullmatch(number) for number in made)


@pytest.mark.parametrize(
    "number", ["short", "a" * 65, "with space 1234", "quote'1234567", "<script>1234", "ümlaut-12345", ""]
)
def test_a_number_that_might_do_harm_is_not_taken(client: FlaskClient, number: str) -> None:
    answer = client.get("/health/", headers={HEADER: number.encode("latin-1", "replace").decode("latin-1")})

    assert UUID.fullmatch(answer.headers[HEADER])


def test_every_answer_has_one_whoever_refused_it(client: FlaskClient) -> None:
    for path in ("/", "/nothing", "/public/v1/packages?nonsense=1", "/static/nothing.css", "/login/"):
        assert client.get(path).headers[HEADER]
    assert client.get("/packages/", headers={"Authorization": "Bearer x"}).headers[HEADER]


def test_a_request_is_one_line_with_its_route_and_no_value(
    sign_in: Callable[[str], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    browser = sign_in("Viewer")
    caplog.clear()
    with caplog.at_level(logging.INFO):
        answer = browser.get("/packages/?q=secret-of-mine", headers={HEADER: "line-12345678"})

    (line,) = lines(caplog)
    assert line["event"] == "request"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/packages/", answer.status_code)
    assert line["correlation_id"] == "line-12345678"
    assert line["ms"] > 0
    assert line["user_id"] is not None
    assert "secret-of-mine" not in str(line)


def test_probes_and_files_are_logged_only_when_they_fail(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/health/live")
        client.get("/static/css/festoon.css").close()
        client.get("/static/nothing.css")

    assert [line["status"] for line in lines(caplog)] == [404]


def test_the_history_bears_the_number_of_the_request_that_wrote_it(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    package = PackageFactory()
    session.commit()
    browser = sign_in("Editor")

    answer = browser.post(
        f"/packages/{package.id}/edit",
        data={
            "name": "Renamed",
            "slug": package.slug,
            "price_minor": "10.00",
            "revision": str(package.revision),
        },
        headers={HEADER: "history-12345678"},
    )

    assert answer.status_code in (302, 303), answer.get_data(as_text=True)
    entry = session.query(AuditEntry).filter_by(content_type="package", action="update").one()
    assert (entry.correlation_id, entry.actor_kind) == ("history-12345678", "user")


def test_the_actor_is_forgotten_after_the_request(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    sign_in("Editor").get("/packages/")

    assert current_actor().kind == "anonymous"
    assert current_actor().correlation_id == ""
