"""Every answer carries its guards: pages, refusals, faults and files, on each route there is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.kernel.db import db
from tests.access.stage import make_stage
from tests.access.steps import enter, make_user, post

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE")
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "media-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
READERS = {
    **{name: value for name, value in POLICY.items() if name not in ("manifest-src", "media-src")},
    "style-src": "'self' 'unsafe-inline'",  # Swagger UI and ReDoc write style elements
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "worker-src": "blob:",
    "form-action": "'none'",
}
"""What the readers of the public contract need. No session is read there, and no script runs but ours."""
FRAMES = re.compile(r'<iframe|data-drawer-(?:add|edit)="|<html data-translate="')
"""Where a page shows a mail, the sample site, or opens the form of a related record beside its own."""
OPEN = ("/public/", "/static/", "/media/", "/health/", "/sample/")


def check(
    answer: TestResponse,
    is_staff: bool = True,
    is_shared: bool = False,
    is_production: bool = False,
    wanted: dict[str, str] = POLICY,
    referrer: str = "same-origin",
) -> None:
    """Judge one answer."""
    headers = answer.headers
    for name in ("Content-Security-Policy", "Cache-Control", "X-Content-Type-Options", "Referrer-Policy"):
        assert is_staff is False or len(headers.getlist(name)) == 1, name
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert re.fullmatch(r"'self' 'nonce-[\w-]{22}'", policy.pop("script-src"))
    assert policy == wanted
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == referrer
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == ("cross-origin" if is_shared else "same-origin")
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert ("Strict-Transport-Security" in headers) == is_production
    if is_staff:
        assert headers["Cache-Control"] == "no-store, private"


def policy_of(answer: TestResponse) -> dict[str, str]:
    """Give the policy that a page shall have: frames of ours where it shows or opens one, and nowhere else."""
    has_frames = answer.mimetype == "text/html" and FRAMES.search(answer.text)
    return {**POLICY, "frame-src": "'self'"} if has_frames else POLICY


def every_address(app: Flask) -> list[str]:
    """Write an address for each rule, with made-up keys."""
    fill = {"int": "7", "path": "a/b.png"}
    made = {"/nowhere", "/public/v1/nowhere", "/static/nowhere.css", "/api/v1/nowhere"}
    for rule in app.url_map.iter_rules():
        made.add(re.sub(r"<(?:(\w+):)?\w+>", lambda found: fill.get(found[1] or "", "0199"), str(rule)))
    return sorted(made)


@pytest.mark.timeout(400)  # some thousands of answers
@pytest.mark.proves("S2.13")
@pytest.mark.parametrize("role", ["", "Admin"])
def test_every_route_answers_with_its_guards(app: Flask, client: FlaskClient, role: str) -> None:
    """Whatever the status: a page, a redirect, 400, 401, 403, 404, 405."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    if role:
        enter(client, make_user(role).username)
    seen, framing = set(), 0
    for address in every_address(app):
        of_page = POLICY
        is_open = address.startswith(OPEN)
        for method in METHODS:
            answer = client.open(address, method=method)
            is_page = answer.status_code == 200 and method in ("GET", "HEAD")
            wanted = of_page if method == "HEAD" else policy_of(answer)
            if method == "GET":
                of_page = wanted
                framing += wanted is not POLICY
            if is_page and address in ("/public/docs", "/public/redoc"):
                wanted = READERS
            check(
                answer,
                is_staff=not is_open,
                is_shared=address.startswith(("/public/", "/media/")),
                wanted=wanted,
                referrer="no-referrer" if is_page and address == "/sample/" else "same-origin",
            )
            seen.add(answer.status_code)
            answer.close()
    assert {200, 404, 405} <= seen
    assert (framing > 0) == bool(role)


def test_refusals_and_faults_carry_them_too(stage: Flask) -> None:
    stage.config["PROPAGATE_EXCEPTIONS"] = False
    client = stage.test_client()
    user = make_user("Viewer")
    answers = {
        400: client.post("/planted/write"),
        401: client.get("/planted/json"),
        302: client.get("/planted/"),
        404: client.get("/nowhere"),
        405: client.delete("/login/"),
        413: post(client, "/login/", {"username": "x" * 70_000}),
        500: client.get("/boom"),
        303: enter(client, user.username),
        403: client.get("/planted/"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        check(answer)
    assert "secret" not in answers[500].text
    fault = client.get("/public/boom")
    check(fault, is_staff=False, is_shared=True)
    assert fault.headers["Cache-Control"] == "no-store, private"


def test_a_strange_host_gets_them_as_well(stage: Flask) -> None:
    answer = stage.test_client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    check(answer)


def test_a_nonce_is_one_answers_own_and_the_page_has_it(stage: Flask) -> None:
    seen = set()
    for _ in range(20):
        answer = stage.test_client().get("/login/")
        nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
        assert nonce is not None
        assert answer.text.endswith(f"|{nonce[1]}")
        seen.add(nonce[1])
    assert len(seen) == 20


def test_the_open_side_says_itself_how_long_it_may_be_kept(stage: Flask) -> None:
    client = stage.test_client()
    assert client.get("/public/page").headers["Cache-Control"] == "public, max-age=60"
    kept = client.get("/keeps")
    assert "Set-Cookie" in kept.headers
    assert kept.headers["Cache-Control"] == "no-store, private"


def test_production_binds_cookies_to_the_host_and_to_tls(app: Flask, session: Any) -> None:
    made = make_stage(db._app_engines[app][None], IS_PRODUCTION=True)
    client = made.test_client()
    made.config["WTF_CSRF_ENABLED"] = False
    user = make_user("Viewer")
    secure = {"base_url": "https://localhost"}
    answers = [
        client.post(
            "/login/", data={"username": user.username, "password": "eleven green lanterns"}, **secure
        ),
        client.post("/language", data={"locale": "de"}, **secure),
    ]
    names = []
    for answer in answers:
        check(answer, is_production=True)
        assert answer.status_code == 303
        for cookie in answer.headers.getlist("Set-Cookie"):
            names.append(cookie.split("=")[0])
            for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
                assert part in cookie
            assert "Domain" not in cookie
    assert names == ["__Host-festoon", "__Host-locale"]
    assert client.get("/login/", headers={"Accept-Language": "ar"}, **secure).status_code == 303
    db._app_engines.pop(made)
