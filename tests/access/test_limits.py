"""Tries to sign in are counted, by address and by account, on whatever way, with and without Valkey."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import limit
from flask_appbuilder.security.sqla.models import User
from werkzeug.exceptions import TooManyRequests

from app.access import limits
from app.access.limits import STRANGERS_MOST, _storage, limit_bodies, visitor
from app.kernel import clock
from tests.access.steps import PASSWORD, enter, is_inside, make_user, post

WRONG = "thirteen grey pebbles"
HERE = "198.51.100.7"


@pytest.fixture
def vera(session: Any) -> User:
    return make_user("Viewer")


@pytest.mark.proves("S4.78")
def test_the_sixth_try_in_a_minute_is_refused_and_told_when_to_come_back(
    client: FlaskClient, vera: User
) -> None:
    statuses = [enter(client, vera.username, WRONG, address=HERE).status_code for _ in range(5)]
    assert statuses == [401] * 5
    sixth = enter(client, vera.username, PASSWORD, address=HERE)
    assert sixth.status_code == 429
    assert 1 <= int(sixth.headers["Retry-After"]) <= 60
    assert not is_inside(client)
    assert enter(client, vera.username, PASSWORD, address="198.51.100.8").status_code == 303


def test_the_limit_is_a_moving_minute(client: FlaskClient, vera: User) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(5):
            enter(client, vera.username, WRONG, address=HERE)
            traveller.shift(timedelta(seconds=11))
        assert enter(client, vera.username, WRONG, address=HERE).status_code == 429
        traveller.shift(timedelta(seconds=6))
        assert enter(client, vera.username, WRONG, address=HERE).status_code == 401
        assert enter(client, vera.username, WRONG, address=HERE).status_code == 429


def test_tries_at_different_names_count_together(client: FlaskClient, vera: User) -> None:
    for number in range(5):
        enter(client, f"nobody-{number}", WRONG, address=HERE)
    assert enter(client, vera.username, address=HERE).status_code == 429


def test_a_thousand_made_up_addresses_are_one_visitor(client: FlaskClient, vera: User) -> None:
    statuses = []
    for number in range(1000):
        spoofed = {
            "X-Forwarded-For": f"203.0.113.{number % 250}",
            "X-Real-IP": f"192.0.2.{number % 250}",
            "Forwarded": f"for=192.0.2.{number % 250}",
        }
        answer = post(client, "/login/", {"username": "x", "password": "y"}, headers=spoofed)
        statuses.append(answer.status_code)
    assert statuses == [401] * 5 + [429] * 995


def test_a_right_password_does_not_count_against_the_account(client: FlaskClient, vera: User) -> None:
    """Forty of one user's sign-ins in an hour, from many places, leave the account open."""
    for number in range(40):
        assert enter(client, vera.username, address=f"203.0.113.{number}").status_code == 303
        assert post(client, "/logout/").status_code == 303
    assert enter(client, vera.username, WRONG, address=HERE).status_code == 401


@pytest.mark.parametrize("name", ["vera", "nobody at all"])
def test_thirty_wrong_passwords_shut_out_their_own_address_alone(
    client: FlaskClient, session: Any, name: str
) -> None:
    """A stranger who goes on guessing does not keep the owner from signing in elsewhere."""
    make_user("Viewer", name="vera")
    with time_machine.travel(clock.now(), tick=False) as traveller:
        statuses = []
        for _ in range(31):
            statuses.append(enter(client, name, WRONG, address=HERE).status_code)
            traveller.shift(timedelta(seconds=13))
        assert statuses == [401] * 30 + [429]
        assert enter(client, name, PASSWORD, address=HERE).status_code == 429
        assert enter(client, "vera", PASSWORD, address="203.0.113.9").status_code == 303


