"""What the tests of members do again and again: be a member, sign in, ask with a token."""

from __future__ import annotations

from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.access import passwords
from app.domains.members.models import Member
from app.kernel.db import db
from app.kernel.outbox import OutboxRow

PASSWORD = "eleven green lanterns"  # of members that live for one test
OTHER = "twelve grey pebbles"
WRONG = "thirteen blue kites"
ROOT = "/public/v1"
_number = count(1)
_hash = passwords.hash_password(PASSWORD)


def make_member(**facts: Any) -> Member:
    """Add a member."""
    number = next(_number)
    values = {
        "email": f"bob-{number}@example.com",
        "username": f"bob-{number}",
        "name": f"Bob {number}",
        "password_hash": _hash,
        "is_verified": True,
    }
    member = Member(**values | facts)
    db.session.add(member)
    db.session.commit()
    return member


def address() -> dict[str, str]:
    """Give an address from which nobody asked yet."""
    number = next(_number)
    return {"REMOTE_ADDR": f"10.{number // 62_500}.{number // 250 % 250}.{number % 250}"}


def say(client: FlaskClient, path: str, body: Any = None, token: str = "", **more: Any) -> TestResponse:
    """Send a body to an operation, from an address of its own unless one is given."""
    more.setdefault("environ_base", address())
    headers = more.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
    return client.post(f"{ROOT}{path}", json={} if body is None else body, headers=headers, **more)


def ask(client: FlaskClient, path: str, token: str = "", method: str = "GET", **more: Any) -> TestResponse:
    """Ask an operation for something."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.open(f"{ROOT}{path}", method=method, headers=headers, **more)


def enter(client: FlaskClient, member: Member, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    """Sign in and give the tokens."""
    answer = say(client, "/auth/login", {"email": member.email, "password": password}, **more)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def is_in(client: FlaskClient, token: str) -> bool:
    """Tell whether an access token still opens the member's own page."""
    status = ask(client, "/auth/me", token).status_code
    assert status in (200, 401)
    return status == 200


def told(topic: str = "") -> list[tuple[str, dict[str, Any]]]:
    """List the news that were recorded, oldest first."""
    rows = db.session.execute(select(OutboxRow.topic, OutboxRow.payload).order_by(OutboxRow.id))
    return [(name, payload) for name, payload in rows if name.startswith(topic or "member.")]
