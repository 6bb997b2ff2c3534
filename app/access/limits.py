"""How often, and how much: limits on what a visitor asks for, and on the size of what is sent."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import logging
import math
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask.json.provider import DefaultJSONProvider
from flask_limiter import Limiter
from limits import RateLimitItem
from limits import parse as read_limit
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter, RateLimiter
from werkzeug.exceptions import TooManyRequests

PER_ADDRESS = "5 per minute"
"""Tries to sign in from one address, by staff or members, right or wrong."""
PER_ACCOUNT = "30 per hour"
"""Tries with a wrong password at one account from one address; a right one does not count."""
PER_ACCOUNT_IN_ALL = "300 per hour"
"""The same from all addresses: so many that a stranger does not shut the owner out with a few."""
STRANGERS_MOST = 64 * 2**10
AWAY = 5.0
"""For how many seconds a Valkey that did not answer is left alone."""
_EXTENSION = "festoon.counts"
_Found = TypeVar("_Found")

log = logging.getLogger(__name__)


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


class First:
    """Counts the first few uses of each visitor in each minute of the clock, in this process; forgets the rest."""

    def __init__(self) -> None:
        self._minute = 0
        self._taken: dict[tuple[str, str], int] = {}

    def take(self, key: tuple[str, str], few: int) -> bool:
        """Count one; False when the few are taken."""
        minute = int(time.monotonic() / 60)
        if minute != self._minute:
            self._minute, self._taken = minute, {}
        taken = self._taken.get(key, 0)
        if taken < few:
            self._taken[key] = taken + 1
        return taken < few


class Counts:
    """Counts in Valkey, so that all processes count together; each for itself while that is away."""

    def __init__(self, shared: RateLimiter) -> None:
        self._shared = shared
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._away_until = 0.0
        self.first = First()

    def spend(self, item: RateLimitItem, *keys: str) -> bool:
        """Count one; False, and nothing counted, when there is none left."""
        return self._ask(lambda counts: counts.hit(item, *keys))

    def is_left(self, item: RateLimitItem, *keys: str) -> bool:
        """Tell whether there is one left; nothing is counted."""
        return self._ask(lambda counts: counts.test(item, *keys))

    def wait(self, item: RateLimitItem, *keys: str) -> int:
        """Tell in how many whole seconds the next one is free."""
        free_at = self._ask(lambda counts: counts.get_window_stats(item, *keys)).reset_time
        return max(1, min(math.ceil(free_at - time.time()), item.get_expiry()))

    def _ask(self, question: Callable[[RateLimiter], _Found]) -> _Found:
        if time.monotonic() >= self._away_until:
            try:
                return question(self._shared)
            except Exception as error:  # noqa: BLE001  # each storage has errors of its own; to limit goes on
                log.warning("counting in memory: %s", type(error).__name__)
                self._away_until = time.monotonic() + AWAY
        return question(self._own)


def make_limiter(app: Flask) -> Limiter:
    """Make the program's counts, kept in Valkey, and the limiter that Flask-AppBuilder asks for."""
    app.config["RATELIMIT_ENABLED"] = True
    limiter = Limiter(
        key_func=visitor,
        storage_uri=_storage(app.config.get("REDIS_URL") or ""),
        storage_options=_timeouts(app.config.get("REDIS_URL") or ""),
        strategy="moving-window",
        key_prefix=app.config.get("LIMIT_PREFIX", "festoon"),
    )
    # Its hooks look for limits at every request, which costs more than a whole public answer. No route has
    # declared ones: `spend` counts by itself. A limiter that is known already adds no hooks.
    app.extensions.setdefault("limiter", set()).add(limiter)
    limiter.init_app(app)
    app.extensions[_EXTENSION] = Counts(limiter.limiter)
    return limiter


def spend(name: str, limit: str, key: str | None = None) -> None:
    """Count one use of what is named by whoever asks, or by `key`; `limit` reads "3 per minute".

    Exactly as many as the limit says pass in any such stretch of time, over all processes. Raises
    TooManyRequests, which tells when to come back; what is refused is not counted.
    """
    item, who = _item(limit), (name, visitor() if key is None else key)
    if not _counts().spend(item, *who):
        raise TooManyRequests(retry_after=_counts().wait(item, *who))


def spend_lightly(name: str, few: int, limit: str) -> None:
    """Count one use on a hot path: a visitor's first few in a minute in each process alone, then over all.

    One process lets both together pass; each further process lets `few` more pass.
    """
    if not _counts().first.take((name, visitor()), few):
        spend(name, limit)


def take(name: str, limit: str, key: str) -> bool:
    """Count one use and tell whether it was within the limit: where a refusal would tell what others did."""
    return _counts().spend(_item(limit), name, key)


def require_left(name: str, limit: str, key: str) -> None:
    """Raise TooManyRequests when nothing of the limit is left; count nothing."""
    if not _counts().is_left(_item(limit), name, key):
        raise TooManyRequests(retry_after=_counts().wait(_item(limit), name, key))


def note(name: str, limit: str, key: str) -> None:
    """Count one against a limit that `require_left` looks at."""
    _counts().spend(_item(limit), name, key)


def digest(text: str) -> str:
    """Give the key under which an address or an account is counted: its name does not lie in Valkey."""
    return hashlib.sha256(text.strip().lower().encode(errors="replace")).hexdigest()


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


def begin_sign_in(realm: str, account: str) -> Callable[[], None]:
    """Count a try to sign in before the password is looked at; gives what is to be called when it is wrong.

    Raises TooManyRequests past the limit of the address, or of wrong passwords at the account from this
    address or from all. Whoever is past the address's limits adds nothing to the account's.
    """
    spend("sign-in", PER_ADDRESS)
    name, key = f"sign-in-{realm}", digest(account)
    counted = ((PER_ACCOUNT, f"{key}:{visitor()}"), (PER_ACCOUNT_IN_ALL, key))
    for limit, who in counted:
        require_left(name, limit, who)

    def note_failure() -> None:
        for limit, who in counted:
            note(name, limit, who)

    return note_failure


def _counts() -> Counts:
    counts: Counts = current_app.extensions[_EXTENSION]
    return counts


@cache
def _item(limit: str) -> RateLimitItem:
    return read_limit(limit)


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
