"""Two sides that can never be confused: no token opens a staff route, and only a member's own a member's."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from werkzeug.routing import Rule

from app.access import realms
from app.access.realms import _key, is_staff_path
from app.kernel import clock
from app.surfaces.contract.openapi import operations
from app.surfaces.contract.operations import PREFIX, Auth
from tests.access.steps import enter as enter_staff
from tests.access.steps import make_user
from tests.domains.members.steps import enter, make_member

NOBODYS = "01990000-0000-7000-8000-000000000000"
WRITING = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def browser(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return app.test_client()


def claims_of(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def b64(part: Any) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def forge(head: Any, body: Any, key: str = "", digest: Any = hashlib.sha256) -> str:
    """Write a token by hand, signed with a key or with nothing."""
    text = f"{b64(head)}.{b64(body)}"
    mark = b64(hmac.new(key.encode(), text.encode(), digest).digest()) if key else ""
    return f"{text}.{mark}"


class Kinds:
    """The kinds of token that come to a route: a member's, and those made to look like somebody's."""

    def __init__(self, app: Flask, client: FlaskClient, admin: User) -> None:
        self.member = make_member()
        tokens = enter(client, self.member)
        access, secret = tokens["access_token"], app.config["SECRET_KEY"]
        own = claims_of(access)
        staff = own | {"sub": str(admin.id)}
        with app.test_request_context("/public/v1/auth/me"):
            key = _key("member")
        self.access = access
        self.bad = {
            "member refresh": tokens["refresh_token"],
            "expired by a second": jwt.encode(own | {"exp": int(clock.now().timestamp()) - 1}, key, "HS256"),
            "alg none": forge({"alg": "none", "typ": "JWT"}, own),
            "staff-forged": jwt.encode(staff, secret, "HS256"),
            "of another realm": jwt.encode(
                own | {"realm": "staff", "aud": "festoon:staff", "sub": f"staff:{admin.id}"}, key, "HS256"
            ),
        }


@pytest.fixture
def kinds(app: Flask, browser: FlaskClient) -> Kinds:
    return Kinds(app, browser, make_user("Admin"))


def staff_routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if is_staff_path(str(rule)):
            yield from spelled(rule)


def spelled(rule: Rule) -> Iterator[tuple[str, str]]:
    path = re.sub(r"<(\w+:)?(key|id|uuid)>|<uuid:\w+>", NOBODYS, str(rule))
    path = re.sub(r"<int:\w+>", "1", path)
    path = re.sub(r"<(\w+(\(.*?\))?:)?\w+>", "nothing", path)
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield method, path


def ask(client: FlaskClient, method: str, path: str, token: str) -> Any:
    body = {"json": {}} if method in WRITING else {}
    answer = client.open(path, method=method, headers={"Authorization": f"Bearer {token}"}, **body)
    answer.close()
    return answer


@pytest.mark.proves("S0.16", "S0.18")
def test_no_kind_of_token_opens_any_staff_route(app: Flask, browser: FlaskClient, kinds: Kinds) -> None:
    """A member is refused on all of the admin: with 401, as a token is no credential there at all."""
    wrong, asked = [], 0
    for method, path in staff_routes(app):
        for kind, token in {"member access": kinds.access, **kinds.bad}.items():
            asked += 1
            status = ask(browser, method, path, token).status_code
            if status != 401:
                wrong.append((method, path, kind, status))
    assert wrong == []
    assert asked > 6 * 150


def test_a_token_does_not_ride_on_a_session(app: Flask, browser: FlaskClient, kinds: Kinds) -> None:
    assert enter_staff(browser, make_user("Admin").username).status_code == 303
    for method, path in (("GET", "/members/"), ("GET", "/api/v1/members/"), ("POST", "/api/v1/packages/")):
        assert ask(browser, method, path, kinds.access).status_code == 401


@pytest.mark.proves("S0.16", "S0.17")
def test_no_forged_token_passes_on_any_public_route_that_reads_one(
    app: Flask, browser: FlaskClient, kinds: Kinds
) -> None:
    """Where a token counts, a bad one is refused: also where none is needed."""
    wrong, asked = [], 0
    for operation in operations(app):
        method, path = operation.method, PREFIX + re.sub(r"<uuid:\w+>", NOBODYS, operation.path)
        path = re.sub(r"<(int:)?\w+>", "1", path)
        for kind, token in kinds.bad.items():
            asked += 1
            status = ask(browser, method, path, token).status_code
            is_wrong = status >= 500 or (operation.auth is not Auth.NOBODY and status != 401)
            if is_wrong:
                wrong.append((method, path, kind, status))
        if operation.auth is Auth.MEMBER:
            without = browser.open(path, method=method, json={}).status_code
            if without != 401:
                wrong.append((method, path, "no token", without))
    assert wrong == []
    assert asked > 5 * 30


def test_what_everybody_reads_is_the_same_whatever_token_comes_along(
    app: Flask, browser: FlaskClient, kinds: Kinds
) -> None:
    for operation in operations(app):
        if operation.auth is Auth.NOBODY and operation.is_safe and "<" not in operation.path:
            plain = browser.get(PREFIX + operation.path)
            for token in (kinds.access, *kinds.bad.values()):
                assert ask(browser, "GET", PREFIX + operation.path, token).data == plain.data


def test_a_members_own_token_opens_what_is_theirs(app: Flask, browser: FlaskClient, kinds: Kinds) -> None:
    opened = []
    for operation in operations(app):
        if operation.auth is Auth.MEMBER and operation.is_safe and "<" not in operation.path:
            status = ask(browser, "GET", PREFIX + operation.path, kinds.access).status_code
            assert status == 200, operation.path
            opened.append(operation.path)
    assert {"/auth/me", "/users/profile", "/auth/devices"} <= set(opened)


HEADS = [
    {"alg": "none"}, {"alg": "None"}, {"alg": "NONE"}, {"alg": "nOnE"}, {"alg": ""}, {"alg": None}, {},
    {"alg": "HS256", "kid": "../../../dev/null"}, {"alg": "HS256", "kid": "' UNION SELECT 'x'--"},
    {"alg": "HS256", "jku": "http://127.0.0.1:1/keys"}, {"alg": "HS256", "x5u": "http://127.0.0.1:1/x"},
    {"alg": "HS256", "jwk": {"kty": "oct", "k": "eA"}}, {"alg": "HS256", "crit": ["exp"]},
    {"alg": "HS256", "b64": False, "crit": ["b64"]}, {"alg": "RS256"}, {"alg": "ES256"}, {"alg": "PS256"},
    {"alg": "HS384"}, {"alg": "HS512"}, {"alg": ["HS256"]}, {"alg": "dir", "enc": "A256GCM"},
]  # fmt: skip


def forged(app: Flask, token: str, admin_id: int, member_id: Any) -> Iterator[tuple[str, str]]:
    """Make the tokens of a forger, who knows all but the keys, and of one who knows a wrong key."""
    own, secret = claims_of(token), app.config["SECRET_KEY"]
    head, body, mark = token.split(".")
    for number, other in enumerate(HEADS):
        yield f"head {number} without a mark", forge(other, own)
        yield f"head {number} under no key of ours", forge(other, own, "secret")
    good = {"alg": "HS256", "typ": "JWT"}
    yield "under the program's secret", forge(good, own, secret)
    yield "under the program's secret, as staff", forge(good, own | {"sub": str(admin_id)}, secret)
    yield "under another realm's key", forge(good, own, realms._key("staff"))
    yield "under the key of the refresh tokens", forge(good, own, realms._key("refresh"))
    yield "SHA-512 under HS256", forge(good, own, realms._key("member"), hashlib.sha512)
    yield "a changed subject", f"{head}.{b64(own | {'sub': f'member:{member_id}'})}.{mark}"
    yield "a longer life", f"{head}.{b64(own | {'exp': own['exp'] + 86_400})}.{mark}"
    yield "no mark", f"{head}.{body}."
    yield "no third part", f"{head}.{body}"
    yield "four parts", f"{token}.x"
    yield "another's mark", f"{head}.{body}.{mark[::-1]}"
    yield "a mark cut short", token[:-4]
    yield "words", "not.a.token"
    yield "nothing", ""
    yield "deep brackets", f"{head}.{b64(b'[' * 2900)}.{mark}"
    yield "no JSON", f"{head}.{b64(b'{')}.{mark}"
    yield "no object", f"{head}.{b64([1])}.{mark}"
    yield "too long", token + "x" * 5000


@pytest.mark.proves("S0.14")
def test_no_forged_token_is_a_member(app: Flask, browser: FlaskClient, kinds: Kinds) -> None:
    with app.test_request_context("/public/v1/auth/me"):
        made = list(forged(app, kinds.access, 1, make_member().id))
    assert len(made) >= 40
    passed = {
        name: status
        for name, token in made
        if (status := ask(browser, "GET", "/public/v1/auth/me", token).status_code) != 401
    }
    assert passed == {}
    assert ask(browser, "GET", "/public/v1/auth/me", kinds.access).status_code == 200


def test_a_token_with_our_mark_still_needs_every_claim(
    app: Flask, browser: FlaskClient, kinds: Kinds
) -> None:
    """Should a key ever serve for something else, its tokens are no member's."""
    own, other = claims_of(kinds.access), make_member()
    with app.test_request_context("/public/v1/auth/me"):
        key = _key("member")
    now = int(clock.now().timestamp())
    wrong: list[dict[str, Any]] = [
        {"aud": "festoon:staff"}, {"aud": ["festoon:member"]}, {"iss": "elsewhere"}, {"realm": "staff"},
        {"type": "refresh"}, {"sub": str(kinds.member.id)}, {"sub": "1"}, {"sub": 1}, {"sub": "member:1"},
        {"sub": "member:"}, {"sub": f"staff:{kinds.member.id}"}, {"sub": f"member:{other.id}"}, {"exp": now - 1},
        {"nbf": now + 60}, {"iat": now + 60}, {"exp": "never"}, {"device": NOBODYS}, {"device": None},
        {"epoch": 2}, {"epoch": "1"}, {"epoch": True}, {"epoch": 1.0}, {"sub": f"member:{kinds.member.id}\0"},
    ]  # fmt: skip
    for change in wrong:
        token = forge({"alg": "HS256", "typ": "JWT"}, own | change, key)
        assert ask(browser, "GET", "/public/v1/auth/me", token).status_code == 401, change
    for name in ("aud", "iss", "realm", "sub", "exp", "iat", "jti", "device", "epoch"):
        token = forge({"alg": "HS256"}, {key_: value for key_, value in own.items() if key_ != name}, key)
        assert ask(browser, "GET", "/public/v1/auth/me", token).status_code == 401, name
    assert ask(browser, "GET", "/public/v1/auth/me", forge({"alg": "HS256"}, own, key)).status_code == 200


