"""Accounts: only an Admin makes users and gives rights, and there is always an Admin."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import Role, User, assoc_user_role
from sqlalchemy import delete, func, select

from app.access import accounts
from app.access.passwords import verify
from app.access.rules import BuiltInRole, LastAdmin
from app.kernel.db import db
from app.kernel.errors import Forbidden, Invalid, NotFound
from tests.access.steps import PASSWORD, enter, make_user

NEW = "twelve yellow balloons"


@pytest.fixture
def admin(session: Any) -> User:
    return make_user("Admin", name="ada")


@pytest.mark.parametrize("role", ["Editor", "Translator", "Booking operator", "Moderator", "Viewer", ""])
def test_nobody_but_an_admin_makes_an_admin(admin: User, role: str) -> None:
    other = make_user(*([role] if role else []))
    friend = make_user("Viewer")
    with pytest.raises(Forbidden):
        accounts.set_roles(friend, ["Admin"], by=other)
    with pytest.raises(Forbidden):
        accounts.set_roles(other, ["Admin"], by=other)
    with pytest.raises(Forbidden):
        accounts.create_user("new", "new@example.com", PASSWORD, ["Admin"], by=other)
    with pytest.raises(Forbidden):
        accounts.create_user("new", "new@example.com", PASSWORD, [], by=other)
    with pytest.raises(Forbidden):
        accounts.set_password(admin, NEW, by=other)
    with pytest.raises(Forbidden):
        accounts.set_active(admin, False, by=other)
    db.session.expire_all()
    assert [role.name for role in friend.roles] == ["Viewer"]
    assert verify(admin.password, PASSWORD)


def test_an_admin_makes_users_and_gives_rights(admin: User) -> None:
    user = accounts.create_user("new", "new@example.com", PASSWORD, ["Viewer"], by=admin)
    accounts.set_roles(user, ["Editor", "Moderator"], by=admin)
    db.session.commit()
    assert {role.name for role in user.roles} == {"Editor", "Moderator"}
    accounts.set_password(user, NEW, by=admin)
    assert verify(user.password, NEW)


def test_a_deactivated_admin_gives_nothing(admin: User) -> None:
    second = make_user("Admin")
    accounts.set_active(second, False, by=admin)
    db.session.commit()
    with pytest.raises(Forbidden):
        accounts.set_roles(second, ["Admin"], by=second)


def test_users_change_their_own_password_and_by_the_rules(session: Any) -> None:
    vera = make_user("Viewer", name="vera-baker")
    accounts.set_password(vera, NEW, by=vera)
    assert verify(vera.password, NEW)
    for bad in ("short", "aaaaaaaaaaaaaa", "vera-baker-1"):
        with pytest.raises(Invalid) as refusal:
            accounts.set_password(vera, bad, by=vera)
        assert refusal.value.errors["password"]
    assert verify(vera.password, NEW)


@pytest.mark.parametrize(
    ("username", "email", "field"),
    [
        ("", "a@example.com", "username"),
        ("  ", "a@example.com", "username"),
        ("a\nb", "a@example.com", "username"),
        ("x" * 65, "a@example.com", "username"),
        ("ADA", "a@example.com", "username"),
        ("ada@example.com", "a@example.com", "username"),
        ("new", "Ada@Example.com", "email"),
        ("new", "ada", "email"),
        ("new", "", "email"),
    ],
)
def test_a_name_is_somebodys_own(admin: User, username: str, email: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        accounts.create_user(username, email, PASSWORD)
    assert field in refusal.value.errors


def test_a_role_that_does_not_exist_is_not_given(admin: User) -> None:
    vera = make_user("Viewer")
    with pytest.raises(NotFound, match="Emperor"):
        accounts.set_roles(vera, ["Viewer", "Emperor"], by=admin)


def test_the_last_active_admin_stays(admin: User) -> None:
    second = make_user("Admin")
    accounts.set_active(second, False)
    for leave in (
        lambda: accounts.set_active(admin, False, by=admin),
        lambda: accounts.set_roles(admin, [], by=admin),
        lambda: accounts.set_roles(admin, ["Editor"]),
    ):
        with pytest.raises(LastAdmin), db.session.begin_nested():
            leave()
    accounts.set_active(second, True)
    accounts.set_roles(admin, ["Editor"], by=second)
    db.session.commit()
    with pytest.raises(LastAdmin):
        accounts.set_active(second, False)


def test_the_last_admin_stays_whoever_writes(admin: User) -> None:
    def deactivate() -> None:
        admin.active = False

    def demote() -> None:
        admin.roles = []

    def delete() -> None:
        db.session.delete(admin)

    def demote_from_the_other_end() -> None:
        role = db.session.scalars(select(Role).where(Role.name == "Admin")).one()
        db.session.expire_all()
        role.user.remove(admin)

    for leave in (deactivate, demote, delete, demote_from_the_other_end):
        with pytest.raises(LastAdmin), db.session.begin_nested():
            leave()
    assert accounts.has_admin()


def test_rights_are_given_by_an_admin_whoever_writes(stage: Flask, admin: User) -> None:
    """A generated form or API that could write users would still give nobody more than they have."""
    for name, may in (("ada", True), (make_user("Editor").username, False)):
        client = stage.test_client()
        enter(client, name)
        with client:
            client.get("/planted/")
            user = reader(name)
            user.roles = [
                db.session.scalars(select(Role).where(Role.name == name)).one()
                for name in ("Admin", "Viewer")
            ]
            if may:
                db.session.flush()
            else:
                with pytest.raises(Forbidden):
                    db.session.flush()
            db.session.rollback()


def reader(name: str) -> User:
    """Find the user that a form would write."""
    return db.session.scalars(select(User).where(User.username == name)).one()


@pytest.mark.parametrize("name", ["Admin", "Editor", "Viewer"])
def test_a_role_of_the_product_is_neither_deleted_nor_renamed(session: Any, name: str) -> None:
    role = db.session.scalars(select(Role).where(Role.name == name)).one()
    with pytest.raises(BuiltInRole), db.session.begin_nested():
        db.session.delete(role)
    with pytest.raises(BuiltInRole), db.session.begin_nested():
        role.name = "Emperor"
    own = Role(name="Florist")
    db.session.add(own)
    db.session.commit()
    own.name = "Gardener"
    db.session.commit()
    db.session.delete(own)
    db.session.commit()


def test_two_admins_cannot_demote_each_other_at_once(whole_app: Flask) -> None:
    """Two real transactions: the second waits for the first, then sees that it is the last."""
    with whole_app.app_context():
        names = ["first-admin", "second-admin"]
        for name in names:
            accounts.create_user(name, f"{name}@example.com", PASSWORD, ["Admin"])
        db.session.commit()
    both_read = Barrier(2)

    def demote(name: str) -> str:
        with whole_app.app_context():
            user = accounts.find_user(name)
            assert user is not None
            assert [role.name for role in user.roles] == ["Admin"]
            both_read.wait(10)
            try:
                accounts.set_roles(user, ["Viewer"])
                db.session.commit()
            except LastAdmin:
                db.session.rollback()
                return "kept"
            return "demoted"

    try:
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(demote, names)) == ["demoted", "kept"]
    finally:
        with whole_app.app_context():
            ids = select(User.id).where(User.username.in_(names))
            db.session.execute(delete(assoc_user_role).where(assoc_user_role.c.user_id.in_(ids)))
            db.session.execute(delete(User).where(User.username.in_(names)))
            db.session.commit()


def test_the_last_admin_may_take_on_another_role(admin: User) -> None:
    accounts.set_roles(admin, ["Admin", "Editor"], by=admin)
    assert {role.name for role in admin.roles} == {"Admin", "Editor"}


def test_the_first_admin_is_made_once(session: Any) -> None:
    assert not accounts.has_admin()
    made = accounts.create_admin(None)
    assert made is not None
    assert len(made) == 23
    user = accounts.find_user("admin")
    assert user is not None
    assert verify(user.password, made)
    assert accounts.create_admin("something else entirely", username="second") is None
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


@pytest.mark.parametrize("password", ["admin", "festoon123", "short", "1234567890", ""])
def test_production_takes_no_weak_administrator(
    app: Flask, session: Any, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setitem(app.config, "IS_PRODUCTION", True)
    with pytest.raises(Invalid):
        accounts.create_admin(password)
    assert not accounts.has_admin()
    assert accounts.create_admin(PASSWORD) == PASSWORD


@pytest.mark.parametrize("password", ["admin", "password", "changeme", "ada"])
def test_an_administrator_with_a_password_from_an_example_is_found(session: Any, password: str) -> None:
    make_user("Admin", name="good")
    assert accounts.demo_admins() == []
    accounts._add("ada", "ada@example.com", password, ["Admin"], "", "")
    accounts._add("eve", "eve@example.com", password, ["Editor"], "", "")
    assert accounts.demo_admins() == ["ada"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "TAKEN"),
        ("username", "taken@example.com"),
        ("username", "x" * 65),
        ("username", "a\0b"),
        ("username", "\u202eadmin"),
        ("email", "Taken@example.com"),
        ("email", "nobody"),
        ("first_name", "x" * 65),
        ("last_name", "a\nb"),
    ],
)
def test_a_user_is_renamed_by_the_rules_of_a_new_one(session: Any, field: str, value: str) -> None:
    names = {"username": "renamed", "email": "renamed@example.com", "first_name": "R", "last_name": "S"}
    accounts.create_user("taken", "taken@example.com", PASSWORD)
    user = accounts.create_user(names["username"], names["email"], PASSWORD)
    with pytest.raises(Invalid) as caught:
        accounts.rename(user, **(names | {field: value}))
    assert set(caught.value.errors) == {field}
    accounts.rename(user, **(names | {"username": "Renamed"}))
    assert (user.username, user.first_name) == ("Renamed", "R")
