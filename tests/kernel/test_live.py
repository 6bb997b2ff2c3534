"""News is told after the commit it is about, to whoever is there, and never in its way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.kernel import live
from app.kernel.db import db, unit_of_work
from app.kernel.live import listening, tell, tell_now


class Heard:
    """Hears everything; `fails` makes it an ill one."""

    def __init__(self) -> None:
        self.rooms: list[str] = []
        self.facts: list[Mapping[str, Any]] = []
        self.fails = False

    def send(self, namespace: str, room: str, event: str, facts: Mapping[str, Any]) -> None:
        if self.fails:
            raise OSError("away")
        self.rooms.append(room)
        self.facts.append(facts)


@pytest.fixture
def heard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    found = Heard()
    monkeypatch.setitem(app.extensions, live.EXTENSION, found)
    db.session.rollback()
    yield found
    db.session.rollback()


def begin() -> None:
    db.session.execute(text("SELECT 1"))


def test_news_waits_for_the_commit(heard: Heard) -> None:
    with unit_of_work():
        begin()
        tell("/staff", "inbox", "conversation", {"id": "1"})
        assert heard.rooms == []
    assert heard.rooms == ["inbox"]


def test_what_is_told_stays_as_it_was_when_it_was_told(heard: Heard) -> None:
    facts = {"n": 1}
    with unit_of_work():
        begin()
        tell("/staff", "a", "e", facts)
        facts["n"] = 2
    assert heard.facts == [{"n": 1}]


def test_what_is_rolled_back_is_not_told_and_does_not_come_with_the_next_commit(heard: Heard) -> None:
    def fail() -> None:
        with unit_of_work():
            begin()
            tell("/staff", "lost", "e", {})
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    with unit_of_work():
        begin()
        tell("/staff", "kept", "e", {})
    assert heard.rooms == ["kept"]


def test_a_savepoint_takes_its_own_news_back_and_no_others(heard: Heard) -> None:
    with unit_of_work() as session:
        begin()
        tell("/staff", "before", "e", {})
        outer = session.begin_nested()
        tell("/staff", "outer", "e", {})
        with session.begin_nested():
            tell("/staff", "inner", "e", {})
        outer.rollback()
        with session.begin_nested():
            tell("/staff", "released", "e", {})
        tell("/staff", "after", "e", {})
    assert heard.rooms == ["before", "released", "after"]


def test_without_a_transaction_it_is_told_at_once(heard: Heard) -> None:
    tell("/staff", "at once", "e", {})
    begin()
    tell_now("/staff", "now", "e", {})
    assert heard.rooms == ["at once", "now"]


def test_a_sender_that_fails_disturbs_nobody(heard: Heard) -> None:
    heard.fails = True
    with unit_of_work():
        begin()
        tell("/staff", "a", "e", {})
    tell_now("/staff", "b", "e", {})
    assert heard.rooms == []


def test_outside_the_application_it_is_told_to_nobody_and_raises_nothing() -> None:
    with listening("/staff", "a") as wish:
        tell("/staff", "a", "e", {})
        assert not wish.is_set()


def test_who_listens_is_woken_by_news_of_that_room_alone(heard: Heard) -> None:
    with listening("/public", "session:1") as wish:
        tell_now("/public", "session:2", "e", {})
        tell_now("/staff", "session:1", "e", {})
        assert not wish.is_set()
        threading.Timer(0.05, live.wake, ("/public", "session:1")).start()
        began = time.monotonic()
        assert wish.wait(5)
        assert time.monotonic() - began < 2
