"""The jobs screen: what it shows of a real Valkey, and what its buttons do."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel import jobs, queues
from app.kernel.db import unit_of_work
from app.kernel.embedded import Valkey
from app.kernel.outbox import (
    Delivery,
    DeliveryRow,
    DomainEvent,
    Undeliverable,
    record,
    subscriber,
    subscribing,
)
from app.web.cron_words import worded
from tests.outbox import deliver_all


@dataclass(frozen=True, slots=True)
class DoorShut(DomainEvent):
    topic: ClassVar[str] = "test.door_shut"
    door: str


@pytest.fixture
def via(tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """Connect the program to a Valkey of this test's own, with jobs of the test beside its own."""
    monkeypatch.setattr(jobs, "_kinds", dict(jobs.kinds()))
    with Valkey(tmp_path / "valkey", durable=False) as address:
        monkeypatch.setitem(app.config, "REDIS_URL", address)
        clients = (jobs.connection(), queues.reader())
        yield clients[0]
        for client in clients:
            client.connection_pool.disconnect()


@pytest.fixture
def admin(sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return sign_in("Admin")


def page_of_home(browser: FlaskClient) -> str:
    return re.sub(r"\s+", " ", browser.get("/").get_data(as_text=True))


class WorkerInHere(jobs.JobWorker):
    """Works in the test's own process, whose transaction a child could not share."""

    execute_job = SimpleWorker.execute_job  # type: ignore[assignment]


def work(via: Redis) -> None:
    WorkerInHere(via).work(burst=True, logging_level=None)


def page(browser: FlaskClient, view: str = "overview") -> str:
    answer = browser.get(f"/jobs/?view={view}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def fail(*, token: str) -> None:
    raise ValueError(f"broken on purpose, token={token}")


def failed_job(via: Redis) -> Any:
    jobs.job("test.fail")(fail)
    sent = jobs.kind("test.fail").later(token="abc123")
    work(via)
    return sent


@pytest.mark.proves("S0.43", "S2.93")
def test_it_shows_what_waits_and_with_what_number_and_what_runs_with_its_progress(
    via: Redis, admin: FlaskClient, tmp_path: Path
) -> None:
    def count(*, things: int) -> None:
        jobs.report(7, things, "the seventh")
        (tmp_path / "seen").write_text(page(admin))

    jobs.job("test.count")(count)
    jobs.kind("test.count").later(things=20)
    waiting = page(admin, "waiting")
    assert "test.count" in waiting
    assert "No job waits." not in waiting
    work(via)
    seen = (tmp_path / "seen").read_text()
    assert '<progress value="7" max="20"' in seen
    assert "7 of 20" in seen
    assert "the seventh" in seen
    assert "Alive" in seen
    assert "No job waits." in page(admin, "waiting")


@pytest.mark.proves("S0.43")
def test_a_failed_job_is_shown_with_its_cause_and_tried_again(via: Redis, admin: FlaskClient) -> None:
    sent = failed_job(via)
    shown = page(admin, "failed")
    assert "test.fail" in shown
    assert "ValueError: broken on purpose, token=[hidden]" in shown
    assert "abc123" not in shown
    answer = admin.post("/jobs/failed", data={"action": "retry", "id": sent.id})
    assert (answer.status_code, answer.location) == (303, "/jobs/?view=failed")
    assert jobs.queue("default").job_ids == [sent.id]
    assert "No job failed." in page(admin, "failed")


def test_failed_jobs_are_tried_again_or_deleted_all_at_once(via: Redis, admin: FlaskClient) -> None:
    first, second = failed_job(via), failed_job(via)
    assert admin.post("/jobs/failed", data={"action": "retry"}).status_code == 303
    assert set(jobs.queue("default").job_ids) == {first.id, second.id}
    work(via)
    assert admin.post("/jobs/failed", data={"action": "forget"}).status_code == 303
    assert "No job failed." in page(admin, "failed")
    assert not via.exists(f"rq:job:{first.id}", f"rq:results:{first.id}")
    assert admin.post("/jobs/failed", data={"action": "explode"}).status_code == 400


@pytest.mark.proves("S2.93")
def test_a_timed_job_says_when_it_runs_and_is_run_now_but_never_waits_twice(
    via: Redis, admin: FlaskClient
) -> None:
    shown = page(admin, "timed")
    assert "reviews.recount" in shown
    assert "Every day at 3:37" in shown.replace("\u202f", " ")
    for _time in range(2):
        assert admin.post("/jobs/timed/reviews.recount").status_code == 303
    assert jobs.queue("default").count == 1
    work(via)
    assert "Done" in page(admin, "timed")
    assert admin.post("/jobs/timed/outbox.deliver").status_code == 404
    assert admin.post("/jobs/timed/os.abort").status_code == 404


def test_a_delivery_that_was_given_up_is_shown_with_its_cause_and_tried_again(
    via: Redis, admin: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribing, "_subscribers", {})

    @subscriber("test.refusing", DoorShut)
    def refuse(event: DoorShut, delivery: Delivery) -> None:
        raise Undeliverable("nobody lives there")

    with unit_of_work():
        record(DoorShut("the front door"))
    assert deliver_all() == [("test.refusing", "dead")]
    shown = page(admin, "deliveries")
    assert "Undeliverable: nobody lives there" in shown
    assert "door: the front door" in shown
    assert re.search(r'href="/jobs/\?view=deliveries"[^>]*>.{0,80}Deliveries given up', page_of_home(admin))
    row = session.scalars(select(DeliveryRow).where(DeliveryRow.subscriber == "test.refusing")).one()
    answer = admin.post("/jobs/deliveries", data={"action": "retry", "id": str(row.id)})
    assert answer.status_code == 303
    session.expire_all()
    assert (row.state, row.attempts) == ("waiting", 0)
    session.execute(text("UPDATE delivery SET state = 'dead'"))
    admin.post("/jobs/deliveries", data={"action": "forget"})
    assert session.scalar(text("SELECT count(*) FROM delivery WHERE state = 'dead'")) == 0
    assert admin.post("/jobs/deliveries", data={"action": "retry", "id": "x"}).status_code == 400


def test_it_says_what_is_missing(via: Redis, app: Flask, admin: FlaskClient) -> None:
    shown = page(admin)
    assert "No worker is running" in shown
    assert "No relay is running" in shown
    app.config["REDIS_URL"] = ""
    for view in ("overview", "waiting", "failed", "timed", "deliveries"):
        assert "Valkey is away" in page(admin, view)
    for path in ("/jobs/failed", "/jobs/timed/reviews.recount"):
        assert admin.post(path, data={"action": "retry"}).status_code == 303


def test_what_others_write_into_valkey_is_shown_as_text(via: Redis, admin: FlaskClient) -> None:
    sent = Queue("default", connection=via).enqueue_call("os.getcwd", description="<script>alert(1)</script>")
    via.hset(f"rq:job:{sent.id}", "data", pickle.dumps("anything"))
    odd = Queue("default", connection=via).enqueue_call("os.getcwd", description="odd")
    via.hset(f"rq:job:{odd.id}", mapping={"meta": b"\x80\x04\xff", "enqueued_at": "tomorrow"})
    for view in ("overview", "waiting"):
        assert "<script>alert" not in page(admin, view)
    assert "odd" in page(admin, "waiting")
    work(via)
    assert "&lt;script&gt;alert" in page(admin, "failed")


def test_its_inside_alone_is_given_to_who_refreshes_it(via: Redis, admin: FlaskClient) -> None:
    part = admin.get("/jobs/?view=timed", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert part.strip().startswith('<div id="board"')
    assert 'data-hx-get="/jobs/?view=timed"' in part
    assert admin.get("/jobs/?view=none").status_code == 404


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("*/10 * * * *", "Every 10 minutes"),
        ("* * * * *", "Every minute"),
        ("5 * * * *", "Every hour at minute 5"),
        ("37 3 * * *", "Every day at 3:37 AM UTC"),
        ("0 6 * * 1", "Every Monday at 6:00 AM UTC"),
        ("0 6 * * 0", "Every Sunday at 6:00 AM UTC"),
        ("0 6 1 * *", "Day 1 of each month at 6:00 AM UTC"),
        ("0 6 1-7 * *", "0 6 1-7 * *"),
    ],
)
def test_a_crontab_line_is_put_into_words(app: Flask, cron: str, words: str) -> None:
    with app.test_request_context():
        assert worded(cron, "en").replace("\u202f", " ") == words