@pytest.mark.parametrize(
    "said", ["Bearer", "Bearer ", "bearer  x", "Basic eDp5", "Token abc", "BEARER x.y.z", "Bearer x y"]
)
def test_another_way_to_say_who_one_is_is_nobody(app: Flask, browser: FlaskClient, said: str) -> None:
    answer = browser.get("/public/v1/auth/me", headers={"Authorization": said})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_a_staff_session_is_nobody_on_the_public_side(app: Flask, browser: FlaskClient) -> None:
    assert enter_staff(browser, make_user("Admin").username).status_code == 303
    assert browser.get("/public/v1/auth/me").status_code == 401


def test_a_token_elsewhere_than_in_its_header_counts_for_nothing(browser: FlaskClient, kinds: Kinds) -> None:
    browser.set_cookie("access_token_cookie", kinds.access)
    assert browser.get("/public/v1/auth/me").status_code == 401
    assert browser.get("/public/v1/packages", query_string={"jwt": kinds.access}).status_code in (200, 400)
    assert browser.get(f"/public/v1/auth/me?jwt={kinds.access}").status_code == 401


def test_a_holder_is_found_for_a_token_that_came_another_way(app: Flask, kinds: Kinds) -> None:
    """A socket names the realm itself; the path of its request is in none."""
    with app.test_request_context("/socket.io/"):
        found = realms.holder_of(kinds.access, "member")
        assert (found.id, found.email) == (kinds.member.id, kinds.member.email)
        with (
            time_machine.travel(clock.now() + timedelta(hours=1), tick=False),
            pytest.raises(Exception, match="not valid"),
        ):
            realms.holder_of(kinds.access, "member")


def test_the_library_itself_takes_no_other_token(app: Flask, browser: FlaskClient, kinds: Kinds) -> None:
    """A route of a customer's own under Flask-JWT-Extended's decorator is held to the same realm."""
    from flask_jwt_extended import current_user, verify_jwt_in_request

    for token in kinds.bad.values():
        with (
            app.test_request_context("/public/v1/own", headers={"Authorization": f"Bearer {token}"}),
            pytest.raises(Exception, match=r"."),
        ):
            verify_jwt_in_request()
    with app.test_request_context("/public/v1/own", headers={"Authorization": f"Bearer {kinds.access}"}):
        verify_jwt_in_request()
        assert current_user.id == kinds.member.id
