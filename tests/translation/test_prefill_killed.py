"""Pre-filling under faults: a real worker is killed in the middle of a run, and another goes on with it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from app.access.accounts import create_user
from app.kernel import jobs
from app.kernel.db import db, unit_of_work
from app.kernel.ids import new_id
from app.translation.models import Translation
from app.translation.prefill import asking
from app.translation.prefill.from_service import Service
from app.translation.prefill.jobs import QUEUE, go_on_with_what_was_left, put
from app.translation.prefill.models import PrefillRun
from tests.conftest import make_database
from tests.kernel.conftest import folder
from tests.kernel.stage import Stage, kill_with_children
from tests.translation.model_stand_in import Model, model

__all__ = ["folder"]
pytestmark = pytest.mark.timeout(2400)


@pytest.fixture
def app(folder: Path, worker_id: str) -> Iterator[Flask]:
    """Make the program on a database of its own, in which it really commits."""
    from app import create_app

    made = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": make_database(f"festoon_prefill_{worker_id}"),
            "REDIS_URL": "",
            "SECRET_KEY": "k" * 48,
            "UPLOAD_FOLDER": str(folder / "uploads"),
        }
    )
    with made.app_context():
        upgrade(str(Path(__file__).parents[2] / "migrations"))
        result = made.test_cli_runner().invoke(args=["sync"])
        assert result.exit_code == 0, result.output
        yield made


@pytest.fixture
def stage(folder: Path, app: Flask) -> Iterator[Stage]:
    made = Stage(folder, app)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def service(app: Flask) -> Iterator[Model]:
    with model() as made:
        app.config |= {"TRANSLATION_URL": made.url, "TRANSLATION_KEY": "k", "TRANSLATION_MODEL": "turner"}
        yield made


def begin(app: Flask, fields: int) -> UUID:
    """Make packages with so many fields, each of other words, and ask for them to be filled in."""
    editor = create_user("erin", "erin@example.com", "a long enough password", ["Editor"])
    rows = [
        {
            "id": new_id(),
            "name": f"Party {n} here",
            "slug": f"party-{n}",
            "description": f"Number {n} of many",
            "n": n,
        }
        for n in range(fields // 2)
    ]
    with unit_of_work() as session:
        insert = """INSERT INTO package (id, name, slug, description, price_minor, position)
            VALUES (:id, :name, :slug, :description, 100, :n)"""
        session.execute(text(insert), rows)
        made = asking.ask_for(session, editor, app.config, "de", "service", ["package"])
        assert made.texts == fields
    put(made.id)
    return made.id


def seen(run_id: UUID) -> PrefillRun:
    db.session.rollback()
    found = db.session.get(PrefillRun, run_id, populate_existing=True)
    assert found is not None
    return found


def worker(stage: Stage, service: Model) -> Any:
    settings = {"URL": service.url, "KEY": "k", "MODEL": "turner"}
    return stage.start("worker", **{f"FESTOON_TRANSLATION_{name}": value for name, value in settings.items()})


def fill_in(stage: Stage, service: Model, run_id: UUID, kills: list[int]) -> PrefillRun:
    """Run workers, and kill one each time so many fields are settled, while its question is being answered."""
    for number in kills:
        running = worker(stage, service)
        stage.until(lambda number=number: seen(run_id).seen >= number, 1200)
        service.hold.clear()
        asked = len(service.questions)
        stage.until(lambda asked=asked: len(service.questions) > asked)
        kill_with_children(running)
        running.wait()
        service.hold.set()
        stage.until(lambda: go_on_with_what_was_left() == 1, 60)
    worker(stage, service)
    stage.until(lambda: seen(run_id).status == "done", 1200)
    return seen(run_id)


def must_be_written_once(service: Model, run: PrefillRun, fields: int, kills: int) -> None:
    """Check the database's side and the service's: no field twice, and asked again at most what was in hand."""
    assert (run.written, run.refused, run.unanswered, run.passed) == (fields, 0, 0, 0)
    assert run.seen == fields
    rows = db.session.scalars(select(Translation).where(Translation.content_type == "package")).all()
    assert len(rows) == len({(row.object_id, row.field) for row in rows}) == fields
    assert {(row.state, row.tool, row.revision) for row in rows} == {("machine", "turner", 1)}
    written = db.session.scalar(
        text("SELECT count(*) FROM audit_entry WHERE content_type = 'translation' AND owner_type = 'package'")
    )
    assert written == fields
    assert len(service.times) == fields
    again = sum(count - 1 for count in service.times.values())
    assert 0 < again <= kills * Service.at_once
    assert max(service.times.values()) <= 1 + kills


# Rule 11, and the figures of the work: a killed worker costs the batch in hand, and no field is done twice
def test_a_killed_worker_costs_no_more_than_the_batch_in_hand(
    app: Flask, stage: Stage, service: Model
) -> None:
    run_id = begin(app, 400)
    run = fill_in(stage, service, run_id, [60, 200])
    must_be_written_once(service, run, 400, 2)


# Rule 11
def test_what_is_being_worked_on_is_left_to_who_does(app: Flask, stage: Stage, service: Model) -> None:
    run_id = begin(app, 100)
    assert go_on_with_what_was_left() == 0  # it waits in its queue
    service.hold.clear()
    worker(stage, service)
    stage.until(lambda: len(service.questions) == 1)
    assert go_on_with_what_was_left() == 0  # a worker has it
    put(run_id)
    worker(stage, service)
    stage.until(lambda: not jobs.queue(QUEUE).job_ids)
    service.hold.set()
    stage.until(lambda: seen(run_id).status == "done")
    assert set(service.times.values()) == {1}


@pytest.mark.long
def test_ten_thousand_fields_survive_killed_workers(app: Flask, stage: Stage, service: Model) -> None:
    run_id = begin(app, 10_000)
    began = time.monotonic()
    run = fill_in(stage, service, run_id, [1_000, 4_000, 7_000])
    assert time.monotonic() - began < 1_800
    assert run.asked == 500
    must_be_written_once(service, run, 10_000, 3)
