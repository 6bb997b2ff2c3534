"""The members' part of the public contract: its operations, its schemas, and examples that are true."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.domains.members.steps import ROOT, enter, make_member, say

TEN = {
    ("post", "register"), ("post", "login"), ("post", "refresh"), ("post", "logout"), ("get", "me"), ("put", "me"),
    ("post", "verify-email"), ("post", "resend-verification"), ("post", "forgot-password"),
    ("post", "reset-password"),
}  # fmt: skip
SCHEMAS = {
    "Register", "Login", "Refresh", "Logout", "Token", "Address", "NewPassword", "PasswordChange", "Profile",
    "OwnMember", "MemberAnswer", "TokensAnswer", "AcceptedAnswer", "SignedInDevice", "DevicesAnswer",
}  # fmt: skip


@pytest.mark.proves("S1.42")
def test_the_ten_operations_of_signing_in_are_there(client: FlaskClient) -> None:
    paths = client.get(f"{ROOT}/openapi.json").get_json()["paths"]
    there = {(method, path.removeprefix(f"{ROOT}/auth/")) for path, item in paths.items() for method in item}
    assert there >= TEN and len(TEN) == 10


@pytest.mark.proves("S1.43")
def test_what_they_take_and_give_is_described_by_twelve_schemas_and_more(client: FlaskClient) -> None:
    written = client.get(f"{ROOT}/openapi.json").get_json()
    assert written["components"]["schemas"].keys() >= SCHEMAS and len(SCHEMAS) >= 12
    for name in SCHEMAS:
        assert written["components"]["schemas"][name]["properties"], name
    taken = written["paths"][f"{ROOT}/auth/register"]["post"]["requestBody"]["content"]["application/json"]
    assert taken["schema"] == {"$ref": "#/components/schemas/Register"}
    described = written["components"]["schemas"]["Register"]
    assert set(described["required"]) == {"email", "password", "name"}
    assert described["properties"]["password"]["minLength"] == 10


def test_the_examples_are_true(client: FlaskClient) -> None:
    written = client.get(f"{ROOT}/openapi.json").get_json()["paths"]

    def example(name: str) -> dict[str, str]:
        body = written[f"{ROOT}/auth/{name}"]["post"]["requestBody"]["content"]["application/json"]
        found: dict[str, str] = body["example"]
        return found

    assert say(client, "/auth/register", example("register")).status_code == 202
    assert say(client, "/auth/login", example("login")).status_code == 200
    token = enter(client, make_member())["access_token"]
    assert say(client, "/auth/change-password", example("change-password"), token).status_code == 200
    for name in ("forgot-password", "resend-verification"):
        assert say(client, f"/auth/{name}", example(name)).status_code == 202
    for name in ("verify-email", "reset-password"):
        assert say(client, f"/auth/{name}", example(name)).status_code == 410
