"""Passwords of staff and members: how they are hashed, checked and judged. Nothing else in the program hashes one."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l
from werkzeug.security import check_password_hash

from app.access.breached import is_breached

SHORTEST = 10
LONGEST = 256
COMMON = frozenset(
    {"adminadmin", "festoonfestoon", "festoon123", "festoon1234", "demodemodemo", "testtesttest"}
)
"""Tried first by whoever knows this product; `breached` knows the rest of the world's."""
DEMO = ("admin", "password", "festoon", "demo", "changeme", "secret", "admin123", "festoon123")
"""Passwords of example set-ups; a production start refuses an Admin who has one."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

# The least that OWASP recommends for argon2id: 19 MiB, two passes. A sign-in costs some 20 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """Hash a password with argon2id."""
    return _hasher.hash(_normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Tell whether the password is the stored one.

    Costs one hash computation whatever the outcome, also when nothing is stored, so that the time of the
    answer does not tell whether a user exists.
    """
    is_refused = not stored or not password.strip("\0") or len(password) > LONGEST
    if is_refused or not _is_known_hash(stored or ""):
        _compute(_decoy(), "wrong")
        return False
    return _compute(stored or "", password)


def needs_upgrade(stored: str | None) -> bool:
    """Tell whether a stored hash is of another kind, or weaker, than those made today."""
    try:
        return not stored or _hasher.check_needs_rehash(stored)
    except InvalidHashError:
        return True


def faults(password: str, *names: str) -> list[Any]:
    """List, in sentences, why a password must not be used by whoever bears the names; empty when it may."""
    found: list[Any] = []
    plain = _normal(password)
    if len(plain) < SHORTEST:
        found.append(_l("Use at least %(count)s characters.", count=SHORTEST))
    if len(plain) > LONGEST:
        found.append(_l("Use at most %(count)s characters.", count=LONGEST))
    if plain.lower() in COMMON or len(set(plain)) < 4 or is_breached(plain[:LONGEST]):
        found.append(_l("This password is too easy to guess."))
    if any(len(name) >= 4 and name.lower() in plain.lower() for name in names):
        found.append(_l("The password must not contain the user name."))
    return found


def generate() -> str:
    """Make a password that can be read out aloud: four groups of five letters and digits, 97 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def warm() -> None:
    """Make the decoy hash, so that the first sign-in does not take longer than others."""
    _decoy()


@cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _is_known_hash(stored: str) -> bool:
    return stored.startswith(("$argon2", "scrypt:", "pbkdf2:"))


def _compute(stored: str, password: str) -> bool:
    """Run one hash computation: argon2, or the werkzeug kinds that Flask-AppBuilder writes."""
    if not stored.startswith("$argon2"):
        return check_password_hash(stored, password)
    try:
        return _hasher.verify(stored, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
