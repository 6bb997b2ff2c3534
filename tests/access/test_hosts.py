"""Only the hosts of the settings are served; everything else is told so in plain words."""

from __future__ import annotations

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app.access.hosts import HostGuard, guard_hosts, trusted_hosts
from tests.access.payloads import SPOOFED_HOSTS


def served(hosts: frozenset[str] = frozenset(), proxies: int = 0) -> FlaskClient:
    app = Flask("served")
    app.add_url_rule("/", view_func=lambda: f"{request.host}|{request.scheme}|{request.remote_addr}")
    guard_hosts(app, hosts or trusted_hosts([]), proxies)
    return app.test_client()


@pytest.mark.parametrize("host", SPOOFED_HOSTS)
def test_a_strange_host_gets_400_in_plain_text(host: str) -> None:
    answer = served().get("/", headers={"Host": host.encode().decode("latin-1")})
    assert answer.status_code == 400
    assert answer.content_type == "text/plain; charset=utf-8"
    assert b"evil" not in answer.data


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1:65535", "[::1]", "[::1]:8080"]
)
def test_this_machine_is_served_under_all_its_names(host: str) -> None:
    assert served().get("/", headers={"Host": host}).status_code == 200


def test_hosts_come_from_the_settings() -> None:
    hosts = trusted_hosts(["Shop.Example", " .staff.example "], "192.0.2.7", "https://Festoon.example:8443/x")
    guard = HostGuard(lambda *_: [], hosts)
    for name in (
        "shop.example",
        "a.staff.example:443",
        "b.a.staff.example",
        "192.0.2.7:8080",
        "festoon.example",
    ):
        assert guard.serves(name), name
    for name in ("staff.example", "xstaff.example", "a.shop.example", "evil/.staff.example", "192.0.2.77"):
        assert not guard.serves(name), name


def test_binding_to_all_addresses_trusts_no_new_name() -> None:
    assert trusted_hosts([], "0.0.0.0") == trusted_hosts([]) == trusted_hosts([], "::")
    assert "[2001:db8::1]" in trusted_hosts([], "2001:db8::1", "http://[2001:db8::1]:8080")


def test_without_a_proxy_nobody_may_say_who_they_are() -> None:
    spoof = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    assert served().get("/", headers=spoof).text == "localhost|http|127.0.0.1"


def test_with_one_proxy_only_the_last_word_counts() -> None:
    said = {"X-Forwarded-For": "203.0.113.9, 198.51.100.4", "X-Forwarded-Proto": "http, https"}
    assert served(proxies=1).get("/", headers=said).text == "localhost|https|198.51.100.4"


def test_a_host_a_proxy_names_must_be_ours_too() -> None:
    assert served(proxies=1).get("/", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400
