"""A session ends on the server: at sign-out, with a new password, a new role, a deactivation, or in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select, text

from app.access import accounts, sessions
from app.access.manager import security_manager
from app.access.models import StaffSession
from app.access.passwords import hash_password
from app.kernel import clock
from app.kernel.db import db
from tests.access.steps import PASSWORD, carry, cookie_of, enter, is_inside, make_user, post

NEW = "twelve yellow balloons"


@pytest.fixture
def vera(session: Any) -> User:
    return make_user("Viewer")


@pytest.fixture
def inside(client: FlaskClient, vera: User) -> FlaskClient:
    assert enter(client, vera.username).status_code == 303
    assert is_inside(client)
    return client


def test_a_copied_cookie_is_dead_after_sign_out(app: Flask, inside: FlaskClient) -> None:
    stolen = cookie_of(inside)
    assert is_inside(carry(app.test_client(), stolen))
    assert post(inside, "/logout/").headers["Location"] == "/login/"
    assert not is_inside(inside)
    assert not is_inside(carry(app.test_client(), stolen))


def by_the_verb(user: User) -> None:
    accounts.set_password(user, NEW)


def by_flask_appbuilder(user: User) -> None:
    security_manager().reset_password(user.id, NEW)


def by_the_orm(user: User) -> None:
    user.password = hash_password(NEW)


def by_plain_sql(user: User) -> None:
    statement = text("UPDATE ab_user SET password = :new WHERE id = :id")
    db.session.execute(statement, {"new": hash_password(NEW), "id": user.id})


def by_deactivation(user: User) -> None:
    accounts.set_active(user, False)


def by_deactivation_in_sql(user: User) -> None:
    db.session.execute(text("UPDATE ab_user SET active = false WHERE id = :id"), {"id": user.id})


def by_another_role(user: User) -> None:
    accounts.set_roles(user, ["Editor"])


def by_a_role_in_the_orm(user: User) -> None:
    user.roles = [*user.roles, db.session.scalars(select(Role).where(Role.name == "Moderator")).one()]


def by_the_other_end_of_a_role(user: User) -> None:
    role = db.session.scalars(select(Role).where(Role.name == "Moderator")).one()
    role.user.append(user)


def by_ending_all(user: User) -> None:
    sessions.end_all_sessions(user.id)


ENDINGS = [
    by_the_verb, by_flask_appbuilder, by_the_orm, by_plain_sql, by_deactivation, by_deactivation_in_sql,
    by_another_role, by_a_role_in_the_orm, by_the_other_end_of_a_role, by_ending_all,
]  # fmt: skip


@pytest.mark.parametrize("end", ENDINGS)
def test_a_session_ends_at_once(
    end: Callable[[User], None], app: Flask, inside: FlaskClient, vera: User
) -> None:
    other = app.test_client()
    enter(other, vera.username)
    bystander = make_user("Viewer")
    third = app.test_client()
    enter(third, bystander.username)
    end(vera)
    db.session.commit()
    assert not is_inside(inside)
    assert not is_inside(other)
    assert is_inside(third)


def test_a_session_that_ended_does_not_come_back_with_the_user(inside: FlaskClient, vera: User) -> None:
    accounts.set_active(vera, False)
    db.session.commit()
    accounts.set_active(vera, True)
    db.session.commit()
    assert not is_inside(inside)


def test_an_edit_that_changes_no_right_ends_nothing(inside: FlaskClient, vera: User) -> None:
    vera.first_name, vera.email = "Wera", "wera@example.com"
    db.session.commit()
    assert is_inside(inside)


def test_one_session_can_be_spared(app: Flask, inside: FlaskClient, vera: User) -> None:
    other = app.test_client()
    enter(other, vera.username)
    with inside.session_transaction() as cookie:
        token = cookie["token"]
    sessions.end_all_sessions(vera.id, except_token=token)
    db.session.commit()
    assert is_inside(inside)
    assert not is_inside(other)


def test_a_sign_in_takes_a_new_session_whatever_the_cookie_held(client: FlaskClient, vera: User) -> None:
    with client.session_transaction() as cookie:
        cookie.update(token="fixed-by-an-attacker", csrf_token="fixed", planted="yes", _user_id="1")
    assert not is_inside(client)
    enter(client, vera.username)
    with client.session_transaction() as cookie:
        first = cookie["token"]
        assert first != "fixed-by-an-attacker"
        assert cookie.get("csrf_token") != "fixed"
        assert "planted" not in cookie
    enter(client, vera.username)
    with client.session_transaction() as cookie:
        assert cookie["token"] != first
    open_rows = db.session.scalars(select(StaffSession).where(StaffSession.ended_at.is_(None))).all()
    assert [row.user_id for row in open_rows].count(vera.id) == 1


def test_the_database_knows_no_token(inside: FlaskClient) -> None:
    with inside.session_transaction() as cookie:
        token = cookie["token"]
    assert len(token) >= 43
    rows = db.session.execute(text("SELECT staff_session::text FROM staff_session")).scalars().all()
    assert rows
    assert not [row for row in rows if token in row]


def test_a_cookie_that_names_another_user_opens_nothing(inside: FlaskClient) -> None:
    admin = make_user("Admin")
    with inside.session_transaction() as cookie:
        cookie["_user_id"] = str(admin.id)
    assert not is_inside(inside)


@pytest.mark.parametrize("claim", ["1", "x", "", "-1", "9" * 40])
def test_a_cookie_without_a_token_opens_nothing(client: FlaskClient, vera: User, claim: str) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = claim or str(vera.id)
    assert not is_inside(client)


@pytest.mark.parametrize("token", [1, None, [], {"a": 1}, "x" * 5000])
def test_a_token_of_any_shape_is_no_error(client: FlaskClient, vera: User, token: Any) -> None:
    with client.session_transaction() as cookie:
        cookie.update(_user_id=str(vera.id), token=token)
    assert not is_inside(client)


def test_a_session_left_alone_ends(app: Flask, client: FlaskClient, vera: User) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        enter(client, vera.username)
        traveller.shift(app.config["STAFF_SESSION_IDLE"] - timedelta(minutes=2))
        assert is_inside(client)  # and is noted as seen
        traveller.shift(app.config["STAFF_SESSION_IDLE"] - timedelta(minutes=2))
        assert is_inside(client)
        traveller.shift(app.config["STAFF_SESSION_IDLE"] + timedelta(seconds=1))
        assert not is_inside(client)


def test_a_session_in_use_ends_at_last(app: Flask, client: FlaskClient, vera: User) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        enter(client, vera.username)
        end = clock.now() + app.config["STAFF_SESSION_LIFETIME"]
        while clock.now() < end - timedelta(hours=4):
            assert is_inside(client)
            traveller.shift(timedelta(hours=4))
        traveller.shift(timedelta(hours=4, seconds=1))
        assert not is_inside(client)


def test_being_seen_is_written_once_a_minute(app: Flask, client: FlaskClient, vera: User) -> None:
    def seen() -> Any:
        return db.session.scalar(select(StaffSession.seen_at).where(StaffSession.user_id == vera.id))

    with time_machine.travel(clock.now(), tick=False) as traveller:
        enter(client, vera.username)
        first = seen()
        traveller.shift(timedelta(seconds=59))
        client.get("/login/")
        assert seen() == first
        traveller.shift(timedelta(seconds=2))
        client.get("/login/")
        assert seen() == first + timedelta(seconds=61)


def test_old_sessions_are_forgotten_and_living_ones_kept(client: FlaskClient, vera: User) -> None:
    with time_machine.travel(clock.now() - timedelta(days=31), tick=False):
        enter(client, vera.username)
    enter(client, vera.username)
    assert sessions.forget_ended_sessions() == 1
    assert is_inside(client)


def test_a_session_is_written_with_whence_it_came(client: FlaskClient, vera: User) -> None:
    enter(client, vera.username, PASSWORD, address="203.0.113.7")
    row = db.session.scalars(select(StaffSession).where(StaffSession.user_id == vera.id)).one()
    assert row.ip == "203.0.113.7"
    assert row.user_agent.startswith("Werkzeug")
