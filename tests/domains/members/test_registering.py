"""Registering: an account, a mail to confirm its address, and nothing that tells who has one already."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access import passwords
from app.domains.members.models import Member, MemberToken
from app.domains.members.service import issue_token
from app.kernel.audit import AuditEntry
from app.kernel.db import db
from tests.domains.members.steps import PASSWORD, ask, enter, make_member, say, told

AMAL = {"email": "Amal@Example.com", "password": PASSWORD, "name": "Amal Haddad"}


def find(email: str) -> Member:
    return db.session.execute(select(Member).where(Member.email == email)).scalar_one()


@pytest.mark.proves("S0.15", "S1.33", "S1.34", "S1.35", "S2.67", "S2.68", "S4.20", "S4.21", "S4.27")
def test_a_visitor_registers_signs_in_and_sees_themselves(client: FlaskClient) -> None:
    answer = say(
        client,
        "/auth/register",
        {**AMAL, "locale": "ar", "time_zone": "Europe/Berlin", "phone": "+49 30 1234"},
    )
    assert answer.status_code == 202
    member = find("amal@example.com")
    assert told() == [("member.registered", {"member_id": str(member.id)})]
    tokens = enter(client, member)
    assert tokens["token_type"] == "Bearer" and tokens["expires_in"] == 1800
    me = ask(client, "/auth/me", tokens["access_token"])
    assert me.headers["Cache-Control"] == "no-store"
    data = me.get_json()["data"]
    seen = {name: data[name] for name in ("email", "name", "phone", "locale", "time_zone", "photo")}
    assert seen == {
        "email": "amal@example.com", "name": "Amal Haddad", "phone": "+49 30 1234",
        "locale": "ar", "time_zone": "Europe/Berlin", "photo": None,
    }  # fmt: skip
    assert data["username"].startswith("amal-")
    assert (data["is_verified"], data["is_premium"], data["status"]) == (False, False, "active")
    assert "password" not in me.get_data(as_text=True)


def test_the_language_of_the_browser_is_the_members_until_they_choose(client: FlaskClient) -> None:
    say(client, "/auth/register", AMAL, headers={"Accept-Language": "hi"})
    assert find("amal@example.com").locale == "hi"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("email", "nobody"), ("email", ""), ("email", None), ("email", 7), ("email", "a@b@example.com"),
        ("password", "short"), ("password", "password123"), ("password", "x" * 257), ("password", ["x"]),
        ("password", "amalamal amal"), ("name", ""), ("name", "   "), ("name", "x" * 201), ("phone", "call me"),
        ("locale", "klingon-99-x"), ("time_zone", "Mars/Olympus"), ("username", "a b"), ("username", "é"),
        ("role", "Admin"), ("is_premium", True), ("status", "active"), ("is_verified", True), ("id", "1"),
        ("epoch", 3), ("password_hash", "x"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_at_its_field(client: FlaskClient, field: str, given: Any) -> None:
    answer = say(client, "/auth/register", {**AMAL, field: given})
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]
    assert db.session.scalar(select(func.count()).select_from(Member)) == 0


@pytest.mark.parametrize("is_verified", [True, False])
def test_a_taken_address_gets_the_same_answer_and_its_owner_a_mail(
    client: FlaskClient, is_verified: bool
) -> None:
    """An owner who confirmed it keeps the password; else nobody's counts before the mail is followed."""
    owner = make_member(email="amal@example.com", is_verified=is_verified)
    before = owner.password_hash
    taken = say(client, "/auth/register", {**AMAL, "password": "another long secret"})
    free = say(client, "/auth/register", {**AMAL, "email": "new@example.com"})
    assert (taken.status_code, taken.data) == (free.status_code, free.data)
    assert {name for name, _ in taken.headers} == {name for name, _ in free.headers}
    assert told()[0] == ("member.registration_repeated", {"member_id": str(owner.id)})
    assert find("amal@example.com").password_hash == (before if is_verified else "")
    assert db.session.scalar(select(func.count()).select_from(Member)) == 2


