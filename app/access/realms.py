"""Who may be asked for by which credential: the staff side takes a session, an open side never sees it.

A realm is a group of paths with its own tokens. The key of a token is chosen by the path asked for, never
by the token, so that a token of one realm is noise to every other; the staff side is in no realm.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_jwt_extended import JWTManager
from werkzeug.exceptions import Unauthorized

_EXTENSION = "festoon.realms"
OPEN_PREFIXES = ("/public/", "/static/", "/media/", "/health/")
"""Paths where a staff session is not read: what they answer depends on no signed-in user."""


@dataclass(frozen=True, slots=True)
class Realm:
    """Holders of tokens. Subjects read `<name>:<key>`; `load` finds the holder by key, or None."""

    name: str
    prefix: str
    load: Callable[[str], Any]


def open_realm(app: Flask, realm: Realm) -> None:
    """Let tokens of a realm count on its paths."""
    if not realm.prefix.startswith(OPEN_PREFIXES):
        raise ValueError(f"{realm.prefix} is a staff path: there are no tokens for it")
    app.extensions.setdefault(_EXTENSION, []).append(realm)


def is_staff_path(path: str) -> bool:
    """Tell whether a path belongs to the staff side; every path does that is not named open."""
    return not path.startswith(OPEN_PREFIXES)


def realm_of_request() -> Realm | None:
    """Find the realm whose paths hold the one asked for."""
    realms: list[Realm] = current_app.extensions.get(_EXTENSION, [])
    return next((realm for realm in realms if request.path.startswith(realm.prefix)), None)


def refuse_bearer() -> None:
    """Answer 401 to any bearer token on a staff path: there, a session is the only credential."""
    if request.headers.get("Authorization", "").strip().lower().startswith("bearer"):
        raise Unauthorized("No token is accepted here.")


def bind_realms(tokens: JWTManager) -> None:
    """Make the token library choose its key, and check the subject, by the path asked for."""
    tokens.encode_key_loader(lambda identity: _key(str(identity).partition(":")[0]))
    tokens.decode_key_loader(lambda _header, _claims: _key(_required_realm().name))
    tokens.token_verification_loader(lambda _header, claims: _is_of(_required_realm(), claims))
    tokens.user_lookup_loader(_load_holder)
    for register in (
        tokens.token_verification_failed_loader,
        tokens.user_lookup_error_loader,
        tokens.expired_token_loader,
        tokens.revoked_token_loader,
    ):
        register(_refuse)
    tokens.invalid_token_loader(_refuse)
    tokens.unauthorized_loader(_refuse)


def _refuse(*_facts: Any) -> Any:
    """Answer 401 as the program words its errors; this is an error handler, where nothing may be raised."""
    return current_app.handle_http_exception(Unauthorized("The token is not valid here."))


def _key(realm_name: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"festoon.realm.{realm_name}".encode(), hashlib.sha256).hexdigest()


def _required_realm() -> Realm:
    realm = realm_of_request()
    if realm is None:
        raise Unauthorized("No token is accepted here.")
    return realm


def _is_of(realm: Realm, claims: dict[str, Any]) -> bool:
    return str(claims.get("sub", "")).startswith(f"{realm.name}:")


def _load_holder(_header: dict[str, Any], claims: dict[str, Any]) -> Any:
    realm = realm_of_request()
    if realm is None or not _is_of(realm, claims):
        return None
    return realm.load(str(claims["sub"]).partition(":")[2])
