"""How often a visitor may sign in, register and have mails sent: exactly so often, whoever they say they are."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.domains.members.steps import PASSWORD, WRONG, address, ask, enter, make_member, say

HERE = {"REMOTE_ADDR": "198.51.100.7"}


def registration(number: int) -> dict[str, str]:
    return {"email": f"amal-{number}@example.com", "password": PASSWORD, "name": "Amal"}


def is_refused(answer: Any) -> bool:
    """Tell whether it is a refusal by a limit, whole with when to come back."""
    if answer.status_code != 429:
        return False
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    assert answer.get_json()["code"] == "too_many_requests"
    return True


@pytest.mark.proves("S4.78")
@pytest.mark.parametrize("password", [PASSWORD, WRONG])
def test_the_sixth_sign_in_of_a_minute_from_one_address_is_refused(
    client: FlaskClient, password: str
) -> None:
    member = make_member()
    body = {"email": member.email, "password": password}
    answers = [say(client, "/auth/login", body, environ_base=HERE) for _ in range(6)]
    assert [is_refused(answer) for answer in answers] == [False] * 5 + [True]
    assert enter(client, member)


@pytest.mark.proves("S4.79")
def test_the_fourth_registration_of_a_minute_from_one_address_is_refused(client: FlaskClient) -> None:
    answers = [say(client, "/auth/register", registration(number), environ_base=HERE) for number in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert is_refused(answers[3])
    assert say(client, "/auth/register", registration(9)).status_code == 202


def test_made_up_addresses_in_headers_do_not_help(client: FlaskClient) -> None:
    statuses = [
        say(
            client,
            "/auth/login",
            {"email": "x@example.com", "password": WRONG},
            environ_base=HERE,
            headers={"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=192.0.2.{number}"},
        ).status_code
        for number in range(100)
    ]
    assert statuses == [401] * 5 + [429] * 95


@pytest.mark.parametrize("is_known", [True, False])
def test_wrong_passwords_at_one_account_are_limited_wherever_they_come_from(
    client: FlaskClient, is_known: bool
) -> None:
    email = make_member().email if is_known else "nobody@example.com"
    body = {"email": email, "password": WRONG}
    statuses = [say(client, "/auth/login", body).status_code for _ in range(31)]
    assert statuses == [401] * 30 + [429]


def test_right_passwords_do_not_count_against_the_account(client: FlaskClient) -> None:
    member = make_member()
    for _ in range(32):
        enter(client, member)


@pytest.mark.proves("S1.41")
@pytest.mark.parametrize("path", ["/auth/forgot-password", "/auth/resend-verification"])
def test_five_mails_an_hour_are_asked_for_to_one_address_wherever_from(
    client: FlaskClient, path: str
) -> None:
    for email in (make_member().email, "nobody@example.com"):
        answers = [say(client, path, {"email": email}) for _ in range(6)]
        assert [is_refused(answer) for answer in answers] == [False] * 5 + [True]
        assert is_refused(say(client, path, {"email": email.upper()})), "the same address in other letters"


def test_the_ways_to_have_mail_sent_count_together(client: FlaskClient) -> None:
    body = {"email": "amal@example.com"}
    for _ in range(2):
        assert say(client, "/auth/forgot-password", body).status_code == 202
        assert say(client, "/auth/resend-verification", body).status_code == 202
    assert say(client, "/auth/register", registration(1) | body).status_code == 202
    assert is_refused(say(client, "/auth/register", registration(1) | body))


def test_eleven_mails_a_minute_are_one_too_many_from_one_address(client: FlaskClient) -> None:
    answers = [
        say(client, "/auth/forgot-password", {"email": f"{number}@example.com"}, environ_base=HERE)
        for number in range(11)
    ]
    assert [is_refused(answer) for answer in answers] == [False] * 10 + [True]


@pytest.mark.parametrize("path", ["/auth/verify-email", "/auth/reset-password"])
def test_links_cannot_be_guessed_at_will(client: FlaskClient, path: str) -> None:
    body = {"token": "guess"} | ({"password": PASSWORD} if "reset" in path else {})
    statuses = [say(client, path, body, environ_base=HERE).status_code for _ in range(21)]
    assert statuses == [410] * 20 + [429]


def test_staff_and_members_sign_in_under_one_limit_of_their_address(client: FlaskClient) -> None:
    """An address gets five tries, not five on each side."""
    body = {"email": "x@example.com", "password": WRONG}
    for _ in range(5):
        say(client, "/auth/login", body, environ_base=HERE)
    staff = client.post("/login/", data={"username": "x", "password": WRONG}, environ_base=HERE)
    assert staff.status_code == 429


def test_reading_is_not_limited(client: FlaskClient) -> None:
    token = enter(client, make_member())["access_token"]
    here = address()
    statuses = {ask(client, "/auth/me", token, environ_base=here).status_code for _ in range(40)}
    assert statuses == {200}
