"""Bookings and their mails under faults: the whole program, a real Valkey and a real mail server."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from flask_migrate import upgrade

from app.kernel.db import unit_of_work
from tests.conftest import make_database
from tests.domains.bookings import URL, next_address, wish
from tests.factories import PackageFactory
from tests.kernel.stage import SECONDS, Stage, kill_with_children
from tests.mail.conftest import Inbox, MailServer

pytestmark = pytest.mark.timeout(400)
MIGRATIONS = str(Path(__file__).parents[2] / "migrations")


@pytest.fixture
def program(worker_id: str, tmp_path: Path) -> Flask:
    """Make the program on a database of this test's own: what other processes read is committed."""
    from app import create_app

    return create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": make_database(f"festoon_mails_{worker_id}"),
            "REDIS_URL": "",
            "SECRET_KEY": "k" * 48,
            "UPLOAD_FOLDER": str(tmp_path / "uploads"),
        }
    )


@pytest.fixture
def stage(program: Flask, mail_server: MailServer) -> Iterator[Stage]:
    folder = Path(tempfile.mkdtemp(prefix="festoon-test-"))
    made = Stage(folder, program)
    with program.app_context():
        try:
            upgrade(MIGRATIONS)
            assert program.test_cli_runner().invoke(args=["sync"]).exit_code == 0
            with unit_of_work():
                PackageFactory(slug="garden-party", name="Garden party", price_minor=189_000, currency="EUR")
            yield made
        finally:
            made.close()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def begin(stage: Stage, mail_server: MailServer) -> Callable[[str], Any]:
    """Start a process that sends to the mail server: `begin("worker")`."""
    settings = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail_server.port),
        "SMTP_TLS": "none",
        "FESTOON_PUBLIC_URL": "https://festoon.example.com",
        "FESTOON_LOG_FORMAT": "json",
    }
    return lambda what: stage.start(what, **settings)


def book(program: Flask, name: str, **headers: str) -> Any:
    with program.app_context():
        sent = wish(client_name=name, client_email=f"{name.lower()}@example.com")
        return program.test_client().post(URL, json=sent, headers=headers, environ_base=next_address())


def addresses(inbox: Inbox) -> Counter[str]:
    return Counter(str(mail["To"]) for mail in inbox.mails)


@pytest.mark.proves("S0.44")
def test_with_valkey_stopped_bookings_succeed_and_each_mail_goes_out_later_once(
    stage: Stage, program: Flask, begin: Callable[[str], Any], inbox: Inbox
) -> None:
    names = [f"Client{number}" for number in range(9)]
    begin("clock")
    begin("worker")
    assert book(program, names[0]).status_code == 201
    stage.until(lambda: len(inbox.mails) == 1)
    stage.valkey.stop()
    for name in names[1:]:
        began = time.monotonic()
        assert book(program, name).status_code == 201
        assert time.monotonic() - began < 3
    assert len(inbox.mails) == 1
    stage.valkey.start()
    stage.until(lambda: len(inbox.mails) >= len(names) and set(stage.states()) == {"sent"})
    time.sleep(2)
    assert len({mail["Message-ID"] for mail in inbox.mails}) == len(inbox.mails) == len(names)
    assert set(addresses(inbox).values()) == {1}


def test_a_worker_killed_while_it_sends_repeats_only_that_mail_under_its_number(
    stage: Stage, program: Flask, begin: Callable[[str], Any], inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers: list[Any] = []
    take = Inbox.handle_DATA

    async def take_and_kill(self: Inbox, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await take(self, server, session, envelope)
        if len(self.mails) == 3:
            kill_with_children(workers[0])
        return answer

    monkeypatch.setattr(Inbox, "handle_DATA", take_and_kill)
    for number in range(6):
        assert book(program, f"Client{number}").status_code == 201
    begin("clock")
    workers.append(begin("worker"))
    workers[0].wait(SECONDS)
    workers.append(begin("worker"))
    stage.until(lambda: stage.states()["running"] == 1 and stage.states()["waiting"] == 0)
    stage.end_leases()
    stage.until(lambda: set(stage.states()) == {"sent"})
    assert sorted(addresses(inbox).values()) == [1, 1, 1, 1, 1, 2]
    twice = [mail for mail in inbox.mails if addresses(inbox)[str(mail["To"])] == 2]
    assert twice[0]["Message-ID"] == twice[1]["Message-ID"]
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 6


@pytest.mark.proves("S3.115")
def test_the_number_of_a_request_is_in_its_answer_in_the_logs_of_its_jobs_and_in_its_mail(
    stage: Stage, program: Flask, begin: Callable[[str], Any], inbox: Inbox
) -> None:
    begin("clock")
    begin("worker")
    answer = book(program, "Amal", **{"X-Request-ID": "a-phone-4711"})
    assert answer.headers["X-Request-ID"] == "a-phone-4711"
    stage.until(lambda: inbox.mails and set(stage.states()) == {"sent"})
    assert inbox.only()["X-Correlation-ID"] == "a-phone-4711"
    lines = [
        json.loads(line) for line in stage.log("worker").read_text().splitlines() if line.startswith("{")
    ]
    jobs = {line["job"] for line in lines if line.get("correlation_id") == "a-phone-4711"}
    assert "mail.booking_received" in jobs
