"""How often a visitor may sign in, register and have mails sent: exactly so often, whoever they say they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from app.access import limits
from app.kernel import clock
from tests.domains.members.mailbox import mails_to
from tests.domains.members.steps import PASSWORD, WRONG, address, ask, enter, make_member, say, told

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
def test_thirty_wrong_passwords_an_hour_shut_out_the_address_they_come_from_alone(
    client: FlaskClient, is_known: bool
) -> None:
    member = make_member()
    body = {"email": member.email if is_known else "nobody@example.com", "password": WRONG}
    with time_machine.travel(clock.now(), tick=False) as traveller:
        statuses = []
        for _ in range(31):
            statuses.append(say(client, "/auth/login", body, environ_base=HERE).status_code)
            traveller.shift(timedelta(seconds=13))
        assert statuses == [401] * 30 + [429]
        right = body | {"password": PASSWORD}
        assert say(client, "/auth/login", right, environ_base=HERE).status_code == 429
        assert say(client, "/auth/login", right).status_code == (200 if is_known else 401)
        assert enter(client, member)


@pytest.mark.parametrize("is_known", [True, False])
def test_wrong_passwords_at_one_account_are_limited_also_when_they_come_from_everywhere(
    client: FlaskClient, is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits.PER_ACCOUNT_IN_ALL == "300 per hour"
    monkeypatch.setattr(limits, "PER_ACCOUNT_IN_ALL", "40 per hour")
    body = {"email": make_member().email if is_known else "nobody@example.com", "password": WRONG}
    statuses = [say(client, "/auth/login", body).status_code for _ in range(41)]
    assert statuses == [401] * 40 + [429]


def test_right_passwords_do_not_count_against_the_account(client: FlaskClient) -> None:
    member = make_member()
    tokens = {enter(client, member)["refresh_token"] for _ in range(32)}
    assert len(tokens) == 32


@pytest.mark.proves("S1.41")
@pytest.mark.parametrize("path", ["/auth/forgot-password", "/auth/resend-verification"])
def test_five_mails_an_hour_are_asked_for_to_one_address_wherever_from(
    client: FlaskClient, path: str
) -> None:
    """The sixth is answered as the five before, and sends none: a stranger's asking refuses the owner nothing."""
    for email in (make_member(is_verified="forgot" in path).email, "nobody@example.com"):
        before = len(told())
        answers = [say(client, path, {"email": email}) for _ in range(6)]
        answers.append(say(client, path, {"email": email.upper()}))  # the same address in other letters
        assert {(answer.status_code, answer.data) for answer in answers} == {(202, answers[0].data)}
        assert len(told()) - before == 5
        assert len(mails_to(email)) == (0 if email.startswith("nobody") else 5)


def test_an_hour_later_mails_go_out_again(client: FlaskClient) -> None:
    email = make_member().email
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(6):
            say(client, "/auth/forgot-password", {"email": email})
        traveller.shift(timedelta(hours=1, seconds=1))
        say(client, "/auth/forgot-password", {"email": email})
    assert len(told("member.reset_asked")) == 6


def test_each_kind_of_mail_has_a_limit_of_its_own(client: FlaskClient) -> None:
    """What a stranger asked for in the owner's name leaves the owner's way back open."""
    body = {"email": "amal@example.com"}
    for _ in range(6):
        assert say(client, "/auth/register", registration(1) | body).status_code == 202
        assert say(client, "/auth/resend-verification", body).status_code == 202
    token = enter(client, make_member())["access_token"]
    for _ in range(5):
        wish = body | {"current_password": PASSWORD}
        assert ask(client, "/auth/me", token, "PUT", json=wish).status_code == 200
    assert [name for name, _ in told()].count("member.verification_asked") == 5
    assert [name for name, _ in told()].count("member.registration_repeated") == 4 + 5
    assert say(client, "/auth/forgot-password", body).status_code == 202
    assert told()[-1] == ("member.reset_asked", {"address": "amal@example.com", "locale": "en"})


def test_past_the_limit_a_registration_still_ends_what_another_chose_before(client: FlaskClient) -> None:
    for number in range(6):
        body = registration(1) | {"password": f"umbrellas in a row {number}"}
        assert say(client, "/auth/register", body).status_code == 202
    assert len(told()) == 5
    tries = [
        say(
            client, "/auth/login", {"email": body["email"], "password": f"umbrellas in a row {number}"}
        ).status_code
        for number in range(6)
    ]
    assert tries == [401] * 6


def test_other_addresses_are_mailed_five_times_an_hour_and_the_wish_is_kept(client: FlaskClient) -> None:
    tokens = [enter(client, make_member())["access_token"] for _ in range(2)]
    wish = {"email": "other@example.com", "current_password": PASSWORD}
    answers = [ask(client, "/auth/me", tokens[number % 2], "PUT", json=wish) for number in range(7)]
    assert [answer.get_json()["data"]["pending_email"] for answer in answers] == ["other@example.com"] * 7
    assert len(told("member.address_change_asked")) == 5


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


def test_the_sixth_change_of_the_user_name_in_an_hour_is_refused(client: FlaskClient) -> None:
    """Each tells whether a name is taken."""
    make_member(username="taken")
    member = make_member()
    token, here = enter(client, member)["access_token"], address()

    def rename(name: str) -> Any:
        return ask(client, "/auth/me", token, "PUT", json={"username": name}, environ_base=here)

    assert rename(member.username).status_code == 200, "the own name is no change"
    assert [rename("taken").status_code for _ in range(3)] == [422] * 3
    assert [rename(f"free-{number}").status_code for number in range(2)] == [200] * 2
    assert is_refused(rename("taken")) and is_refused(rename("free-9"))
    assert rename("free-1").status_code == 200
    assert ask(client, "/auth/me", token, "PUT", json={"name": "Still Bob"}).status_code == 200


def test_twenty_changes_of_user_names_an_hour_come_from_one_address(client: FlaskClient) -> None:
    statuses = []
    for number in range(5):
        token = enter(client, make_member())["access_token"]
        for turn in range(5):
            name = {"username": f"name-{number}-{turn}"}
            statuses.append(ask(client, "/auth/me", token, "PUT", json=name, environ_base=HERE).status_code)
    assert statuses == [200] * 20 + [429] * 5


def test_thirty_photos_an_hour_come_from_one_address_and_ten_from_one_member(client: FlaskClient) -> None:
    """Drawing one takes a process of its own, and members cost nothing."""

    def send(token: str) -> int:
        return ask(client, "/auth/me/photo", token, "PUT", data={}, environ_base=HERE).status_code

    tokens = [enter(client, make_member())["access_token"] for _ in range(4)]
    assert [send(tokens[0]) for _ in range(11)] == [422] * 10 + [429]
    assert [send(tokens[1]) for _ in range(10)] + [send(tokens[2]) for _ in range(9)] == [422] * 19
    assert (send(tokens[2]), send(tokens[3])) == (429, 429)
    elsewhere = ask(client, "/auth/me/photo", tokens[3], "PUT", data={}, environ_base=address())
    assert elsewhere.status_code == 422


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