@pytest.mark.parametrize("name", ["vera", "nobody at all"])
def test_an_account_is_limited_across_addresses(
    client: FlaskClient, session: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_ACCOUNT_IN_ALL", "40 per hour")
    make_user("Viewer", name="vera")
    statuses = [enter(client, name, WRONG, address=f"203.0.113.{number}").status_code for number in range(41)]
    assert statuses == [401] * 40 + [429]


def test_three_hundred_wrong_passwords_an_hour_are_the_most_at_one_account(app: Flask) -> None:
    def fail(number: int, account: str = "vera") -> None:
        with app.test_request_context(environ_base={"REMOTE_ADDR": f"203.0.{number // 200}.{number % 200}"}):
            limits.begin_sign_in("staff", account)()

    for number in range(300):
        fail(number)
    for account in ("vera", "VERA"):
        with pytest.raises(TooManyRequests) as refused:
            fail(300, account)
        assert 1 <= int(refused.value.retry_after or 0) <= 3600  # type: ignore[arg-type]
    fail(301, "victor")


def test_an_attacker_at_the_limit_does_not_lock_the_account(client: FlaskClient, vera: User) -> None:
    for _ in range(100):
        enter(client, vera.username, WRONG, address=HERE)
    assert enter(client, vera.username, address="203.0.113.9").status_code == 303


def test_a_limit_that_would_not_hold_is_refused(stage: Flask) -> None:
    """Flask-AppBuilder's own decorator needs a hook at every request, which the program does without."""

    class LimitedView(BaseView):
        route_base = "/limited"

        @expose("/")
        @limit("1 per minute")
        def index(self) -> str:
            return "limited"

    with stage.app_context(), pytest.raises(NotImplementedError, match="LimitedView"):
        stage.extensions["appbuilder"].add_view_no_menu(LimitedView)


def test_counting_costs_other_requests_nothing(app: Flask) -> None:
    hooks = [*app.before_request_funcs[None], *app.after_request_funcs[None]]
    assert not [hook for hook in hooks if "imiter" in repr(hook)]


def test_no_other_path_takes_a_password(app: Flask) -> None:
    """The traps: FAB's API login was never limited. It is not there."""
    with_login = [
        str(rule) for rule in app.url_map.iter_rules() if "login" in str(rule) and "POST" in rule.methods
    ]
    assert sorted(with_login) == ["/login/", "/public/v1/auth/login"]
    client = app.test_client()
    for path in (
        "/api/v1/security/login",
        "/api/v1/security/refresh",
        "/api/v1/security/users/",
        "/register/form",
    ):
        assert client.get(path).status_code == 404
        assert post(client, path).status_code == 404


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "127.0.0.1"),
        ("unix:", "unix:"),
    ],
)
def test_a_visitor_is_an_address_or_a_whole_network_of_one_customer(address: str, name: str) -> None:
    with Flask("here").test_request_context(environ_overrides={"REMOTE_ADDR": address}):
        assert visitor() == name


def test_the_address_of_valkey_is_written_as_the_counter_needs_it() -> None:
    assert _storage("") == "memory://"
    assert _storage("unix:///run/valkey.sock?db=0") == "redis+unix:///run/valkey.sock?db=0"
    assert _storage("redis://:secret@localhost:6379/0") == "redis://:secret@localhost:6379/0"
    assert _storage("valkey://localhost:6379/1") == "redis://localhost:6379/1"
    assert _storage("rediss://cache.example:6380") == "rediss://cache.example:6380"


def test_bodies_are_bounded_and_settings_win() -> None:
    app = Flask("bounded")
    limit_bodies(app)
    assert app.config["MAX_CONTENT_LENGTH"] == 32 * 2**20
    assert app.config["MAX_FORM_MEMORY_SIZE"] == 2 * 2**20
    assert app.config["MAX_FORM_PARTS"] == 2000
    app.config["MAX_CONTENT_LENGTH"] = 10
    limit_bodies(app)
    assert app.config["MAX_CONTENT_LENGTH"] == 10


def test_a_stranger_has_nothing_long_to_say(client: FlaskClient) -> None:
    long = {"username": "x" * STRANGERS_MOST, "password": "y"}
    assert post(client, "/login/", long).status_code == 413
    assert post(client, "/login/", long, content_type="multipart/form-data").status_code == 413
    assert post(client, "/login/", {"username": "x" * 60_000, "password": "y"}).status_code == 401


def test_a_form_is_held_to_the_size_of_text(client: FlaskClient, vera: User) -> None:
    """Werkzeug reads a plain form whole, whatever MAX_FORM_MEMORY_SIZE says: 32 MiB of `&a` are gigabytes."""
    enter(client, vera.username)
    most = client.application.config["MAX_FORM_MEMORY_SIZE"]
    assert post(client, "/language", {"locale": "de", "more": "x" * (most - 1000)}).status_code == 303
    assert post(client, "/language", {"locale": "de", "more": "x" * most}).status_code == 413
    many = {f"field-{number}": "" for number in range(3000)}
    assert post(client, "/language", many, content_type="multipart/form-data").status_code == 413


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a":' * 50_000, "NaN", '{"a": -Infinity}', "[1,", "1" * 5000]
)
def test_json_that_is_none_is_a_value_error(body: str) -> None:
    app = Flask("strict")
    limit_bodies(app)
    with pytest.raises(ValueError, match=r"\w"):
        app.json.loads(body)
    assert app.json.loads('{"a": [1, null, "NaN"]}') == {"a": [1, None, "NaN"]}
