"""How often, and how much: limits on tries to sign in, and on the size of what is sent."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import math
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request
from flask.json.provider import DefaultJSONProvider
from flask_limiter import Limiter, RequestLimit
from flask_limiter.errors import RateLimitExceeded
from werkzeug.exceptions import TooManyRequests

PER_ADDRESS = "5 per minute"
PER_ACCOUNT = "30 per hour"
STRANGERS_MOST = 64 * 2**10
_SCOPE = "sign-in"
_ACCOUNT = "festoon.account"


class StrictJSON(DefaultJSONProvider):
    """JSON as its standard says; nested too deep it is malformed, not a fault of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON; NaN, Infinity and halves of surrogate pairs are none. Raises ValueError."""
        text = s if isinstance(s, str) else s.decode()
        try:
            value = super().loads(text, parse_constant=_refuse_constant, **kwargs)
            if "\\u" in text:
                json.dumps(value, ensure_ascii=False).encode()  # raises UnicodeEncodeError, a ValueError
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        return value


def limit_bodies(app: Flask) -> None:
    """Bound the size of a body, of its text and the number of its parts, where no setting did."""
    for name, most in (
        ("MAX_CONTENT_LENGTH", 32 * 2**20),
        ("MAX_FORM_MEMORY_SIZE", 2 * 2**20),
        ("MAX_FORM_PARTS", 2_000),
    ):
        if app.config.get(name) in (None, 500_000, 1_000):
            app.config[name] = most
    app.json = StrictJSON(app)


def limit_text() -> None:
    """Hold a body that is no upload to the size of text: werkzeug reads and splits it in one piece."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def limit_stranger() -> None:
    """Hold a stranger on the staff side to what a sign-in takes."""
    request.max_content_length = STRANGERS_MOST


def make_limiter(app: Flask) -> Limiter:
    """Make the program's counter, kept in Valkey so that all processes count together.

    When Valkey is away each process counts for itself: it still limits.
    """
    app.config["RATELIMIT_ENABLED"] = True
    limiter = Limiter(
        key_func=visitor,
        storage_uri=_storage(app.config.get("REDIS_URL") or ""),
        storage_options=_timeouts(app.config.get("REDIS_URL") or ""),
        strategy="moving-window",
        in_memory_fallback_enabled=True,
        key_prefix=app.config.get("LIMIT_PREFIX", "festoon"),
    )
    # Its hooks look for limits at every request, which costs more than a whole public answer. No route has
    # declared ones: `count_sign_ins` asks by itself. A limiter that is known already adds no hooks.
    app.extensions.setdefault("limiter", set()).add(limiter)
    limiter.init_app(app)
    return limiter


def visitor() -> str:
    """Name who is counted: the address, or for IPv6 its /64, which is one customer's."""
    text = request.remote_addr or "127.0.0.1"
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def count_sign_ins(limiter: Limiter) -> Callable[[str], None]:
    """Make the counter of tries that every way to sign in calls before it looks at a password.

    It is called with the account's name and raises TooManyRequests, with Retry-After, past the limit of the
    address or of the account. Tries beyond the address's limit do not count against the account.
    """

    @limiter.shared_limit(PER_ADDRESS, scope=_SCOPE)
    @limiter.shared_limit(PER_ACCOUNT, scope=f"{_SCOPE}-account", key_func=_account)
    def try_once() -> None:
        """Count."""

    def count(name: str) -> None:
        request.environ[_ACCOUNT] = hashlib.sha256(name.strip().lower().encode()).hexdigest()
        try:
            try_once()
        except RateLimitExceeded as error:
            raise TooManyRequests(retry_after=_wait(limiter.current_limit)) from error

    return count


def _wait(limit: RequestLimit | None) -> int:
    """Tell in how many whole seconds the next try is free."""
    if limit is None:
        return 60
    return max(1, min(math.ceil(limit.reset_at - time.time()), limit.limit.get_expiry()))


def _account() -> str:
    return str(request.environ[_ACCOUNT])


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _storage(url: str) -> str:
    """Write a Valkey address as the limiter's library does; memory where there is none."""
    if not url:
        return "memory://"
    url = url.replace("valkey://", "redis://", 1)  # the same protocol, read by the client that is installed
    return f"redis+{url}" if url.startswith("unix:") else url


def _timeouts(url: str) -> dict[str, str | int]:
    return {"socket_timeout": 1, "socket_connect_timeout": 1} if url else {}
