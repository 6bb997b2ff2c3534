"""Other sites' scripts: only those that the settings name, letter by letter, and never with a cookie."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from app.access.origins import OriginGuard

SITE = "https://www.example.com"
STRANGERS = (
    "null",
    "https://www.example.com.evil.example",
    "https://evilwww.example.com",
    "https://example.com",
    "http://www.example.com",
    "https://www.example.com:8443",
    "https://WWW.EXAMPLE.COM",
    "https://www.example.com/",
    "https://www.example.com@evil.example",
    "*",
)


def served(*origins: str) -> Client:
    @Request.application
    def inside(request: Request) -> Response:
        return Response("{}", mimetype="application/json", headers={"Vary": "Accept-Language"})

    return Client(OriginGuard(inside, origins))


def ask(method: str, origin: str | None, path: str = "/public/v1/packages", **headers: str) -> Any:
    given = headers | ({"Origin": origin} if origin else {})
    return served(SITE).open(path, method=method, headers=given)


def test_a_named_site_may_read_the_public_side_without_cookies() -> None:
    answer = ask("GET", SITE)
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Language, Origin"
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("origin", STRANGERS)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_no_other_origin_is_let_through(origin: str, method: str) -> None:
    answer = ask(method, origin, **{"Access-Control-Request-Method": "POST"})
    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]


def test_a_preflight_is_answered_before_the_program_is_asked() -> None:
    answer = ask("OPTIONS", SITE, **{"Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["/", "/api/v1/packages/", "/login/", "/packages/", "/publicity"])
def test_the_staff_side_is_open_to_no_other_site(path: str) -> None:
    answer = ask("GET", SITE, path)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_without_a_named_site_nothing_is_said() -> None:
    answer = served().open("/public/v1/packages", headers={"Origin": SITE})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Language"
