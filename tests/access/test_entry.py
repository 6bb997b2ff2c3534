"""Whoever is signed in is the actor of the request, and of no other."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.access import accounts
from app.kernel.actor import NOBODY, Actor, act_as, current_actor
from app.kernel.db import db
from tests.access.steps import enter, make_user, post


def who(client: FlaskClient, path: str = "/who") -> tuple[str, str, str]:
    facts: dict[str, Any] = client.get(path).get_json()
    return facts["kind"], facts["id"], facts["label"]


def test_the_signed_in_user_is_the_actor(stage: Flask) -> None:
    user = make_user("Viewer")
    user.first_name, user.last_name = "Vera", "Baker"
    db.session.commit()
    client = stage.test_client()
    assert who(client) == ("anonymous", "", "")
    enter(client, user.username)
    assert who(client) == ("user", str(user.id), "Vera Baker")
    post(client, "/logout/")
    assert who(client) == ("anonymous", "", "")


def test_nobody_stays_the_actor_of_the_next_request(stage: Flask) -> None:
    """A thread keeps its context variables from one request to the next."""
    first, second, stranger = stage.test_client(), stage.test_client(), stage.test_client()
    users = make_user("Viewer", name="first"), make_user("Viewer", name="second")
    enter(first, "first")
    enter(second, "second")
    for _ in range(3):
        assert who(first)[1] == str(users[0].id)
        assert who(stranger)[0] == "anonymous"
        assert who(second)[1] == str(users[1].id)
    assert current_actor() == NOBODY
    act_as(Actor("job", "1", "left over"))
    assert who(stranger)[0] == "anonymous"
    assert who(stranger, "/public/who")[0] == "anonymous"


def test_on_the_open_side_staff_are_nobody(stage: Flask) -> None:
    client = stage.test_client()
    enter(client, make_user("Admin").username)
    assert who(client, "/public/who") == ("anonymous", "", "")


def test_requests_in_one_application_context_know_nothing_of_each_other(stage: Flask) -> None:
    """Flask-Login keeps the user in `g`, which such requests share."""
    inside, stranger = stage.test_client(), stage.test_client()
    enter(inside, make_user("Viewer").username)
    with stage.app_context():
        assert who(inside)[0] == "user"
        assert who(stranger)[0] == "anonymous"
        assert who(inside)[0] == "user"
        db.session.remove()


def test_a_user_who_was_kept_out_is_nobody_at_once(stage: Flask) -> None:
    user, client = make_user("Viewer"), stage.test_client()
    enter(client, user.username)
    accounts.set_active(user, False)
    db.session.commit()
    assert who(client)[0] == "anonymous"
