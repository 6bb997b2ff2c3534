"""Tries counted in a real Valkey: by all processes together, and still counted while it is away or hangs."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.access.limits import make_limiter, note, require_left, spend
from app.kernel.embedded.valkey import Valkey

Try = Callable[[], bool]


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey", durable=False)
    server.start()
    yield server
    server.stop()


def process(url: str, path: str = "/enter") -> Try:
    """Give what one web process does with a try: tell whether it may go on."""
    app = Flask("process")
    app.config["REDIS_URL"] = url
    make_limiter(app)

    def enter() -> str:
        spend("enter", "5 per minute")
        return "may go on"

    def fail() -> str:
        require_left("fail", "5 per minute", "vera")
        note("fail", "5 per minute", "vera")
        return "may go on"

    app.add_url_rule("/enter", view_func=enter, methods=["POST"])
    app.add_url_rule("/fail", view_func=fail, methods=["POST"])

    def go() -> bool:
        answer = app.test_client().post(path)
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["Retry-After"]) <= 60
        return answer.status_code == 200

    return go


def tries(number: int, *processes: Try) -> list[bool]:
    return [processes[turn % len(processes)]() for turn in range(number)]


@pytest.mark.parametrize("path", ["/enter", "/fail"])
def test_two_processes_count_together(valkey: Valkey, path: str) -> None:
    first, second = process(valkey.url, path), process(valkey.url, path)
    assert tries(7, first, second) == [True] * 5 + [False] * 2


def test_without_valkey_each_process_still_counts_and_then_comes_back(valkey: Valkey) -> None:
    lonely = process(valkey.url)
    assert tries(1, lonely) == [True]
    valkey.stop()
    assert tries(7, lonely) == [True] * 5 + [False] * 2
    valkey.start()
    deadline = time.monotonic() + 20
    while not lonely() and time.monotonic() < deadline:
        time.sleep(0.5)
    assert process(valkey.url)() is True
    counted_together = tries(6, lonely, process(valkey.url))
    assert counted_together[-1] is False


def test_a_valkey_that_hangs_holds_nobody_up_for_long(valkey: Valkey) -> None:
    caught = process(valkey.url)
    assert valkey.process is not None
    os.kill(valkey.process.pid, signal.SIGSTOP)
    began = time.monotonic()
    try:
        assert tries(7, caught) == [True] * 5 + [False] * 2
        assert time.monotonic() - began < 8
    finally:
        os.kill(valkey.process.pid, signal.SIGCONT)
