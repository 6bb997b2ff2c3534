"""The outbox under faults: real processes, a real database and a real Valkey, which are stopped and killed."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from rq import Queue
from sqlalchemy import text

from app.kernel import jobs
from app.kernel.db import db, metadata, unit_of_work
from app.kernel.outbox import nudge, record, subscribing
from app.kernel.outbox.relay import DELIVER, Relay
from tests.conftest import make_database
from tests.kernel.stage import SECONDS, Stage
from tests.kernel.stand_ins.striking import Struck

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def stage(folder: Path, worker_id: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    mine = {"test.write_down": subscribing.subscribers()["test.write_down"]}
    monkeypatch.setattr(subscribing, "_subscribers", mine)
    app = Flask("stage")
    app.config["SQLALCHEMY_DATABASE_URI"] = make_database(f"festoon_outbox_{worker_id}")
    db.init_app(app)
    made = Stage(folder, app)
    with app.app_context():
        with db.engine.begin() as connection:
            metadata.create_all(connection, [metadata.tables["outbox"], metadata.tables["delivery"]])
        try:
            yield made
        finally:
            made.close()


def strike(*numbers: int) -> None:
    """Record an event for each number."""
    for number in numbers:
        with unit_of_work():
            record(Struck(number))


def numbers(stage: Stage) -> list[int]:
    return sorted(effect.number for effect in stage.effects())


def test_with_valkey_stopped_events_are_kept_and_delivered_once_when_it_is_back(stage: Stage) -> None:
    stage.start("clock")
    stage.start("worker")
    strike(*range(5))
    stage.until(lambda: len(stage.effects()) == 5)
    stage.valkey.stop()
    began = time.monotonic()
    strike(*range(5, 25))
    assert time.monotonic() - began < 5  # nobody who books waits for Valkey
    time.sleep(2)
    assert len(stage.effects()) == 5
    stage.valkey.start()
    stage.until(lambda: stage.states() == {"sent": 25})
    time.sleep(1)
    assert numbers(stage) == list(range(25))
    assert all(process.poll() is None for process in stage.running)


def test_a_worker_killed_between_effect_and_mark_repeats_the_one_in_hand_under_its_number(
    stage: Stage,
) -> None:
    stage.start("clock")
    killed = stage.start("worker", KILLED="7")
    strike(*range(20))
    killed.wait(SECONDS)
    assert killed.returncode == -signal.SIGKILL
    stage.start("worker", KILLED="7")
    stage.until(lambda: stage.states() == {"sent": 19, "running": 1})
    stage.end_leases()
    stage.until(lambda: stage.states() == {"sent": 20})
    done = stage.effects()
    assert Counter(effect.number for effect in done) == Counter(range(20)) + Counter([7])
    assert [(effect.attempt) for effect in done if effect.number == 7] == [1, 2]
    assert len({effect.delivery for effect in done}) == 20


def deliver_beside_poison(stage: Stage, count: int, seconds: float) -> None:
    stage.start("clock")
    stage.start("worker", POISON="3")
    with unit_of_work():
        for number in range(count):
            record(Struck(number))
    stage.until(lambda: stage.states() == {"sent": count - 1, "waiting": 1}, seconds)
    assert numbers(stage) == [number for number in range(count) if number != 3]
    with db.engine.connect() as connection:
        # it may be in hand just now, for the next try
        asked = text("SELECT attempts, last_error FROM delivery WHERE state <> 'sent'")
        ((attempts, cause),) = connection.execute(asked).all()
    assert attempts >= 1
    assert cause.startswith("ValueError: poison")


def test_one_poison_among_a_hundred_holds_nothing_up(stage: Stage) -> None:
    deliver_beside_poison(stage, 100, SECONDS)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_one_poison_among_a_thousand_holds_nothing_up(stage: Stage) -> None:
    deliver_beside_poison(stage, 1000, 800)


def test_poison_is_dead_after_five_tries(stage: Stage) -> None:
    stage.start("clock")
    stage.start("worker", POISON="3")
    strike(3)

    def is_dead() -> bool:
        with db.engine.begin() as connection:  # time passes
            connection.execute(text("UPDATE delivery SET next_at = now() WHERE state = 'waiting'"))
        return stage.states() == {"dead": 1}

    stage.until(is_dead)
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT attempts FROM delivery")) == 5


def test_a_delivery_that_stands_in_the_queue_twice_is_carried_out_once(stage: Stage) -> None:
    strike(*range(10))
    Relay(db.engine, jobs.connection()).turn()
    with db.engine.connect() as connection:
        keys = list(connection.scalars(text("SELECT id FROM delivery")))
    for key in keys:
        for copy in range(2):
            arguments = {"delivery_id": str(key)}
            jobs.queue("mail").enqueue_call(DELIVER, kwargs=arguments, job_id=f"{copy}-{key}", result_ttl=0)
    assert jobs.queue("mail").count == 30
    stage.start("worker")
    stage.start("worker")
    stage.until(lambda: jobs.queue("mail").count == 0 and stage.states() == {"sent": 10})
    time.sleep(1)
    assert numbers(stage) == list(range(10))


def test_two_relays_at_once_never_double(stage: Stage) -> None:
    with unit_of_work():
        for number in range(700):
            record(Struck(number))
    stop = threading.Event()
    relays = [
        threading.Thread(target=Relay(db.engine, jobs.connection()).run, args=(stop,)) for _each in range(2)
    ]
    for relay in relays:
        relay.start()
    try:
        stage.until(lambda: jobs.queue("mail").count >= 700)
        strike(*range(700, 720))
        nudge()
        stage.until(lambda: jobs.queue("mail").count >= 720)
    finally:
        stop.set()
        for relay in relays:
            relay.join(SECONDS)
    assert stage.states() == {"waiting": 720}
    queued = jobs.queue("mail").job_ids
    assert len(queued) == len(set(queued)) == 720


def test_what_valkey_forgot_is_queued_again_and_what_still_waits_there_is_not(stage: Stage) -> None:
    strike(*range(4))
    relay, queue = Relay(db.engine, jobs.connection()), jobs.queue("mail")
    relay.turn()
    forgotten, *kept = queue.job_ids
    jobs.connection().lrem(queue.key, 0, forgotten)
    relay.turn()
    assert queue.job_ids == kept  # a minute has not passed
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE delivery SET next_at = now()"))
    relay.turn()
    assert queue.job_ids == [*kept, forgotten]


def test_a_pickled_message_runs_nothing_and_holds_nothing_up(stage: Stage, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (f"touch {tmp_path / 'ran'}",)

    sent = Queue("mail", connection=jobs.connection()).enqueue_call(DELIVER)
    jobs.connection().hset(f"rq:job:{sent.id}", "data", pickle.dumps((DELIVER, None, (Trap(),), {})))
    strike(1)
    stage.start("clock")
    stage.start("worker")
    stage.until(lambda: stage.states() == {"sent": 1})
    assert not (tmp_path / "ran").exists()


def test_a_worker_goes_on_when_valkey_was_away_in_the_middle_of_a_job(stage: Stage) -> None:
    stage.start("clock")
    worker = stage.start("worker", SLOW="0")
    strike(0)
    stage.until(lambda: len(stage.effects()) == 1)  # the mark is still to come
    stage.valkey.stop()
    strike(1, 2)
    stage.until(lambda: stage.states()["sent"] == 1)
    stage.valkey.start()
    stage.until(lambda: stage.states() == {"sent": 3})
    assert numbers(stage) == [0, 1, 2]
    assert worker.poll() is None
    worker.terminate()
    assert worker.wait(SECONDS) == 0
