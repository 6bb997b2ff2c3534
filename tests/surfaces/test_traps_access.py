"""What stock Flask-AppBuilder gets wrong about access: each trap, and that ours does not fall into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, User, ViewMenu
from flask_jwt_extended import create_access_token, create_refresh_token
from sqlalchemy import select

from app.access.manager import FestoonSecurityManager
from app.access.realms import open_realm
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Invalid
from tests.access import conftest as access
from tests.access.stage import MEMBER, make_stage
from tests.access.steps import enter, form_token, is_inside, make_user, post

stage, forget_tries = access.stage, access.forget_tries
PATTERNS = {"Everything": [[".*", ".*"]], "Planted": [["planted", "can_list"]]}


def grant(role_name: str, *pairs: tuple[str, str]) -> str:
    """Make a role with exactly these pairs."""
    role = Role(name=role_name)
    db.session.add(role)
    for permission_name, view_name in pairs:
        permission = db.session.scalar(select(Permission).where(Permission.name == permission_name))
        view = db.session.scalar(select(ViewMenu).where(ViewMenu.name == view_name))
        role.permissions.append(
            PermissionView(
                permission=permission or Permission(name=permission_name),
                view_menu=view or ViewMenu(name=view_name),
            )
        )
    db.session.commit()
    return role_name


@pytest.fixture
def lister(stage: Flask) -> FlaskClient:
    """Somebody signed in who may `can_list` on `planted` and nothing else."""
    user = make_user(grant("Lister", ("can_list", "planted")))
    client = stage.test_client()
    assert enter(client, user.username).status_code == 303
    return client


def test_a_right_is_its_exact_name_and_not_the_beginning_of_others(lister: FlaskClient) -> None:
    assert lister.get("/planted/").text == "planted list"
    assert lister.get("/planted/all").status_code == 403
    assert lister.get("/planted-secret/").status_code == 403
    assert lister.get("/planted/json").status_code == 403


def test_a_right_with_a_pattern_in_it_is_a_name_like_others(stage: Flask) -> None:
    user = make_user(grant("Greedy", ("can_.*", ".*"), ("can_list|can_list_all", "planted"), ("%", "%")))
    client = stage.test_client()
    enter(client, user.username)
    for path in ("/planted/", "/planted/all", "/planted-secret/"):
        assert client.get(path).status_code == 403


def test_patterns_in_the_settings_are_not_read(app: Flask, session: Any) -> None:
    planted = make_stage(db._app_engines[app][None], FAB_ROLES=PATTERNS)
    users = [make_user(grant(name)) for name in PATTERNS]
    for user in users:
        client = planted.test_client()
        enter(client, user.username)
        assert client.get("/planted/").status_code == 403
        assert client.get("/planted/all").status_code == 403
    db._app_engines.pop(planted)


def test_a_stranger_has_no_right_even_if_a_public_role_has(stage: Flask) -> None:
    grant("Public", ("can_list", "planted"), ("can_data", "planted"))
    client = stage.test_client()
    assert client.get("/planted/").headers["Location"] == "/login/?next=/planted/"
    assert client.get("/planted/json").status_code == 401
    assert client.get("/api/v1/planted/both").status_code == 401


def test_a_request_asks_for_its_rights_once(stage: Flask, lister: FlaskClient, count_statements: Any) -> None:
    """Stock FAB asked the database at each check: 21 times for one list."""
    with count_statements() as statements, lister:
        lister.get("/planted/")
        manager = stage.extensions["appbuilder"].sm
        assert isinstance(manager, FestoonSecurityManager)
        for _ in range(50):
            assert manager.has_access("can_list", "planted")
            assert not manager.has_access("can_edit", "planted")
            assert manager.get_user_menu_access(["planted"]) == set()
    assert len(statements) == 1, statements


def test_every_question_of_the_framework_gets_the_same_answer(stage: Flask, lister: FlaskClient) -> None:
    with lister:
        lister.get("/planted/")
        manager = stage.extensions["appbuilder"].sm
        reader = db.session.get_one(User, manager.current_user.id)
        assert manager.get_user_permissions(reader) == {("can_list", "planted")}
        assert manager._has_view_access(reader, "can_list", "planted")
        assert not manager._has_view_access(reader, "can_list_all", "planted")
        assert [role.name for role in manager.get_user_roles(reader)] == ["Lister"]
        assert manager.get_role_permissions(reader.roles[0]) == {("can_list", "planted")}
        assert not manager.is_item_public("can_list", "planted")
        assert manager.get_public_role() is None
        assert manager.load_user_jwt({}, {"sub": str(reader.id)}) is None
        assert manager.load_user(reader.id + 1) is None
        db.session.remove()


def test_the_way_back_through_the_sign_in_is_a_path(stage: Flask) -> None:
    client = stage.test_client()
    address = client.get("/planted/?q=a%20b&filter[x]=1").headers["Location"]
    assert "http" not in address
    page = client.get(address).text
    assert page.split("|")[1] == "/planted/?q=a%20b&amp;filter%5Bx%5D=1"
    user = make_user(grant("Lister", ("can_list", "planted")))
    answer = enter(client, user.username, next="/planted/?q=a%20b")
    assert client.get(answer.headers["Location"]).text == "planted list"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("kind", ["form", "json", "text", "none"])
def test_nothing_is_written_without_a_token_of_the_session(stage: Flask, method: str, kind: str) -> None:
    """The trap: FAB's API took a cookie-only JSON body."""
    user = make_user(grant("Writer", ("can_write", "planted")))
    client = stage.test_client()
    enter(client, user.username)
    body: dict[str, Any] = {
        "form": {"data": {"a": "1"}},
        "json": {"json": {"a": 1}},
        "text": {"data": '{"a": 1}', "content_type": "text/plain"},
        "none": {},
    }[kind]
    assert client.open("/planted/write", method=method, **body).status_code == 400
    strangers = {"X-CSRFToken": form_token(stage.test_client())}
    assert client.open("/planted/write", method=method, headers=strangers, **body).status_code == 400
    own = {"X-CSRFToken": form_token(client)}
    assert client.open("/planted/write", method=method, headers=own, **body).text == "written"


