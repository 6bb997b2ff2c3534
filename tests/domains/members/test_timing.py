"""How long an answer takes does not tell who has an account: 200 pairs of each kind, measured in turns."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from math import erfc, sqrt
from statistics import median

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.domains.members.steps import OTHER, WRONG, make_member, say

PAIRS = 200


def difference(known: list[float], unknown: list[float]) -> tuple[float, float]:
    """Compare two samples: how far the medians are apart, and p of Mann-Whitney's U."""
    ranked = sorted([(value, 0) for value in known] + [(value, 1) for value in unknown])
    ranks = sum(place for place, (_value, group) in enumerate(ranked, 1) if group == 0)
    count = len(known)
    u = ranks - count * (count + 1) / 2
    spread = sqrt(count * count * (2 * count + 1) / 12)
    p = erfc(abs(u - count * count / 2) / spread / sqrt(2))
    return abs(median(known) - median(unknown)) / median(unknown), p


def login(email: str, _number: int) -> tuple[str, dict[str, str]]:
    return "/auth/login", {"email": email, "password": WRONG}


def register(email: str, _number: int) -> tuple[str, dict[str, str]]:
    return "/auth/register", {"email": email, "password": OTHER, "name": "Amal"}


def forgot(email: str, _number: int) -> tuple[str, dict[str, str]]:
    return "/auth/forgot-password", {"email": email}


def resend(email: str, _number: int) -> tuple[str, dict[str, str]]:
    return "/auth/resend-verification", {"email": email}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("wish", [login, register, forgot, resend])
def test_the_medians_of_known_and_unknown_addresses_are_within_five_percent(
    app: Flask, client: FlaskClient, wish: Callable[[str, int], tuple[str, dict[str, str]]]
) -> None:
    owners = [make_member().email for _ in range(PAIRS + 10)]

    def measure(email: str, number: int) -> float:
        path, body = wish(email, number)
        began = time.perf_counter()
        answer = say(client, path, body)
        took = time.perf_counter() - began
        assert answer.status_code in (202, 401)
        return took

    def sample(first: int) -> tuple[float, float]:
        known, unknown = [], []
        gc.disable()
        try:
            for number in range(first, first + PAIRS + 10):
                pair = [(owners[number - first], known), (f"nobody-{number}@example.com", unknown)]
                for email, times in pair if number % 2 else reversed(pair):
                    times.append(measure(email, number))
        finally:
            gc.enable()
        return difference(known[10:], unknown[10:])

    # One sample in a hundred looks different by chance, and a busy machine makes more: the better of two counts.
    samples = [sample(0)]
    if samples[0][0] > 0.05 or samples[0][1] < 0.01:
        for limiter in app.extensions["limiter"]:
            limiter.reset()
        samples.append(sample(10_000))
    apart, p = min(samples)
    assert apart <= 0.05 and p > 0.01, samples
