"""What the tests of access do again and again: make a user, hold a form's token, sign in."""

from __future__ import annotations

import secrets
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from app.access import accounts
from app.kernel.db import db

PASSWORD = "eleven green lanterns"  # of users that live for one test
_number = count(1)


def make_user(*roles: str, name: str = "", password: str = PASSWORD) -> User:
    """Add a user with these roles."""
    name = name or f"vera-{next(_number)}"
    user = accounts.create_user(name, f"{name}@example.com", password, roles)
    db.session.commit()
    return user


def form_token(client: FlaskClient) -> str:
    """Give the token that a form of this client would carry."""
    with client.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
    secret = client.application.config["SECRET_KEY"]
    return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw))


def post(client: FlaskClient, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    """Send a form of ours."""
    return client.post(path, data={"csrf_token": form_token(client), **(data or {})}, **more)


def enter(client: FlaskClient, name: str, password: str = PASSWORD, **more: Any) -> TestResponse:
    """Try to sign in, from an address of its own unless one is given."""
    address = more.pop("address", f"198.18.{next(_number) % 250}.{secrets.randbelow(250)}")
    data = {"username": name, "password": password, **more}
    return post(client, "/login/", data, environ_overrides={"REMOTE_ADDR": address})


def is_inside(client: FlaskClient) -> bool:
    """Tell whether the client is signed in: the sign-in page then leads on."""
    return client.get("/login/").status_code == 303


def cookie_of(client: FlaskClient) -> str:
    """Copy the session cookie."""
    cookie = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value


def carry(client: FlaskClient, stolen: str) -> FlaskClient:
    """Put a copied session cookie into another client."""
    client.set_cookie(client.application.config["SESSION_COOKIE_NAME"], stolen)
    return client
