"""Passwords are hashed with argon2id, cost the same to refuse as to accept, and must be hard to guess."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from werkzeug.security import generate_password_hash

from app.access import passwords

GOOD = "eleven green lanterns"


@pytest.fixture
def computations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    real = passwords._compute

    def count(stored: str, password: str) -> bool:
        seen.append(stored)
        return real(stored, password)

    monkeypatch.setattr(passwords, "_compute", count)
    return seen


@pytest.mark.proves("S1.45")
def test_a_hash_is_argon2id_with_a_salt_of_its_own() -> None:
    first, second = passwords.hash_password(GOOD), passwords.hash_password(GOOD)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert GOOD not in first


def test_the_right_password_is_told_from_the_wrong_one() -> None:
    stored = passwords.hash_password(GOOD)
    assert passwords.verify(stored, GOOD)
    assert not passwords.verify(stored, GOOD + " ")
    assert not passwords.verify(stored, GOOD.upper())


def test_a_password_typed_on_another_keyboard_is_the_same_password() -> None:
    composed, decomposed = "Caf\u00e9 im Gr\u00fcnen", "Cafe\u0301 im Gru\u0308nen"
    assert passwords.verify(passwords.hash_password(composed), decomposed)


@pytest.mark.parametrize("method", ["scrypt", "pbkdf2:sha256:1000"])
@pytest.mark.proves("S1.45")
def test_a_hash_of_flask_appbuilder_is_accepted_and_wants_an_upgrade(method: str) -> None:
    stored = generate_password_hash(GOOD, method=method)
    assert passwords.verify(stored, GOOD)
    assert not passwords.verify(stored, "another one")
    assert passwords.needs_upgrade(stored)
    assert not passwords.needs_upgrade(passwords.hash_password(GOOD))


def test_a_weaker_argon2_hash_wants_an_upgrade() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)
    assert passwords.verify(weak, GOOD)
    assert passwords.needs_upgrade(weak)


@pytest.mark.parametrize(
    ("stored", "password"),
    [
        (None, GOOD),
        ("", GOOD),
        ("!locked", GOOD),
        ("real", GOOD),
        ("real", "wrong"),
        ("real", ""),
        ("real", "\0\0"),
        ("real", "x" * 1_000_000),
    ],
)
def test_every_check_costs_one_computation(
    stored: str | None, password: str, computations: list[str]
) -> None:
    actual = passwords.hash_password(GOOD) if stored == "real" else stored
    accepted = passwords.verify(actual, password)
    assert len(computations) == 1
    assert accepted == (stored == "real" and password == GOOD)


def test_the_decoy_costs_what_a_real_hash_costs() -> None:
    assert not passwords.needs_upgrade(passwords._decoy())


@pytest.mark.parametrize(
    "password",
    ["short", "123456789", "aaaaaaaaaaaa", "abababababab", "Password123", "1234567890", "x" * 257, ""],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    assert passwords.faults(password)


def test_a_password_with_the_user_name_in_it_is_refused() -> None:
    assert passwords.faults("xxVeraBakerxx99", "verabaker")
    assert not passwords.faults(GOOD, "verabaker")


def test_made_up_passwords_are_good_and_never_the_same() -> None:
    made = {passwords.generate() for _ in range(200)}
    assert len(made) == 200
    assert not [password for password in made if passwords.faults(password, "admin")]
