"""Who may be asked for by which credential: the staff side takes a session, an open side never sees it.

A realm is a group of paths with its own tokens. The key of a token is chosen by the path asked for, never
by the token, so that a token of one realm is noise to every other; the staff side is in no realm.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _l
from flask_jwt_extended import JWTManager, create_access_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import PyJWTError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.kernel.actor import Actor, act_as

_EXTENSION = "festoon.realms"
_HOLDER = "festoon.holder"
_ISSUER = "festoon"
_LONGEST = 4096
OPEN_PREFIXES = ("/public/", "/static/", "/media/", "/health/", "/sample/")
"""Paths where a staff session is not read: what they answer depends on no signed-in user."""

_asked: ContextVar[str] = ContextVar("realm", default="")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a token speaks for: a member who may be here now, on a device that is signed in."""

    id: UUID
    device_id: UUID
    epoch: int
    email: str
    username: str
    name: str
    locale: str
    time_zone: str
    is_verified: bool
    is_premium: bool


@dataclass(frozen=True, slots=True)
class Realm:
    """Holders of tokens. Subjects read `<name>:<key>`; `load` finds the holder by key and claims, or None."""

    name: str
    prefix: str
    load: Callable[[str, Mapping[str, Any]], Any]

    @property
    def audience(self) -> str:
        """Give what the tokens name as the audience."""
        return f"festoon:{self.name}"


def open_realm(app: Flask, realm: Realm) -> None:
    """Let tokens of a realm count on its paths."""
    if not realm.prefix.startswith(OPEN_PREFIXES):
        raise ValueError(f"{realm.prefix} is a staff path: there are no tokens for it")
    app.extensions.setdefault(_EXTENSION, []).append(realm)


def is_staff_path(path: str) -> bool:
    """Tell whether a path belongs to the staff side; every path does that is not named open."""
    return not path.startswith(OPEN_PREFIXES)


def realm_of_request() -> Realm | None:
    """Find the realm whose paths hold the one asked for; or the one that `holder_of` was called for."""
    name = _asked.get()
    if name:
        return _named(name)
    return next((realm for realm in _realms() if request.path.startswith(realm.prefix)), None)


def refuse_bearer() -> None:
    """Answer 401 to any bearer token on a staff path: there, a session is the only credential."""
    if request.headers.get("Authorization", "").strip().lower().startswith("bearer"):
        raise Unauthorized(_l("No token is accepted here."))


def holder() -> Any:
    """Give who the request's token speaks for; raises Unauthorized without one, or with a bad one."""
    found = holder_if_any()
    if found is None:
        raise _unauthorized(_l("A token is needed here."))
    return found


def holder_if_any() -> Any:
    """Give who the request's token speaks for, or None without a token; a bad one raises Unauthorized.

    One statement, and none without a token. What the request writes is written in the holder's name.
    """
    if _HOLDER in request.environ:
        return request.environ[_HOLDER]
    token = _token_of_request()
    if token is None:
        return None
    realm = realm_of_request()
    if realm is None:
        raise _unauthorized(_l("No token is accepted here."))
    found = holder_of(token, realm.name)
    act_as(Actor(realm.name, str(getattr(found, "id", "")), str(getattr(found, "name", ""))))
    request.environ[_HOLDER] = found
    return found


def holder_of(token: str, realm_name: str) -> Any:
    """Give who a token of a realm speaks for, wherever it came from; raises Unauthorized.

    The caller names the realm: never take its name from the token.
    """
    with _asking_for(realm_name):
        realm = _named(realm_name)
        try:
            claims = decode_token(token) if 0 < len(token) <= _LONGEST else {}
        except (PyJWTError, JWTExtendedException, ValueError, TypeError, RecursionError) as error:
            raise _unauthorized() from error
        found = realm.load(_key_of(realm, claims), claims) if _is_of(realm, claims) else None
    if found is None:
        raise _unauthorized()
    return found


def make_token(
    realm_name: str, key: str, claims: Mapping[str, Any], issued_at: datetime, lifetime: timedelta
) -> str:
    """Make an access token of a realm for the holder of that key."""
    facts = dict(claims) | {"iat": issued_at, "exp": issued_at + lifetime}
    made: str = create_access_token(f"{realm_name}:{key}", expires_delta=lifetime, additional_claims=facts)
    return made


def access_lifetime() -> timedelta:
    """Tell how long an access token is good for."""
    lifetime: timedelta = current_app.config["ACCESS_TOKEN_LIFETIME"]
    return lifetime


def refresh_lifetime() -> timedelta:
    """Tell how long a device may rest before it must sign in anew."""
    lifetime: timedelta = current_app.config["REFRESH_TOKEN_LIFETIME"]
    return lifetime


def keyed_hash(purpose: str, *parts: str) -> str:
    """Make 256 bits that nobody can make without the program's secret, in 43 letters; another purpose, others."""
    secret = _key(purpose).encode()
    made = hmac.new(secret, "\0".join(parts).encode(errors="replace"), hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def bind_realms(tokens: JWTManager) -> None:
    """Make the token library choose its key, and check the claims, by the path asked for."""
    tokens.encode_key_loader(lambda identity: _key(_realm_name(identity)))
    tokens.additional_claims_loader(_own_claims)
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


def _token_of_request() -> str | None:
    """Read the bearer token; None where the request bears none, "" where it is empty."""
    given = request.environ.get("HTTP_AUTHORIZATION")
    if not given:
        return None
    scheme, _, token = given.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _unauthorized(sentence: Any = None) -> Unauthorized:
    return Unauthorized(
        sentence or _l("The token is not valid here."), www_authenticate=WWWAuthenticate("bearer")
    )


def _refuse(*_facts: Any) -> Any:
    """Answer 401 as the program words its errors; this is an error handler, where nothing may be raised."""
    return current_app.handle_http_exception(_unauthorized())


def _realms() -> list[Realm]:
    realms: list[Realm] = current_app.extensions.get(_EXTENSION, [])
    return realms


def _named(name: str) -> Realm:
    return next(realm for realm in _realms() if realm.name == name)


@contextmanager
def _asking_for(name: str) -> Iterator[None]:
    mark = _asked.set(name)
    try:
        yield
    finally:
        _asked.reset(mark)


def _realm_name(identity: Any) -> str:
    return str(identity).partition(":")[0]


def _own_claims(identity: Any) -> dict[str, Any]:
    name = _realm_name(identity)
    return {"realm": name, "aud": f"festoon:{name}", "iss": _ISSUER}


def _key(realm_name: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"festoon.realm.{realm_name}".encode(), hashlib.sha256).hexdigest()


def _required_realm() -> Realm:
    realm = realm_of_request()
    if realm is None:
        raise _unauthorized(_l("No token is accepted here."))
    return realm


def _is_of(realm: Realm, claims: Mapping[str, Any]) -> bool:
    """Tell whether the claims are whole and all name this realm."""
    return (
        claims.get("realm") == realm.name
        and claims.get("aud") == realm.audience
        and claims.get("iss") == _ISSUER
        and claims.get("type") == "access"
        and all(claims.get(name) for name in ("exp", "iat", "jti"))
        and str(claims.get("sub", "")).startswith(f"{realm.name}:")
    )


def _key_of(realm: Realm, claims: Mapping[str, Any]) -> str:
    return str(claims["sub"]).removeprefix(f"{realm.name}:") if "sub" in claims else ""


def _load_holder(_header: dict[str, Any], claims: dict[str, Any]) -> Any:
    realm = realm_of_request()
    if realm is None or not _is_of(realm, claims):
        return None
    return realm.load(_key_of(realm, claims), claims)
