"""The users' screen: nobody without a role, roles in the list, and a search."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role, User
from itsdangerous import BadSignature
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.accounts import create_user
from app.kernel.ids import new_id

FACTS = {"username": "nora", "first_name": "Nora", "last_name": "Berg", "email": "nora@example.com"}


def role_id(session: Session, name: str) -> str:
    return str(session.scalar(select(Role.id).where(Role.name == name)))


def test_a_user_is_not_saved_without_a_role_and_what_was_typed_stays(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    answer = sign_in("Admin").post("/users/add", data=FACTS)

    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choose at least one role: without one a user can open nothing." in body
    assert "Nora" in body
    assert session.scalar(select(User).where(User.username == "nora")) is None


def test_the_last_role_is_not_taken_away(sign_in: Callable[[str], FlaskClient], session: Session) -> None:
    browser = sign_in("Admin")
    assert browser.post("/users/add", data=FACTS | {"roles": role_id(session, "Editor")}).status_code == 200
    user = session.scalars(select(User).where(User.username == "nora")).one()

    answer = browser.post(f"/users/{user.id}/edit", data=FACTS)

    assert answer.status_code == 422
    assert [role.name for role in user.roles] == ["Editor"]


def test_several_roles_are_given_as_the_field_sends_them(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    browser = sign_in("Admin")
    both = ",".join(role_id(session, name) for name in ("Editor", "Moderator"))
    assert browser.post("/users/add", data=FACTS | {"roles": both}).status_code == 200
    user = session.scalars(select(User).where(User.username == "nora")).one()
    assert {role.name for role in user.roles} == {"Editor", "Moderator"}

    shown = browser.get(f"/users/{user.id}/edit").get_data(as_text=True)
    assert 'name="roles" value="' in shown
    sent = shown.split('name="roles" value="')[1].split('"')[0]
    assert browser.post(f"/users/{user.id}/edit", data=FACTS | {"roles": sent}).status_code == 302
    assert {role.name for role in user.roles} == {"Editor", "Moderator"}


def test_a_password_is_shown_in_the_answer_alone_and_lets_its_user_in(
    sign_in: Callable[[str], FlaskClient], app: Flask, session: Session
) -> None:
    browser = sign_in("Admin")
    before = ""
    for address in ("/users/add", "/users/{id}/password"):
        nora = session.scalar(select(User.id).where(User.username == "nora"))
        form = {**FACTS, "roles": role_id(session, "Editor"), "kept": str(new_id())}
        answer = browser.post(address.format(id=nora), data=form)
        body = answer.get_data(as_text=True)
        found = re.search(r"password of nora, shown this once: ([^<\s]+)", body)
        assert answer.status_code == 200 and found, body[:2000]
        password = html.unescape(found[1])
        assert password != before and "<h1><bdi>nora" in body
        assert "no-store" in answer.headers["Cache-Control"]
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert password not in opened(app, cookie) and password not in cookie
        assert "shown this once" not in browser.get("/users/").get_data(as_text=True)
        signed_in = app.test_client().post("/login/", data={"username": "nora", "password": password})
        assert (signed_in.status_code, signed_in.headers["Location"]) == (303, "/")
        before = password
    back = browser.get(address.format(id=nora))
    assert (back.status_code, back.headers["Location"]) == (302, f"/users/{nora}"), (
        "a switch of language, say"
    )


def opened(app: Flask, cookie: str) -> str:
    """Read what a session's cookie holds; another cookie is given as it is."""
    value = cookie.partition("=")[2].partition(";")[0]
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    try:
        return json.dumps(signer.loads(value))
    except BadSignature:
        return value


def test_the_form_of_a_user_sent_twice_shows_no_password_of_another(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    browser = sign_in("Admin")
    form = {**FACTS, "roles": role_id(session, "Editor"), "kept": str(new_id())}
    assert "shown this once" in browser.post("/users/add", data=form).get_data(as_text=True)
    again = browser.post("/users/add", data=form)
    assert again.status_code == 302
    assert "saved already" in browser.get(again.headers["Location"]).get_data(as_text=True)
    refused = browser.post("/users/add", data=form | {"kept": str(new_id())})
    assert refused.status_code in (409, 422)
    assert "shown this once" not in refused.get_data(as_text=True)


def test_the_list_names_the_roles_and_is_searched(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    create_user(
        "nora", "nora@example.com", "quite long enough", ["Moderator", "Editor"], last_name="Berg_100%"
    )
    create_user("otto", "otto@example.com", "quite long enough", ["Viewer"])
    browser = sign_in("Admin")

    everybody = browser.get("/users/").get_data(as_text=True)
    found = browser.get("/users/?q=berg_100%25 EXAMPLE").get_data(as_text=True)

    assert "Editor, Moderator" in everybody
    assert "otto@example.com" in everybody
    assert "nora@example.com" in found
    assert "otto@example.com" not in found
    assert "nora@example.com" not in browser.get("/users/?q=nobody").get_data(as_text=True)
