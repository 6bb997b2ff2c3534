"""Signing in: by name or address, never telling who exists, and back to where one was."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import text
from werkzeug.security import generate_password_hash

from app.access import accounts, passwords
from app.kernel.db import db
from tests.access.payloads import ELSEWHERE, OURS, SPOOFED_HOSTS
from tests.access.steps import PASSWORD, enter, form_token, is_inside, make_user, post

WRONG = "thirteen grey pebbles"


@pytest.fixture
def vera(session: Any) -> User:
    return make_user("Viewer", name="Vera.Baker")


@pytest.mark.parametrize("name", ["Vera.Baker", "vera.baker", "VERA.BAKER@EXAMPLE.COM", "  vera.baker "])
def test_name_and_address_both_lead_in_whatever_the_case(client: FlaskClient, vera: User, name: str) -> None:
    assert enter(client, name).status_code == 303
    assert is_inside(client)


def refusals(vera: User) -> list[tuple[str, str]]:
    """Every kind of wrong pair."""
    accounts.set_active(make_user("Viewer", name="gone"), False)
    unset = make_user("Viewer", name="unset")
    db.session.execute(text("UPDATE ab_user SET password = NULL WHERE id = :id"), {"id": unset.id})
    db.session.commit()
    return [
        (vera.username, WRONG), (vera.username, ""), (vera.username, "\0"), (vera.username, "x" * 5000),
        ("nobody", PASSWORD), ("nobody", ""), ("", PASSWORD), ("", ""), ("gone", PASSWORD), ("unset", ""),
        ("unset", "None"), ("ve\0ra", PASSWORD), ("x" * 900, PASSWORD), ("%", PASSWORD),
        ("vera_baker", PASSWORD),
        ("' OR 1=1 --", PASSWORD), ("vera.baker\0", PASSWORD), ("\x01", PASSWORD),
    ]  # fmt: skip


def test_every_refusal_reads_the_same(client: FlaskClient, vera: User) -> None:
    seen = set()
    for name, password in refusals(vera):
        answer = enter(client, name, password)
        assert answer.status_code == 401, (name, password)
        assert "Set-Cookie" not in answer.headers
        assert not is_inside(client)
        seen.add(text_of_error(answer.text))
    assert seen == {"The user name or the password is wrong."}


def text_of_error(page: str) -> str:
    sentence = "The user name or the password is wrong."
    return sentence if page.count(sentence) == 1 else page


def test_every_try_costs_one_statement_and_one_hash(
    client: FlaskClient, vera: User, monkeypatch: pytest.MonkeyPatch, count_statements: Any
) -> None:
    hashes: list[str] = []
    real = passwords._compute
    monkeypatch.setattr(passwords, "_compute", lambda *pair: hashes.append(pair[0]) or real(*pair))
    pairs = refusals(vera)
    form_token(client)
    for name, password in pairs:
        hashes.clear()
        with count_statements() as statements:
            enter(client, name, password)
        assert len(hashes) == 1, (name, password)
        assert len(statements) == 1, (name, password, statements)


def test_a_refused_try_writes_nothing(client: FlaskClient, vera: User) -> None:
    def state() -> list[str]:
        return list(db.session.scalars(text("SELECT ab_user::text FROM ab_user ORDER BY id")))

    before = state()
    enter(client, vera.username, WRONG)
    enter(client, "nobody", WRONG)
    assert state() == before


def test_a_hash_of_flask_appbuilder_is_upgraded_at_sign_in(client: FlaskClient, vera: User) -> None:
    db.session.execute(
        text("UPDATE ab_user SET password = :old WHERE id = :id"),
        {"old": generate_password_hash(PASSWORD), "id": vera.id},
    )
    db.session.commit()
    db.session.expire_all()
    assert enter(client, vera.username).status_code == 303
    assert is_inside(client)
    stored = db.session.scalar(text("SELECT password FROM ab_user WHERE id = :id"), {"id": vera.id})
    assert stored.startswith("$argon2id$")
    assert enter(client, vera.username).status_code == 303


def test_the_page_shows_the_name_again_and_never_the_password(client: FlaskClient, vera: User) -> None:
    page = enter(client, "ver<a>", WRONG).text
    assert "ver&lt;a&gt;" in page
    assert WRONG not in page


def test_the_way_out_takes_a_post(client: FlaskClient, vera: User) -> None:
    enter(client, vera.username)
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        assert client.open("/logout/", method=method).status_code == 405
    assert is_inside(client)
    assert post(client, "/logout/").status_code == 303
    assert not is_inside(client)


def test_the_way_out_takes_a_token(client: FlaskClient, vera: User) -> None:
    enter(client, vera.username)
    assert client.post("/logout/").status_code == 400
    assert is_inside(client)


@pytest.mark.parametrize("target", OURS)
def test_one_comes_back_to_where_one_was(client: FlaskClient, vera: User, target: str) -> None:
    after_sign_in = enter(client, vera.username, next=target)
    already_inside = client.get("/login/", query_string={"next": target})
    for answer in (after_sign_in, already_inside):
        assert unquote(answer.headers["Location"]) == unquote(target)


def test_nobody_is_led_elsewhere(client: FlaskClient, vera: User) -> None:
    """Each payload through the query of the signed-in page, and through the form of a sign-in."""
    enter(client, vera.username)
    for target in ELSEWHERE:
        answer = client.get("/login/", query_string={"next": target})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/"), target
    for target in ELSEWHERE[::6]:
        assert enter(client, vera.username, next=target).headers["Location"] == "/", target


def test_no_host_that_is_made_up_makes_a_target_ours(client: FlaskClient, vera: User) -> None:
    enter(client, vera.username)
    for host in SPOOFED_HOSTS:
        for target in (f"http://{host}/", f"//{host}/", f"https://{host}"):
            spoofed = {"Host": host.encode().decode("latin-1")}
            answer = client.get("/login/", query_string={"next": target}, headers=spoofed)
            assert answer.status_code == 400, host
            assert "Location" not in answer.headers


def test_our_own_whole_address_is_cut_to_its_path(client: FlaskClient, vera: User) -> None:
    enter(client, vera.username)
    answer = client.get("/login/", query_string={"next": "http://localhost/packages/?q=a"})
    assert answer.headers["Location"] == "/packages/?q=a"


def test_a_form_that_lay_too_long_is_shown_again(client: FlaskClient, vera: User) -> None:
    answer = client.post(
        "/login/", data={"username": vera.username, "password": PASSWORD, "csrf_token": "old"}
    )
    assert answer.status_code == 400
    assert "Please sign in again." in answer.text
    assert vera.username in answer.text
    assert not is_inside(client)


def test_signing_in_is_kept_in_no_cache(client: FlaskClient, vera: User) -> None:
    answers = [client.get("/login/"), enter(client, vera.username, WRONG), enter(client, vera.username)]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store, private"] * 3


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(client: FlaskClient, vera: User) -> None:
    cookie = enter(client, vera.username).headers["Set-Cookie"]
    assert cookie.startswith("festoon=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert PASSWORD not in cookie