@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_browser_that_says_it_comes_from_elsewhere_is_refused(stage: Flask, said: dict[str, str]) -> None:
    user = make_user(grant("Writer", ("can_write", "planted")))
    client = stage.test_client()
    enter(client, user.username)
    token = {"X-CSRFToken": form_token(client)}
    assert client.post("/planted/write", headers={**token, **said}).status_code == 400
    assert client.post("/login/", data={"csrf_token": token["X-CSRFToken"]}, headers=said).status_code == 400
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/planted/write", headers={**token, **ours}).text == "written"


def tokens(stage: Flask, key: str = "0199-alice") -> dict[str, str]:
    """Make every kind of token a member can hold, and some that were tampered with."""
    with stage.test_request_context():
        access = create_access_token(f"member:{key}")
        made = {
            "access": access,
            "refresh": create_refresh_token(f"member:{key}"),
            "of a whole number": create_access_token(f"member:{key}", additional_claims={"id": 1}),
            "with staff claims": create_access_token(f"member:{key}", additional_claims={"role": "Admin"}),
            "of a bare 1": create_access_token("1"),
            "of a user": create_access_token("user:1"),
        }
    head, _, rest = access.partition(".")
    body, _, mark = rest.partition(".")
    made |= {
        "without a signature": f"{head}.{body}.",
        "with another signature": f"{head}.{body}.{mark[::-1]}",
        "of no algorithm": f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.",
        "of words": "not.a.token",
        "of an API key": "sst_0123456789",
    }
    return made


