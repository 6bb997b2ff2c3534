"""The remembered totals of lists."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.surfaces.records.listing import TotalMemory


def test_of_those_who_ask_at_once_one_counts() -> None:
    memory = TotalMemory()
    counted, begun, go_on = [], threading.Event(), threading.Event()

    def count() -> int:
        counted.append(1)
        begun.set()
        assert go_on.wait(10)
        return 7

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(memory.get, "bookings", count) for _number in range(4)]
        assert begun.wait(10)
        go_on.set()
        answers = [each.result(10) for each in asked]
    assert len(counted) == 1
    assert sorted(answers) == [(7, False), (7, True), (7, True), (7, True)]


def test_another_list_need_not_wait() -> None:
    memory = TotalMemory()
    assert memory.get("bookings", lambda: memory.get("reviews", lambda: 2)[0] + 1) == (3, False)


def test_a_count_that_fails_is_tried_again() -> None:
    memory = TotalMemory()

    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        memory.get("bookings", fail)
    assert memory.get("bookings", lambda: 5) == (5, False)


def test_a_total_is_forgotten_after_its_time_and_when_told() -> None:
    memory = TotalMemory(seconds=60)
    memory.get(("booking", ""), lambda: 1)
    assert memory.get(("booking", ""), lambda: 2) == (1, True)
    memory.forget("booking")
    assert memory.get(("booking", ""), lambda: 3) == (3, False)
    short = TotalMemory(seconds=0)
    short.get("booking", lambda: 1)
    assert short.get("booking", lambda: 2) == (2, False)
