"""Signing in and out: what the tokens say, how long they live, and what ends them."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.security import generate_password_hash

from app.access import passwords
from app.domains.members import service
from app.domains.members.jobs import forget_ended_devices
from app.domains.members.models import Member, MemberDevice, MemberRefresh, MemberToken
from app.domains.members.queries import is_live
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.kernel.settings import Settings, load_settings
from config import access_lifetime, from_settings
from tests.domains.members.steps import OTHER, PASSWORD, WRONG, ask, enter, is_in, make_member, say


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def renew(client: FlaskClient, tokens: dict[str, Any]) -> Any:
    return say(client, "/auth/refresh", {"refresh_token": tokens["refresh_token"]})


@pytest.mark.proves("S0.14", "S4.73")
def test_a_token_says_who_what_and_until_when(client: FlaskClient) -> None:
    member = make_member()
    tokens = enter(client, member)
    said = claims(tokens["access_token"])
    assert said["sub"] == f"member:{member.id}"
    assert {name: said[name] for name in ("email", "username", "is_premium", "permissions")} == {
        "email": member.email, "username": member.username, "is_premium": False,
        "permissions": ["member", "booking:create", "chat:write", "review:create"],
    }  # fmt: skip
    assert said["exp"] - said["iat"] == tokens["expires_in"]
    assert (said["realm"], said["aud"], said["type"]) == ("member", "festoon:member", "access")
    assert said["device"] and said["jti"]


@pytest.mark.proves("S2.89", "S4.147", "S4.148")
def test_a_token_lives_fifteen_minutes_in_production_and_thirty_while_developing() -> None:
    assert access_lifetime(Settings()) == timedelta(minutes=30)
    assert access_lifetime(Settings(environment="production")) == timedelta(minutes=15)
    assert access_lifetime(load_settings({"FESTOON_ACCESS_TOKEN_MINUTES": "7"})) == timedelta(minutes=7)
    assert from_settings(Settings(environment="production"))["CONFIRM_FIRST"] is True
    assert from_settings(Settings())["CONFIRM_FIRST"] is False
    assert from_settings(Settings(environment="production", confirm_first="false"))["CONFIRM_FIRST"] is False


@pytest.mark.proves("S0.14", "S1.46", "S2.89", "S4.147", "S4.148")
@pytest.mark.parametrize("minutes", [15, 30])
def test_a_token_is_over_to_the_second(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    monkeypatch.setitem(app.config, "ACCESS_TOKEN_LIFETIME", timedelta(minutes=minutes))
    member = make_member()
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as traveller:
        token = enter(client, member)["access_token"]
        traveller.shift(timedelta(minutes=minutes, seconds=-1))
        assert is_in(client, token)
        traveller.shift(timedelta(seconds=1))
        assert not is_in(client, token)


@pytest.mark.proves("S1.45")
def test_an_older_kind_of_hash_is_written_anew_at_sign_in(client: FlaskClient) -> None:
    member = make_member(password_hash=generate_password_hash(PASSWORD, method="pbkdf2:sha256:1000"))
    token = enter(client, member)["access_token"]
    stored = db.session.get_one(Member, member.id).password_hash
    assert stored.startswith("$argon2id$") and passwords.verify(stored, PASSWORD)
    assert is_in(client, token)
    assert enter(client, member)


def test_a_wrong_password_and_an_unknown_address_look_and_cost_the_same(
    client: FlaskClient, count_statements: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, suspended = make_member(), make_member(status="suspended")
    computed = []
    real = passwords._compute
    monkeypatch.setattr(passwords, "_compute", lambda *given: computed.append(1) or real(*given))
    bodies, costs = [], []
    for email in (member.email, "nobody@example.com", suspended.email):
        computed.clear()
        with count_statements() as statements:
            answer = say(client, "/auth/login", {"email": email, "password": WRONG})
        assert answer.status_code == 401
        bodies.append({**answer.get_json(), "correlation_id": ""})
        costs.append((len(computed), list(statements)))
    assert bodies[0] == bodies[1] == bodies[2]
    assert costs[0] == costs[1] == costs[2] and costs[0][0] == 1


def test_who_is_suspended_learns_so_with_the_right_password_only(client: FlaskClient) -> None:
    member = make_member(status="suspended")
    answer = say(client, "/auth/login", {"email": member.email, "password": PASSWORD})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "suspended")


@pytest.mark.proves("S2.69", "S4.23")
def test_a_refresh_token_gives_the_next_pair_and_works_once(client: FlaskClient) -> None:
    first = enter(client, make_member())
    with time_machine.travel(clock.now(), tick=False) as traveller:
        second = renew(client, first).get_json()
        assert second["refresh_token"] != first["refresh_token"] and is_in(client, second["access_token"])
        assert is_in(client, first["access_token"])
        traveller.shift(timedelta(seconds=11))
        answer = renew(client, first)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "refresh_refused")
        assert renew(client, second).status_code == 401, "the whole family is dead"
        assert not is_in(client, first["access_token"]) and not is_in(client, second["access_token"])


def test_a_client_that_lost_the_answer_gets_the_same_one_for_ten_seconds(client: FlaskClient) -> None:
    first = enter(client, make_member())
    with time_machine.travel(clock.now(), tick=False) as traveller:
        second = renew(client, first)
        traveller.shift(timedelta(seconds=9))
        assert renew(client, first).data == second.data
        assert db.session.query(MemberRefresh).count() == 2
        assert renew(client, second.get_json()).status_code == 200


def test_the_same_answer_is_not_given_once_its_token_was_used(client: FlaskClient) -> None:
    first = enter(client, make_member())
    second = renew(client, first).get_json()
    third = renew(client, second).get_json()
    assert renew(client, first).status_code == 401
    assert renew(client, third).status_code == 401
    assert not is_in(client, third["access_token"])


def test_a_stolen_token_ends_its_own_device_alone(client: FlaskClient) -> None:
    member = make_member()
    phone, laptop = enter(client, member), enter(client, member)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        renew(client, phone)
        traveller.shift(timedelta(minutes=1))
        assert renew(client, phone).status_code == 401
    assert is_in(client, laptop["access_token"])
    assert renew(client, laptop).status_code == 200


def test_a_refresh_token_rests_for_thirty_days_and_no_longer(client: FlaskClient) -> None:
    tokens = enter(client, make_member())
    assert tokens["refresh_expires_in"] == 30 * 86_400
    with time_machine.travel(clock.now() + timedelta(days=30, seconds=1), tick=False):
        assert renew(client, tokens).status_code == 401
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        assert renew(client, tokens).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 201, "null", "%00", None, 7, ["x"]])
def test_what_is_no_refresh_token_renews_nothing(client: FlaskClient, token: Any) -> None:
    assert say(client, "/auth/refresh", {"refresh_token": token}).status_code in (401, 422)


def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(client: FlaskClient) -> None:
    tokens = enter(client, make_member())
    swapped = say(client, "/auth/refresh", {"refresh_token": tokens["access_token"][:200]})
    assert swapped.status_code == 401
    assert not is_in(client, tokens["refresh_token"])


def test_no_row_holds_a_token(client: FlaskClient) -> None:
    first = enter(client, make_member())
    second = renew(client, first).get_json()
    for table in ("member", "member_device", "member_refresh", "outbox", "audit_entry"):
        rows = str(db.session.execute(text(f"SELECT t::text FROM {table} t")).all())
        for tokens in (first, second):
            assert tokens["refresh_token"] not in rows and tokens["access_token"] not in rows


@pytest.mark.proves("S2.70", "S4.22", "S1.42")
@pytest.mark.parametrize("by", ["access token", "refresh token"])
def test_signing_out_ends_this_device_at_once(client: FlaskClient, by: str) -> None:
    member = make_member()
    phone, laptop = enter(client, member), enter(client, member)
    if by == "access token":
        answer = say(client, "/auth/logout", token=phone["access_token"])
    else:
        answer = say(client, "/auth/logout", {"refresh_token": phone["refresh_token"]})
    assert (answer.status_code, answer.data) == (204, b"")
    assert not is_in(client, phone["access_token"]) and renew(client, phone).status_code == 401
    assert is_in(client, laptop["access_token"]) and renew(client, laptop).status_code == 200


def test_signing_out_takes_no_body_and_needs_some_token(client: FlaskClient) -> None:
    tokens = enter(client, make_member())
    assert ask(client, "/auth/logout", tokens["access_token"], "POST").status_code == 204
    assert ask(client, "/auth/logout", tokens["access_token"], "POST").status_code == 401
    assert ask(client, "/auth/logout", method="POST").status_code == 401
    assert say(client, "/auth/logout", {"refresh_token": "unknown"}).status_code == 204


def change_password(client: FlaskClient, member: Member, token: str) -> None:
    body = {"current_password": PASSWORD, "new_password": OTHER}
    assert say(client, "/auth/change-password", body, token).status_code == 200


def reset_password(client: FlaskClient, member: Member, token: str) -> None:
    body = {"token": service.issue_token(member.id, "reset"), "password": OTHER}
    assert say(client, "/auth/reset-password", body).status_code == 204


def sign_out_everywhere(client: FlaskClient, member: Member, token: str) -> None:
    assert say(client, "/auth/sign-out-everywhere", token=token).status_code == 204


def by_staff(verb: Any) -> Any:
    def act(client: FlaskClient, member: Member, token: str) -> None:
        with unit_of_work():
            verb(db.session.get_one(Member, member.id), "spam")

    return act


ENDINGS = {
    "a changed password": change_password,
    "a reset password": reset_password,
    "signing out everywhere": sign_out_everywhere,
    "staff signing the member out": by_staff(service.sign_out),
    "a suspension": by_staff(service.suspend),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_credential_ends_at_once_with(client: FlaskClient, ending: str) -> None:
    """Access tokens, refresh tokens, tokens just renewed, and what a socket asks: none outlives the moment."""
    member = make_member()
    phone, laptop = enter(client, member), enter(client, member)
    renewed = renew(client, laptop).get_json()
    devices = list(db.session.scalars(select(MemberDevice).where(MemberDevice.member_id == member.id)))
    assert all(is_live(member.id, device.id, device.epoch) for device in devices)
    ENDINGS[ending](client, member, phone["access_token"])
    for tokens in (phone, laptop, renewed):
        assert not is_in(client, tokens["access_token"])
        assert renew(client, tokens).status_code == 401
    assert not any(is_live(member.id, device.id, device.epoch) for device in devices)


def test_a_sign_in_under_way_does_not_outlive_what_ends_everything(client: FlaskClient) -> None:
    """Its device is written after the others were ended, but in the epoch that was over by then."""
    member = make_member()
    tokens = enter(client, member)
    db.session.execute(text("UPDATE member SET epoch = epoch + 1"))
    assert not is_in(client, tokens["access_token"])
    assert renew(client, tokens).status_code == 401


def test_a_member_who_vanished_is_nobody(client: FlaskClient) -> None:
    member = make_member()
    tokens = enter(client, member)
    db.session.delete(db.session.get_one(Member, member.id))
    db.session.commit()
    assert not is_in(client, tokens["access_token"])
    assert renew(client, tokens).status_code == 401


def test_signing_in_is_no_change_of_the_member(client: FlaskClient) -> None:
    """It stands in no history, and does not get in the way of staff who have the member open."""
    member = make_member()
    before = (member.revision, member.updated_at)
    written = "SELECT count(*) FROM audit_entry WHERE owner_type LIKE 'member%'"
    entries = db.session.scalar(text(written))
    renew(client, enter(client, member))
    after = db.session.get_one(Member, member.id, populate_existing=True)
    assert (after.revision, after.updated_at) == before and after.seen_at is not None
    assert db.session.scalar(text(written)) == entries


def test_who_a_token_speaks_for_is_asked_with_one_statement(
    client: FlaskClient, count_statements: Any
) -> None:
    token = enter(client, make_member())["access_token"]
    with count_statements() as statements:
        assert ask(client, "/auth/devices", token).status_code == 200
    assert len(statements) == 2, statements


def test_what_is_long_over_is_forgotten_and_nothing_else(client: FlaskClient) -> None:
    """Addresses of devices are personal: they are kept for thirty days after the device was signed out."""
    member = make_member()
    enter(client, member)
    left = enter(client, member)
    say(client, "/auth/logout", token=left["access_token"])
    service.issue_token(member.id, "reset")
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        tokens = enter(client, member)
        forget_ended_devices()
        assert db.session.query(MemberDevice).count() == 3
    with time_machine.travel(clock.now() + timedelta(days=32), tick=False):
        forget_ended_devices()
        assert db.session.query(MemberDevice).count() == 2
        assert db.session.query(MemberToken).count() == 0
        assert renew(client, tokens).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=95), tick=False):
        forget_ended_devices()
        assert db.session.query(MemberDevice).count() == 0
