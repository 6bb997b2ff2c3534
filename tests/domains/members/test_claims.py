"""Whose an address is: shown by who reads its mail, and by nothing that was done in its name before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domains.members import service
from app.domains.members.models import Member, MemberDevice
from app.domains.members.service import issue_token
from app.kernel.db import db, unit_of_work
from tests.domains.members.mailbox import link_to, mails_to
from tests.domains.members.steps import OTHER, PASSWORD, WRONG, ask, enter, is_in, make_member, say

VICTIM = "victim@example.com"
MINE = "mallory@example.com"
STRANGERS = "fourteen red umbrellas"


@pytest.fixture(autouse=True)
def kept_mails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL", replace(app.config["MAIL"], host="", keeps=True))


def register(client: FlaskClient, password: str, name: str = "Amal", **more: Any) -> None:
    body = {"email": VICTIM, "password": password, "name": name, **more}
    assert say(client, "/auth/register", body).status_code == 202


def find(email: str = VICTIM) -> Member:
    return db.session.execute(
        select(Member).where(Member.email == email).execution_options(populate_existing=True)
    ).scalar_one()


def sign_in(client: FlaskClient, password: str, email: str = VICTIM) -> Any:
    return say(client, "/auth/login", {"email": email, "password": password})


def put(client: FlaskClient, token: str, **body: Any) -> Any:
    return ask(client, "/auth/me", token, "PUT", json=body)


def set_password(client: FlaskClient, token: str, password: str) -> int:
    return say(client, "/auth/reset-password", {"token": token, "password": password}).status_code


def confirm(client: FlaskClient, token: str) -> int:
    return say(client, "/auth/verify-email", {"token": token}).status_code


def test_who_registered_an_address_of_another_first_is_out_once_the_owner_confirms_it(
    client: FlaskClient,
) -> None:
    register(client, STRANGERS, "Mallory", phone="+49 30 666", username="mallory")
    before = sign_in(client, STRANGERS).get_json()
    early = link_to(VICTIM, "verify")
    register(client, OTHER, "Amal Haddad")
    assert mails_to(VICTIM) == ["verification", "registered_again"]
    assert confirm(client, early) == 410, "the link of the stranger's registration"
    assert set_password(client, link_to(VICTIM, "reset"), PASSWORD) == 204
    assert [sign_in(client, tried).status_code for tried in (STRANGERS, OTHER, PASSWORD)] == [401, 401, 200]
    assert not is_in(client, before["access_token"])
    assert say(client, "/auth/refresh", {"refresh_token": before["refresh_token"]}).status_code == 401
    owner = find()
    assert (owner.is_verified, owner.name, owner.phone) == (True, "Amal Haddad", None)
    assert "mallory" not in owner.username
    assert mails_to(VICTIM)[2:] == ["welcome"], "nobody's password was changed"


def test_nobody_signs_in_to_an_address_that_two_registered_before_one_follows_the_mail(
    client: FlaskClient,
) -> None:
    register(client, STRANGERS)
    token = sign_in(client, STRANGERS).get_json()["access_token"]
    register(client, OTHER)
    assert not is_in(client, token)
    assert [sign_in(client, tried).status_code for tried in (STRANGERS, OTHER, "")] == [401] * 3
    assert {device.ended_because for device in db.session.scalars(select(MemberDevice))} == {"contested"}


def test_a_stranger_who_registers_last_gains_nothing_either(client: FlaskClient) -> None:
    register(client, PASSWORD)
    early = link_to(VICTIM, "verify")
    register(client, STRANGERS)
    register(client, STRANGERS)
    assert confirm(client, early) == 410
    assert set_password(client, link_to(VICTIM, "reset"), OTHER) == 204
    assert [sign_in(client, tried).status_code for tried in (STRANGERS, PASSWORD, OTHER)] == [401, 401, 200]


def test_every_further_mail_to_such_an_address_sets_the_password_too(client: FlaskClient) -> None:
    register(client, STRANGERS)
    register(client, OTHER)
    assert say(client, "/auth/resend-verification", {"email": VICTIM}).status_code == 202
    with unit_of_work():
        service.resend_verification(find())
    assert mails_to(VICTIM)[-2:] == ["registered_again"] * 2


def test_the_same_password_again_is_the_same_person(client: FlaskClient) -> None:
    register(client, PASSWORD)
    token = sign_in(client, PASSWORD).get_json()["access_token"]
    register(client, PASSWORD)
    assert mails_to(VICTIM) == ["verification", "verification"]
    assert confirm(client, link_to(VICTIM, "verify")) == 204
    assert is_in(client, token) and sign_in(client, PASSWORD).status_code == 200


def test_an_address_that_is_confirmed_is_not_touched_by_who_registers_it(client: FlaskClient) -> None:
    owner = make_member(email=VICTIM, name="Amal Haddad")
    token = enter(client, owner)["access_token"]
    before = (owner.password_hash, owner.username, owner.name, owner.epoch)
    register(client, STRANGERS, "Mallory")
    after = find()
    assert (after.password_hash, after.username, after.name, after.epoch) == before
    assert is_in(client, token) and mails_to(VICTIM) == ["address_taken"]


def test_a_registration_again_costs_the_same_statements_whether_the_first_was_confirmed(
    client: FlaskClient, count_statements: Any
) -> None:
    make_member(email="done@example.com")
    make_member(email="waiting@example.com", is_verified=False)
    costs = []
    for email in ("done@example.com", "waiting@example.com", "nobody@example.com"):
        with count_statements() as statements:
            body = {"email": email, "password": OTHER, "name": "Amal"}
            assert say(client, "/auth/register", body).status_code == 202
        costs.append([statement.split("(")[0] for statement in statements])
    assert costs[0] == costs[1] == costs[2]


def test_asking_for_an_address_that_waits_ends_what_was_chosen_for_it(client: FlaskClient) -> None:
    """Else its owner, who expects a mail, confirms with it the account of whoever registered it before."""
    register(client, STRANGERS)
    early = link_to(VICTIM, "verify")
    token = enter(client, make_member())["access_token"]
    assert put(client, token, email=VICTIM, current_password=PASSWORD).status_code == 200
    assert mails_to(VICTIM)[-1] == "registered_again"
    assert confirm(client, early) == 410
    assert sign_in(client, STRANGERS).status_code == 401


def test_a_mail_to_one_address_does_not_confirm_another(client: FlaskClient) -> None:
    register(client, PASSWORD)
    token = sign_in(client, PASSWORD).get_json()["access_token"]
    assert put(client, token, email=MINE, current_password=PASSWORD).status_code == 200
    link = link_to(MINE, "verify")
    assert put(client, token, email=VICTIM, current_password=PASSWORD).status_code == 200
    assert confirm(client, link) == 410
    assert (find().is_verified, find().pending_email) == (False, None)


def test_a_token_counts_for_the_address_that_it_was_made_for_alone(client: FlaskClient) -> None:
    """Also where nobody retired it."""
    member = make_member(is_verified=False, pending_email=MINE)
    verify = issue_token(member.id, "verify")
    other = make_member()
    reset = issue_token(other.id, "reset")
    member.pending_email, other.email = None, "moved@example.com"
    db.session.commit()
    assert (confirm(client, verify), set_password(client, reset, OTHER)) == (410, 410)
    assert not find(member.email).is_verified


def test_saving_the_profile_with_the_own_address_leaves_the_mail_in_use(client: FlaskClient) -> None:
    register(client, PASSWORD)
    token = sign_in(client, PASSWORD).get_json()["access_token"]
    link = link_to(VICTIM, "verify")
    assert put(client, token, email=VICTIM, name="Amal H.").status_code == 200
    assert confirm(client, link) == 204


@pytest.mark.parametrize("way", ["reset", "change"])
def test_a_new_password_drops_an_address_that_was_asked_for(client: FlaskClient, way: str) -> None:
    """Who knew the old password may have asked for it, and would take the account along."""
    member = make_member(email=VICTIM)
    token = enter(client, member)["access_token"]
    assert put(client, token, email=MINE, current_password=PASSWORD).status_code == 200
    link = link_to(MINE, "verify")
    if way == "reset":
        assert set_password(client, issue_token(member.id, "reset"), OTHER) == 204
    else:
        body = {"current_password": PASSWORD, "new_password": OTHER}
        assert say(client, "/auth/change-password", body, token).status_code == 200
    assert find().pending_email is None
    assert confirm(client, link) == 410


def test_the_name_made_from_an_address_does_not_tell_who_else_has_one(client: FlaskClient) -> None:
    make_member(username="jane.doe")
    names = []
    for email in ("jane.doe@example.com", "free.name@example.com"):
        assert (
            say(client, "/auth/register", {"email": email, "password": WRONG, "name": "J"}).status_code == 202
        )
        names.append(find(email).username)
    beginnings, endings = zip(*(name.rsplit("-", 1) for name in names), strict=True)
    assert beginnings == ("jane.doe", "free.name")
    assert [len(ending) for ending in endings] == [6, 6]


RESERVED = ["admin", "Admin", "staff", "root", "support", "festoon", "ad.min", "admin-1", "no-reply"]


@pytest.mark.parametrize("name", RESERVED)
def test_names_that_speak_for_the_house_are_not_for_members(client: FlaskClient, name: str) -> None:
    token = enter(client, make_member())["access_token"]
    body = {"email": VICTIM, "password": PASSWORD, "name": "Amal", "username": name}
    for answer in (put(client, token, username=name), say(client, "/auth/register", body)):
        assert answer.status_code == 422 and list(answer.get_json()["errors"]) == ["username"]
    assert db.session.scalar(select(Member).where(Member.email == VICTIM)) is None


@pytest.mark.parametrize("email", ["admin@example.com", "support@example.com", "no-reply@example.com"])
def test_an_address_that_begins_so_does_not_make_such_a_name(client: FlaskClient, email: str) -> None:
    assert (
        say(client, "/auth/register", {"email": email, "password": PASSWORD, "name": "A"}).status_code == 202
    )
    assert find(email).username.startswith("member-")