@pytest.mark.parametrize(
    "path", ["/planted/", "/planted/json", "/api/v1/planted/", "/api/v1/planted/both", "/login/"]
)
def test_no_token_opens_a_staff_path(stage: Flask, path: str) -> None:
    """The trap: member 1's token listed rows as user 1."""
    admin = make_user(grant("Lister", ("can_list", "planted"), ("can_list_all", "planted")))
    for key in ("0199-alice", str(admin.id), "1"):
        for kind, token in tokens(stage, key).items():
            answer = stage.test_client().get(path, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 401, kind


def test_a_token_beside_a_session_is_refused_too(stage: Flask, lister: FlaskClient) -> None:
    token = tokens(stage)["access"]
    assert lister.get("/planted/", headers={"Authorization": f"bearer {token}"}).status_code == 401
    assert lister.get("/planted/", headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_a_stock_api_takes_a_session_only_where_it_says_so(stage: Flask) -> None:
    user = make_user(grant("Lister", ("can_list", "planted"), ("can_list_all", "planted")))
    client = stage.test_client()
    enter(client, user.username)
    assert client.get("/api/v1/planted/both").get_json() == {"result": "by session"}
    assert client.get("/api/v1/planted/").status_code == 401


def test_a_member_is_known_on_the_members_paths_alone(stage: Flask) -> None:
    made = tokens(stage)
    answers = {
        kind: stage.test_client().get("/public/member/me", headers={"Authorization": f"Bearer {token}"})
        for kind, token in made.items()
    }
    taken = {kind for kind, answer in answers.items() if answer.status_code == 200}
    assert taken == {"access", "of a whole number", "with staff claims"}
    assert answers["access"].text == "Alice"
    assert {answer.status_code for kind, answer in answers.items() if kind not in taken} == {401}


def test_a_token_is_good_for_its_time_only(stage: Flask) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        token = {"Authorization": f"Bearer {tokens(stage)['access']}"}
        assert stage.test_client().get("/public/member/me", headers=token).status_code == 200
        traveller.shift(stage.config["JWT_ACCESS_TOKEN_EXPIRES"] + timedelta(seconds=1))
        assert stage.test_client().get("/public/member/me", headers=token).status_code == 401


def test_a_realm_cannot_be_opened_on_the_staff_side(stage: Flask) -> None:
    for prefix in ("/api/v1/", "/", "/packages/", "/publication/"):
        with pytest.raises(ValueError, match="staff"):
            open_realm(stage, replace(MEMBER, prefix=prefix))


def test_a_staff_session_is_nobody_on_the_open_side(
    stage: Flask, lister: FlaskClient, count_statements: Any
) -> None:
    with count_statements() as statements:
        assert lister.get("/public/page").text == "page"
        assert lister.get("/public/member/me").status_code == 401
        assert lister.post("/public/member/say").text == "said"
    assert statements == []


def test_no_screen_of_flask_appbuilders_own_is_there(app: Flask) -> None:
    """Users, roles, permissions, registration, API login, language: all are ours or absent."""
    views = app.extensions["appbuilder"].baseviews
    stock = [type(view).__name__ for view in views if type(view).__module__.startswith("flask_appbuilder")]
    assert stock == ["UtilView"]  # `/back` leads to the page seen before, which the signed session holds


def test_looking_sets_no_cookie_and_remembers_no_language(stage: Flask, lister: FlaskClient) -> None:
    """The trap: each localised answer wrote the language into the session, those of the API too."""
    for path in ("/planted/", "/api/v1/planted/both", "/public/page", "/nowhere"):
        answer = lister.get(path, headers={"Accept-Language": "de"})
        assert "Set-Cookie" not in answer.headers, path
    with lister.session_transaction() as cookie:
        assert "locale" not in cookie


def test_the_session_does_not_watch_the_address(stage: Flask, lister: FlaskClient) -> None:
    """Flask-Login's session protection writes into the cookie when a telephone changes its network."""
    answer = lister.get(
        "/planted/", environ_overrides={"REMOTE_ADDR": "203.0.113.1"}, headers={"User-Agent": "x"}
    )
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_remember_cookie_of_another_program_keeps_nobody_out(stage: Flask, lister: FlaskClient) -> None:
    """Cookies are shared between ports of a machine."""
    lister.set_cookie("remember_token", "1|deadbeef")
    assert lister.get("/planted/").status_code == 200
    fresh = stage.test_client()
    fresh.set_cookie("remember_token", "1|deadbeef")
    assert not is_inside(fresh)


def test_the_stock_ways_to_make_users_keep_the_rules(stage: Flask) -> None:
    with stage.app_context():
        manager = stage.extensions["appbuilder"].sm
        with pytest.raises(Invalid):
            manager.add_user("new", "New", "User", "new@example.com", None, password="short")
        user = manager.add_user(
            "new", "New", "User", "new@example.com", None, password="eleven green lanterns"
        )
        assert user.password.startswith("$argon2id$")
        assert manager.auth_user_db("new", "eleven green lanterns").id == user.id
        assert manager.auth_user_db("new", "wrong") is None
        assert manager.auth_user_db("", "") is None
        with pytest.raises(Invalid):
            manager.reset_password(user.id, "short")


def test_a_get_that_writes_is_not_offered(app: Flask) -> None:
    post(app.test_client(), "/logout/")
    for rule in app.url_map.iter_rules():
        path = str(rule).replace("/before-delete", "")  # what would be lost: read before one decides
        if path == "/language" or any(word in path for word in ("logout", "delete", "/do/", "bulk")):
            assert "GET" not in rule.methods, str(rule)
