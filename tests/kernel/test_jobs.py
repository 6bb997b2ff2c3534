"""Jobs: through a real Valkey, a real worker and the clock."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask, current_app
from redis import Redis
from rq import Queue
from rq.cron import CronScheduler

from app.jobs import load_jobs
from app.kernel import jobs, queues
from app.kernel.actor import Actor, acting_as, current_actor
from app.kernel.embedded import Valkey
from app.kernel.settings import ROOT

NIGHT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    """Give the address of a Valkey of this test's own."""
    with Valkey(folder / "valkey", durable=False) as address:
        yield address


@pytest.fixture
def via(url: str, whole_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """Connect the application to it, with jobs of the test beside the program's."""
    load_jobs()
    monkeypatch.setattr(jobs, "_kinds", dict(jobs.kinds()))
    monkeypatch.setitem(whole_app.config, "REDIS_URL", url)
    with whole_app.app_context():
        yield jobs.connection()
        jobs.connection().close()
        jobs.connection().connection_pool.disconnect()


def work(via: Redis) -> None:
    """Let a worker run what waits."""
    jobs.JobWorker(via).work(burst=True, logging_level=None)


def message(via: Redis, number: str) -> list[Any]:
    """Read what was put into a queue."""
    found: list[Any] = json.loads(zlib.decompress(via.hget(f"rq:job:{number}", "data") or b""))
    return found


def note(*, word: str) -> dict[str, Any]:
    """Tell who and where a job is."""
    actor = current_actor()
    return {"word": word, "kind": actor.kind, "label": actor.label, "id": actor.id, "app": current_app.name}


@pytest.mark.proves("S2.31", "S2.33", "S2.46", "S3.80")
def test_a_worker_runs_a_job_in_the_programs_context_as_an_actor(via: Redis) -> None:
    jobs.job("test.note")(note)
    sent = jobs.kind("test.note").later(word="hello")
    work(via)
    assert sent.return_value() == {
        "word": "hello", "kind": "job", "label": "test.note", "id": sent.id, "app": "app.wiring"
    }  # fmt: skip


def number_of_it() -> str:
    return current_actor().correlation_id


def test_mail_goes_before_what_nobody_waits_for(via: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in reversed(jobs.QUEUES):
        jobs.job(f"tests.{name}", queue=name)(_nothing)
        jobs.kind(f"tests.{name}").later()
    ran: list[str] = []
    really = jobs.JobWorker.execute_job
    monkeypatch.setattr(
        jobs.JobWorker,
        "execute_job",
        lambda self, job, queue: (ran.append(queue.name), really(self, job, queue)),
    )

    work(via)

    assert ran == ["mail", "default", "slow"]


def _nothing() -> None:
    """Do nothing."""


def test_a_job_bears_the_number_of_the_request_that_asked_for_it(via: Redis) -> None:
    jobs.job("test.number")(number_of_it)
    with acting_as(Actor("user", "1", "Alice", "number-of-request")):
        sent = jobs.kind("test.number").later()
    own = jobs.kind("test.number").later()
    work(via)
    assert sent.return_value() == "number-of-request"
    assert own.return_value() == own.id


def count_up() -> str:
    for done in range(1, 1001):
        jobs.report(done, 1000, f"step {done}")
    return "done"


def test_a_job_tells_how_far_it_came_without_asking_much_of_valkey(via: Redis) -> None:
    jobs.report(1, 2)  # outside of a job nothing happens
    jobs.job("test.count")(count_up)
    sent = jobs.kind("test.count").later()
    before = via.info("commandstats").get("cmdstat_hset", {"calls": 0})["calls"]
    work(via)
    asked = via.info("commandstats")["cmdstat_hset"]["calls"] - before
    assert asked < 60
    meta = sent.get_meta(refresh=True)
    assert (meta["done"], meta["total"], meta["sentence"]) == (1000, 1000, "step 1000")


def test_why_a_job_failed_is_kept_without_secrets(via: Redis) -> None:
    def fail() -> None:
        raise ValueError("postgresql://me:hunter2@there refused token=abc123")

    jobs.job("test.fail")(fail)
    sent = jobs.kind("test.fail").later()
    work(via)
    latest = sent.latest_result()
    assert latest is not None
    assert "there refused" in (latest.exc_string or "")
    assert "hunter2" not in (latest.exc_string or "")
    assert "abc123" not in (latest.exc_string or "")


def test_a_message_that_cannot_be_read_holds_no_worker_up(via: Redis) -> None:
    jobs.job("test.note")(note)
    odd, sent = jobs.kind("test.note").later(word="odd"), jobs.kind("test.note").later(word="on")
    via.hset(f"rq:job:{odd.id}", mapping={"meta": pickle.dumps("odd"), "enqueued_at": "tomorrow"})
    work(via)
    assert sent.return_value()["word"] == "on"


def test_a_timed_job_never_waits_twice(via: Redis) -> None:
    jobs.job("test.night", at="30 3 * * *")(lambda: "done")
    found = jobs.kind("test.night")
    first = jobs.put_timed(found, via)
    assert first is not None
    assert jobs.put_timed(found, via) is None
    work(via)
    assert jobs.put_timed(found, via) is not None


def test_a_message_is_json(via: Redis) -> None:
    jobs.job("test.note", queue="mail")(note)
    sent = jobs.kind("test.note").later(word="hello")
    assert via.lrange("rq:queue:mail", 0, -1) == [sent.id.encode()]
    assert message(via, sent.id) == ["test.note", None, [], {"word": "hello"}]


@pytest.mark.parametrize(
    "name", ["os.getcwd", "subprocess.check_output", "tests.kernel.test_jobs.note", "test.none"]
)
def test_a_message_that_names_any_other_function_runs_nothing(via: Redis, name: str) -> None:
    sent = jobs.queue("default").enqueue_call(name, args=())
    work(via)
    assert sent.get_status(refresh=True) == "failed"
    latest = sent.latest_result()
    assert latest is not None
    assert "UnknownJob" in (latest.exc_string or "")


class Pickled:
    """Runs a command when it is read."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.file}",)


def test_a_pickled_message_is_never_read(via: Redis, tmp_path: Path) -> None:
    trap = tmp_path / "ran"
    sent = Queue("default", connection=via).enqueue_call("test.note")
    via.hset(f"rq:job:{sent.id}", "data", pickle.dumps(("os.getcwd", None, (Pickled(trap),), {})))
    work(via)
    assert not trap.exists()


def test_a_message_cannot_name_callbacks_or_addresses(via: Redis) -> None:
    jobs.job("test.note")(note)
    sent = jobs.kind("test.note").later(word="hello")
    for name in ("success_callback_name", "failure_callback_name", "stopped_callback_name"):
        via.hset(f"rq:job:{sent.id}", name, "os.abort")
    via.hset(f"rq:job:{sent.id}", "webhooks", json.dumps([{"url": "http://127.0.0.1:1/"}]))
    work(via)
    assert sent.get_status(refresh=True) == "finished"


def test_a_fault_in_a_job_is_kept_and_the_worker_goes_on(via: Redis) -> None:
    def fail() -> None:
        raise ValueError("broken on purpose")

    jobs.job("test.fail")(fail)
    jobs.job("test.note")(note)
    first, second = jobs.kind("test.fail").later(), jobs.kind("test.note").later(word="on")
    work(via)
    latest = first.latest_result()
    assert latest is not None
    assert "broken on purpose" in (latest.exc_string or "")
    assert second.return_value()["word"] == "on"


@pytest.mark.proves("S0.43")
def test_the_clock_puts_a_job_into_its_queue_at_its_time_as_json(via: Redis) -> None:
    jobs._kinds.clear()
    jobs.job("test.night", at="30 3 * * *")(lambda: "done")
    with time_machine.travel(NIGHT, tick=False) as traveller:
        clock = jobs.Clock(via)
        assert clock.enqueue_jobs() == []
        traveller.shift(30 * 60 + 1)
        assert [job.name for job in clock.enqueue_jobs()] == ["test.night"]
        assert clock.enqueue_jobs() == []
    (number,) = via.lrange("rq:queue:default", 0, -1)
    assert message(via, number.decode())[0] == "test.night"
    work(via)
    sent = jobs.NamedJob.fetch(number.decode(), connection=via, serializer=jobs.JSONSerializer)
    assert sent.return_value() == "done"


def test_two_jobs_cannot_share_a_name_nor_one_have_a_foreign_queue(via: Redis) -> None:
    jobs.job("test.note")(note)
    with pytest.raises(ValueError, match="two jobs named"):
        jobs.job("test.note")(work)
    with pytest.raises(ValueError, match="is no queue"):
        jobs.job("test.other", queue="others")(note)


def start(what: str, url: str, database_url: str) -> subprocess.Popen[str]:
    """Start a process of the program."""
    environment = {**os.environ, "REDIS_URL": url, "DATABASE_URL": database_url, "FESTOON_LOG_FORMAT": "json"}
    return subprocess.Popen(
        [sys.executable, "-m", f"app.{what}"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )


def until(condition: Any, process: subprocess.Popen[str]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + 40
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_worker_process_runs_every_timed_job_of_the_program(
    via: Redis, url: str, database_url: str
) -> None:
    named = [kind.later() for kind in jobs.kinds().values() if kind.at]
    assert named
    process = start("worker", url, database_url)
    try:
        until(lambda: all(job.get_status(refresh=True) in ("finished", "failed") for job in named), process)
        assert [job.get_status() for job in named] == ["finished"] * len(named)
    finally:
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    lines = [json.loads(line) for line in told.splitlines()]
    done = {line["job"]: line for line in lines if line["event"] == "job done"}
    assert set(done) == {kind.name for kind in jobs.kinds().values() if kind.at}
    assert {line["correlation_id"] for line in done.values()} == {job.id for job in named}


def test_the_clock_process_keeps_time_until_it_is_stopped(via: Redis, url: str, database_url: str) -> None:
    process = start("clock", url, database_url)
    try:
        until(lambda: CronScheduler.all(via), process)
        (scheduler,) = CronScheduler.all(via)
        timed = {kind.name for kind in jobs.kinds().values() if kind.at}
        assert timed
        assert {job.name for job in scheduler.get_jobs()} == timed
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0
    assert CronScheduler.all(via) == []


def test_who_asked_for_a_job_sees_how_far_it_is_and_what_it_gave_and_nobody_else_does(via: Redis) -> None:
    @jobs.job("tests.counted")
    def counted(*, fails: bool) -> list[dict[str, Any]]:
        jobs.report(2, 2)
        if fails:
            raise ValueError("no")
        return [{"name": "a file", "counts": {"new": 2}}]

    with acting_as(Actor("user", "7", "Anna")):
        good = jobs.kind("tests.counted").later(fails=False)
        bad = jobs.kind("tests.counted").later(fails=True)
    waiting = queues.asked_for(via, good.id, "7")
    assert waiting is not None
    assert (waiting.name, waiting.state, waiting.result) == ("tests.counted", "queued", None)
    work(via)
    done = queues.asked_for(via, good.id, "7")
    assert done == queues.Progress(
        "tests.counted", "finished", 2, 2, [{"name": "a file", "counts": {"new": 2}}]
    )
    failed = queues.asked_for(via, bad.id, "7")
    assert failed is not None
    assert (failed.state, failed.result) == ("failed", None)
    assert queues.asked_for(via, good.id, "8") is None
    assert queues.asked_for(via, "nothing", "7") is None
    assert queues.asked_for(via, "nothing", "") is None