def test_a_taken_address_costs_the_same_statements_and_hashes(
    client: FlaskClient, count_statements: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an answer costs must not tell who has an account: counted, as milliseconds are anybody's."""
    make_member(email="amal@example.com")
    hashed = []
    real = passwords.hash_password
    monkeypatch.setattr(passwords, "hash_password", lambda plain: hashed.append(1) or real(plain))
    costs = []
    for email in ("amal@example.com", "new@example.com"):
        hashed.clear()
        with count_statements() as statements:
            assert say(client, "/auth/register", {**AMAL, "email": email}).status_code == 202
        costs.append((len(hashed), [statement.split("(")[0] for statement in statements]))
    assert costs[0] == costs[1]
    assert costs[0][0] == 1


def test_a_taken_user_name_gets_an_ending_and_tells_nobody(client: FlaskClient) -> None:
    make_member(username="amal")
    assert say(client, "/auth/register", {**AMAL, "username": "Amal"}).status_code == 202
    name = find("amal@example.com").username
    assert name.startswith("amal-") and len(name) == 11
    assert (
        say(client, "/auth/register", {**AMAL, "email": "free@example.com", "username": "Amal.H"}).status_code
        == 202
    )
    assert find("free@example.com").username == "amal.h"


@pytest.mark.parametrize("email", ["محمد@example.com", "x@example.com", "..@example.com"])
def test_an_address_without_a_usable_name_gives_one(client: FlaskClient, email: str) -> None:
    assert say(client, "/auth/register", {**AMAL, "email": email}).status_code == 202
    assert len(find(email).username) >= 3


@pytest.mark.proves("S1.36", "S1.48", "S4.26")
def test_the_link_of_the_mail_confirms_the_address_once(client: FlaskClient) -> None:
    member = make_member(is_verified=False)
    token = issue_token(member.id, "verify")
    stored = db.session.execute(select(MemberToken)).scalar_one()
    assert token not in str(vars(stored)) and len(stored.token_hash) == 64
    assert (stored.expires_at - stored.created_at).total_seconds() == pytest.approx(24 * 3600, abs=5)
    assert say(client, "/auth/verify-email", {"token": token}).status_code == 204
    assert db.session.get_one(Member, member.id).is_verified
    assert told() == [("member.verified", {"member_id": str(member.id)})]
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.actor_kind, entry.actor_label) == ("member", member.name)
    again = say(client, "/auth/verify-email", {"token": token})
    assert (again.status_code, again.get_json()["code"]) == (410, "link_spent")


def test_a_token_of_another_kind_or_of_nobody_confirms_nothing(client: FlaskClient) -> None:
    member = make_member(is_verified=False)
    for token in (issue_token(member.id, "reset"), "x" * 43, "null", "0", str(UUID(int=0))):
        assert say(client, "/auth/verify-email", {"token": token}).status_code == 410
    for nothing in ("", None, [], {}):
        assert say(client, "/auth/verify-email", {"token": nothing}).status_code == 422
    assert not db.session.get_one(Member, member.id).is_verified


def test_a_newer_mail_puts_the_older_one_out_of_use(client: FlaskClient) -> None:
    member = make_member(is_verified=False)
    older, newer = issue_token(member.id, "verify"), issue_token(member.id, "verify")
    assert say(client, "/auth/verify-email", {"token": older}).status_code == 410
    assert say(client, "/auth/verify-email", {"token": newer}).status_code == 204


def test_in_production_an_address_is_confirmed_before_the_first_sign_in(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever registers with another's address learns, by signing in, whether it had an account."""
    monkeypatch.setitem(app.config, "CONFIRM_FIRST", True)
    owner = make_member(email="owner@example.com")
    for email in (owner.email, "new@example.com"):
        say(client, "/auth/register", {**AMAL, "email": email, "password": "the attacker's own"})
    answers = [
        say(client, "/auth/login", {"email": email, "password": "the attacker's own"})
        for email in (owner.email, "new@example.com", "nobody@example.com")
    ]
    bodies = [{**answer.get_json(), "correlation_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401] * 3
    assert bodies[0] == bodies[1] == bodies[2]
    new = find("new@example.com")
    assert say(client, "/auth/verify-email", {"token": issue_token(new.id, "verify")}).status_code == 204
    assert enter(client, new, "the attacker's own")


@pytest.mark.proves("S1.41")
def test_another_mail_is_asked_for_in_the_same_way_for_every_address(
    client: FlaskClient, count_statements: Any
) -> None:
    waiting, done = make_member(is_verified=False), make_member()
    answers, costs = [], []
    for email in (waiting.email, done.email, "nobody@example.com"):
        with count_statements() as statements:
            answer = say(client, "/auth/resend-verification", {"email": email})
        answers.append((answer.status_code, answer.data))
        costs.append([*statements])
    assert len(set(answers)) == 1 and answers[0][0] == 202
    assert costs[0] == costs[1] == costs[2]
    assert [payload["address"] for _, payload in told()] == [waiting.email, done.email, "nobody@example.com"]
