"""The users' screen: nobody without a role, roles in the list, and a search."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.accounts import create_user

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
    assert browser.post("/users/add", data=FACTS | {"roles": role_id(session, "Editor")}).status_code == 302
    user = session.scalars(select(User).where(User.username == "nora")).one()

    answer = browser.post(f"/users/{user.id}/edit", data=FACTS)

    assert answer.status_code == 422
    assert [role.name for role in user.roles] == ["Editor"]


def test_several_roles_are_given_as_the_field_sends_them(
    sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    browser = sign_in("Admin")
    both = ",".join(role_id(session, name) for name in ("Editor", "Moderator"))
    assert browser.post("/users/add", data=FACTS | {"roles": both}).status_code == 302
    user = session.scalars(select(User).where(User.username == "nora")).one()
    assert {role.name for role in user.roles} == {"Editor", "Moderator"}

    shown = browser.get(f"/users/{user.id}/edit").get_data(as_text=True)
    assert 'name="roles" value="' in shown
    sent = shown.split('name="roles" value="')[1].split('"')[0]
    assert browser.post(f"/users/{user.id}/edit", data=FACTS | {"roles": sent}).status_code == 302
    assert {role.name for role in user.roles} == {"Editor", "Moderator"}


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
