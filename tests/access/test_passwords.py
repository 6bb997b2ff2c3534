"""Passwords are hashed with argon2id, cost the same to refuse as to accept, and must be hard to guess."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from werkzeug.security import generate_password_hash

from app.access import passwords
from app.access.breached import is_breached, words

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


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiop",
        "1q2w3e4r5t6y",
        "Password123",
        "P@ssw0rd2024",
        "sunshine99!",
        "2024Football",
        "undertaker",
        "ChristopheR",
    ],
)
def test_a_password_of_a_breach_is_refused_also_with_a_year_behind_it(password: str) -> None:
    assert "This password is too easy to guess." in [str(fault) for fault in passwords.faults(password)]


@pytest.mark.parametrize(
    "password", [GOOD, "password of a garden gate", "sunshine-19284756", "trombone lagoon 7", "\n" * 12]
)
def test_a_password_is_not_common_because_a_common_one_is_in_it(password: str) -> None:
    assert not is_breached(password)


def test_the_list_of_breaches_is_long_sorted_and_says_where_it_is_from() -> None:
    listed = words().split("\n")[1:-1]
    assert (
        len(listed) > 40_000 and len([word for word in listed if len(word) >= passwords.SHORTEST]) >= 20_000
    )
    assert listed == sorted(set(listed))
    note = (Path(passwords.__file__).parent / "breached.md").read_text()
    assert f"{len(listed):,} passwords" in note and "MIT" in note


def test_a_long_password_is_judged_at_once() -> None:
    began = time.perf_counter()
    assert passwords.faults("1a" * 1_000_000)
    assert time.perf_counter() - began < 2
