"""What a member changes of themselves: profile, address, password, photo, devices."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from app.access import passwords
from app.domains.members.models import Member, MemberToken
from app.domains.members.service import issue_token, suspend
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from app.media.models import Asset
from tests.domains.members.steps import OTHER, PASSWORD, WRONG, ask, enter, is_in, make_member, say, told


@pytest.fixture
def bob(client: FlaskClient) -> Member:
    return make_member()


@pytest.fixture
def token(client: FlaskClient, bob: Member) -> str:
    return str(enter(client, bob)["access_token"])


def put(client: FlaskClient, token: str, body: Any, path: str = "/auth/me") -> Any:
    return ask(client, path, token, "PUT", json=body)


def read(member: Member) -> Member:
    return db.session.get_one(Member, member.id, populate_existing=True)


@pytest.mark.proves("S4.28")
@pytest.mark.parametrize("path", ["/auth/me", "/users/profile"])
def test_a_member_changes_their_profile_under_both_of_its_names(
    client: FlaskClient, bob: Member, token: str, path: str
) -> None:
    change = {
        "name": "Bob Ångström",
        "phone": "+49 30 5678",
        "locale": "hi",
        "time_zone": "Asia/Kolkata",
        "username": "Bob.A",
    }
    answer = put(client, token, change, path)
    assert answer.status_code == 200
    expected = change | {"username": "bob.a"}
    assert {name: answer.get_json()["data"][name] for name in expected} == expected
    assert ask(client, "/users/profile", token).data == ask(client, "/auth/me", token).data
    assert put(client, token, {"phone": None}, path).get_json()["data"]["phone"] is None
    assert put(client, token, {}, path).get_json()["data"]["name"] == "Bob Ångström"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", ""), ("name", None), ("email", "x"), ("time_zone", "Nowhere"), ("locale", "!"), ("username", "a"),
        ("status", "active"), ("is_premium", True), ("is_verified", True), ("role", "Admin"), ("id", "x"),
        ("epoch", 1), ("password", "x"), ("asset_id", "x"), ("photo", "x"), ("created_at", "2026-01-01"),
        ("seen_at", None), ("pending_email", "x@example.com"), ("suspended_because", ""), ("revision", 3),
    ],
)  # fmt: skip
def test_what_is_not_theirs_to_change_is_refused(
    client: FlaskClient, bob: Member, token: str, field: str, given: Any
) -> None:
    answer = put(client, token, {field: given})
    assert answer.status_code == 422 and list(answer.get_json()["errors"]) == [field]


def test_a_user_name_that_is_anothers_is_refused(client: FlaskClient, bob: Member, token: str) -> None:
    other = make_member(username="taken")
    answer = put(client, token, {"username": "Taken"})
    assert answer.get_json()["errors"] == {"username": ["This user name is taken."]}
    assert put(client, token, {"username": bob.username}).status_code == 200
    assert read(other).username == "taken"


def test_another_address_counts_once_it_is_confirmed(client: FlaskClient, bob: Member, token: str) -> None:
    reset = issue_token(bob.id, "reset")
    assert put(client, token, {"email": "new@example.com"}).get_json()["errors"] == {
        "current_password": ["The password is wrong."]
    }
    wish = {"email": "new@example.com", "current_password": PASSWORD}
    data = put(client, token, wish).get_json()["data"]
    assert (data["email"], data["pending_email"]) == (bob.email, "new@example.com")
    assert told()[-1] == ("member.address_change_asked", {"member_id": str(bob.id)})
    verify = issue_token(bob.id, "verify")
    assert (
        db.session.scalar(select(MemberToken.address).where(MemberToken.purpose == "verify"))
        == "new@example.com"
    )
    assert say(client, "/auth/verify-email", {"token": verify}).status_code == 204
    assert (read(bob).email, read(bob).pending_email) == ("new@example.com", None)
    assert say(client, "/auth/reset-password", {"token": reset, "password": OTHER}).status_code == 410, (
        "it was mailed to the old address"
    )


def test_an_address_of_another_member_is_told_to_its_owner_alone(
    client: FlaskClient, bob: Member, token: str
) -> None:
    owner = make_member(email="owner@example.com")
    free, taken = (
        put(client, token, {"email": email, "current_password": PASSWORD})
        for email in ("free@example.com", "owner@example.com")
    )
    assert (free.status_code, taken.status_code) == (200, 200)
    assert told()[-1] == ("member.registration_repeated", {"member_id": str(owner.id)})
    answer = say(client, "/auth/verify-email", {"token": issue_token(bob.id, "verify")})
    assert answer.status_code == 422
    assert read(owner).email == "owner@example.com" and read(bob).email == bob.email


def test_a_mail_to_a_former_wish_confirms_nothing(client: FlaskClient, bob: Member, token: str) -> None:
    put(client, token, {"email": "first@example.com", "current_password": PASSWORD})
    first = issue_token(bob.id, "verify")
    put(client, token, {"email": "second@example.com", "current_password": PASSWORD})
    assert say(client, "/auth/verify-email", {"token": first}).status_code == 410
    put(client, token, {"email": bob.email})
    assert read(bob).pending_email is None and read(bob).email == bob.email


def test_a_changed_password_keeps_the_asking_device_signed_in_alone(
    client: FlaskClient, bob: Member, token: str
) -> None:
    laptop = enter(client, bob)["access_token"]
    body = {"current_password": PASSWORD, "new_password": OTHER}
    tokens = say(client, "/auth/change-password", body, token).get_json()
    assert is_in(client, tokens["access_token"]) and not is_in(client, laptop) and not is_in(client, token)
    assert told()[-1] == ("member.password_changed", {"member_id": str(bob.id)})
    assert say(client, "/auth/login", {"email": bob.email, "password": PASSWORD}).status_code == 401
    assert enter(client, bob, OTHER)


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        (WRONG, OTHER, "current_password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, "qwertyuiop1", "new_password"),
    ],
)
def test_a_password_is_changed_by_the_rules(
    client: FlaskClient, bob: Member, token: str, current: str, new: str, field: str
) -> None:
    answer = say(client, "/auth/change-password", {"current_password": current, "new_password": new}, token)
    assert answer.status_code == 422 and list(answer.get_json()["errors"]) == [field]
    assert is_in(client, token)


def test_the_password_is_tried_five_times_a_minute_by_whoever_holds_a_token(
    client: FlaskClient, bob: Member, token: str
) -> None:
    body = {"current_password": WRONG, "new_password": OTHER}
    statuses = [say(client, "/auth/change-password", body, token).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.proves("S1.37", "S4.24")
def test_who_forgot_the_password_is_answered_alike_for_every_address(
    client: FlaskClient, bob: Member, count_statements: Any
) -> None:
    answers, costs = [], []
    for email in (bob.email, "nobody@example.com"):
        with count_statements() as statements:
            answer = say(client, "/auth/forgot-password", {"email": email})
        answers.append((answer.status_code, answer.data))
        costs.append(list(statements))
    assert answers[0] == answers[1] and answers[0][0] == 202
    assert costs[0] == costs[1]
    assert [payload for name, payload in told("member.reset_asked")] == [
        {"address": email, "locale": "en"} for email in (bob.email, "nobody@example.com")
    ]


@pytest.mark.proves("S1.38", "S1.49", "S4.25")
def test_a_link_sets_the_password_once_and_signs_every_device_out(
    client: FlaskClient, bob: Member, token: str
) -> None:
    reset = issue_token(bob.id, "reset")
    stored = db.session.execute(select(MemberToken)).scalar_one()
    assert reset not in str(vars(stored))
    assert (stored.expires_at - stored.created_at).total_seconds() == pytest.approx(30 * 60, abs=5)
    weak = say(client, "/auth/reset-password", {"token": reset, "password": "password123"})
    assert weak.status_code == 422, "and the token is not spent"
    assert say(client, "/auth/reset-password", {"token": reset, "password": OTHER}).status_code == 204
    assert not is_in(client, token)
    assert say(client, "/auth/reset-password", {"token": reset, "password": WRONG}).status_code == 410
    assert enter(client, bob, OTHER)


def test_a_link_is_over_after_thirty_minutes(client: FlaskClient, bob: Member) -> None:
    reset = issue_token(bob.id, "reset")
    with time_machine.travel(clock.now() + timedelta(minutes=30, seconds=1), tick=False):
        assert say(client, "/auth/reset-password", {"token": reset, "password": OTHER}).status_code == 410


def test_a_suspension_puts_links_out_of_use(client: FlaskClient, bob: Member) -> None:
    links = {purpose: issue_token(bob.id, purpose) for purpose in ("reset", "verify")}
    with unit_of_work():
        suspend(read(bob), "spam")
    assert (
        say(client, "/auth/reset-password", {"token": links["reset"], "password": OTHER}).status_code == 410
    )
    assert say(client, "/auth/verify-email", {"token": links["verify"]}).status_code == 410


def test_a_member_sees_their_devices_and_signs_one_out(client: FlaskClient, bob: Member, token: str) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    laptop = enter(client, bob, headers={"User-Agent": agent}, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    body = {"email": bob.email, "password": PASSWORD, "device": "Bob's phone"}
    phone = say(client, "/auth/login", body).get_json()
    listed = ask(client, "/auth/devices", laptop["access_token"]).get_json()["data"]
    assert [device["name"] for device in listed][:2] == ["Bob's phone", "Firefox, Linux"]
    assert [device["is_current"] for device in listed] == [False, True, False]
    assert listed[1]["ip"] == "192.0.2.9"
    gone = ask(client, f"/auth/devices/{listed[0]['id']}", laptop["access_token"], "DELETE")
    assert gone.status_code == 204 and not is_in(client, phone["access_token"])
    assert is_in(client, laptop["access_token"])
    assert len(ask(client, "/auth/devices", token).get_json()["data"]) == 2


def test_the_device_of_another_looks_as_if_there_were_none(
    client: FlaskClient, bob: Member, token: str
) -> None:
    eve = make_member()
    theirs = enter(client, eve)
    device = ask(client, "/auth/devices", theirs["access_token"]).get_json()["data"][0]["id"]
    answers = [
        ask(client, f"/auth/devices/{key}", token, "DELETE")
        for key in (device, "01990000-0000-7000-8000-000000000000")
    ]
    bodies = [{**answer.get_json(), "correlation_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404] and bodies[0] == bodies[1]
    assert is_in(client, theirs["access_token"])


def picture(color: str) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), color).save(file, "PNG")
    file.seek(0)
    return file


def test_a_photo_takes_the_place_of_the_one_before_and_goes(
    client: FlaskClient, bob: Member, token: str
) -> None:
    first, second = (
        ask(client, "/auth/me/photo", token, "PUT", data={"photo": (picture(color), f"{color}.png")})
        for color in ("teal", "coral")
    )
    assert (first.status_code, second.status_code) == (200, 200), first.get_data(as_text=True)
    photo = second.get_json()["data"]["photo"]
    assert (photo["width"], photo["height"]) == (320, 240) and photo["srcset"]
    assert f"users/{bob.id}/avatars/" in photo["url"]
    assert db.session.scalar(select(func.count()).select_from(Asset)) == 1
    with client.get(photo["url"]) as shown:
        assert shown.status_code == 200
    assert ask(client, "/auth/me/photo", token, "DELETE").status_code == 204
    assert ask(client, "/auth/me", token).get_json()["data"]["photo"] is None
    assert db.session.scalar(select(func.count()).select_from(Asset)) == 0


def test_what_is_no_picture_is_refused_at_its_field(client: FlaskClient, bob: Member, token: str) -> None:
    answer = ask(client, "/auth/me/photo", token, "PUT", data={"photo": (io.BytesIO(b"<script>"), "x.png")})
    assert answer.status_code == 422 and list(answer.get_json()["errors"]) == ["photo"]
    assert ask(client, "/auth/me/photo", token, "PUT", data={}).status_code == 422


def test_passwords_are_hashed_and_never_told(client: FlaskClient, bob: Member, token: str) -> None:
    stored = read(bob).password_hash
    assert stored.startswith("$argon2id$") and passwords.verify(stored, PASSWORD)
    for path in ("/auth/me", "/auth/devices"):
        assert stored not in ask(client, path, token).get_data(as_text=True)
