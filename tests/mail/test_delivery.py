"""From a booking to the mail at its client's server, with real processes: what is stopped, killed or refused."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app
from app.access.accounts import create_user
from app.kernel.db import db, unit_of_work
from app.kernel.embedded import Valkey
from tests.conftest import PASSWORD, make_database
from tests.domains.bookings import URL, next_address, wish
from tests.factories import PackageFactory
from tests.mail.conftest import Inbox, MailServer, free_port

SECONDS = 60
ROOT = Path(__file__).resolve().parents[2]
PUBLIC = "https://festoon.example.com"
_clients = count(1)


class House:
    """The whole program: its database, Valkey, mail server, web side, and processes that are ended at will."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.valkey = Valkey(folder / "valkey", durable=False)
        self.mail = MailServer(free_port(), Inbox(), {"enable_SMTPUTF8": True, "decode_data": False})
        self.running: list[subprocess.Popen[bytes]] = []
        self.app: Flask = create_app(
            {
                "TESTING": True,
                "SQLALCHEMY_DATABASE_URI": url,
                "REDIS_URL": self.valkey.start(),
                "SECRET_KEY": "k" * 48,
                "UPLOAD_FOLDER": str(folder / "uploads"),
            }
        )

    def start(self, what: str) -> subprocess.Popen[bytes]:
        """Start a worker or the clock, in production mode."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COV_")},
            "FESTOON_ENV": "production", "FESTOON_PUBLIC_URL": PUBLIC, "SECRET_KEY": "Zq3r" * 4 + "8vLw1xN5cB7mK2pJ",
            "DATABASE_URL": self.url.replace("+psycopg", ""), "REDIS_URL": self.valkey.url,
            "FESTOON_DATA_DIR": str(self.folder / "data"), "FESTOON_UPLOAD_DIR": str(self.folder / "uploads"),
            "FESTOON_SITE_URL": "https://www.example.com/", "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.mail.port), "SMTP_TLS": "none", "FESTOON_LOG_LEVEL": "DEBUG",
        }  # fmt: skip
        with (self.folder / f"{what}.log").open("ab") as output:
            made = subprocess.Popen(
                [sys.executable, "-m", f"app.{what}"], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        self.running.append(made)
        return made

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a worker and the child that carries out its job, at once."""
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for number in (process.pid, *map(int, children)):
            os.kill(number, signal.SIGKILL)
        process.wait()

    def post(self, path: str, body: dict[str, Any], number: str = "") -> int:
        """Ask the public side for something, in a request of that number."""
        headers = {"Accept-Language": "de", **({"X-Request-ID": number} if number else {})}
        with self.app.app_context():
            answer = self.app.test_client().post(
                path, json=body, headers=headers, environ_base=next_address()
            )
        return answer.status_code

    def book(self) -> str:
        """Book as a client; gives the client's address."""
        address = f"client{next(_clients)}@example.com"
        assert self.post(URL, wish(client_email=address)) == 201
        return address

    def to(self, address: str) -> list[Any]:
        """Give the mails that came for an address."""
        return [mail for mail in list(self.mail.inbox.mails) if mail["To"].addresses[0].addr_spec == address]

    def ask(self, statement: str) -> list[Any]:
        """Ask the database, in a connection of its own."""
        with self.app.app_context(), db.engine.begin() as connection:
            result = connection.execute(text(statement))
            return list(result) if result.returns_rows else []

    def hurry(self) -> None:
        """Let time pass: what waits for its next try is due."""
        self.ask("UPDATE delivery SET next_at = now() WHERE state IN ('waiting', 'running')")

    def until(self, condition: Callable[[], Any], *, hurrying: bool = False) -> None:
        """Wait until a condition holds."""
        end = time.monotonic() + SECONDS
        while not condition():
            if hurrying:
                self.hurry()
            logs = [(file.name, file.read_text()[-3000:]) for file in self.folder.glob("*.log")]
            assert time.monotonic() < end, (self.ask("SELECT * FROM delivery"), logs)
            time.sleep(0.2)

    def is_quiet(self) -> bool:
        """Tell whether nothing waits to be delivered."""
        open_ones = self.ask(
            "SELECT 1 FROM outbox WHERE relayed_at IS NULL AND topic LIKE 'booking.%' UNION ALL "
            "SELECT 1 FROM delivery WHERE state IN ('waiting', 'running') AND subscriber LIKE 'mail.%'"
        )
        return not open_ones

    def end_processes(self) -> None:
        """End every process of ours."""
        for process in self.running:
            if process.poll() is None:
                self.kill(process)
        self.running.clear()


@pytest.fixture(scope="module")
def house_of_module(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    from flask_migrate import upgrade

    made = House(tmp_path_factory.mktemp("house"), make_database(f"festoon_mail_{worker_id}"))
    with made.app.app_context():
        upgrade(str(ROOT / "migrations"))
        assert made.app.test_cli_runner().invoke(args=["sync"]).exit_code == 0
        with unit_of_work():
            create_user("olga", "olga@example.com", PASSWORD, ["Booking operator"])
            PackageFactory(slug="garden-party")
        db.session.remove()
    made.mail.start()
    try:
        yield made
    finally:
        made.end_processes()
        made.mail.stop()
        made.valkey.stop()
        with made.app.app_context():
            db.engine.dispose()


@pytest.fixture
def house(house_of_module: House) -> Iterator[House]:
    house_of_module.mail.inbox.mails.clear()
    yield house_of_module
    house_of_module.end_processes()
    house_of_module.mail.inbox.refusals.clear()


@pytest.mark.proves("S0.44", "S4.102")
def test_with_valkey_stopped_bookings_succeed_and_each_mail_goes_out_later_once(house: House) -> None:
    house.start("clock")
    worker = house.start("worker")
    first = house.book()
    house.until(lambda: house.to(first) and house.is_quiet())
    time.sleep(1)  # the worker puts the last job away
    house.valkey.stop()
    clients = [house.book() for _each in range(4)]
    time.sleep(2)
    assert [house.to(address) for address in clients] == [[], [], [], []]
    house.valkey.start()
    if worker.poll() is not None:  # Valkey went away under a job's feet; the supervisor starts another then
        house.start("worker")
    house.until(lambda: all(house.to(address) for address in clients))
    house.until(house.is_quiet)
    time.sleep(1)
    assert [len(house.to(address)) for address in clients] == [1, 1, 1, 1]
    assert len(house.to("olga@example.com")) == 5
    assert {mail["Content-Language"] for address in clients for mail in house.to(address)} == {"de"}


def test_a_mail_server_that_was_down_gets_each_mail_once(house: House) -> None:
    house.start("clock")
    house.start("worker")
    house.mail.stop()
    client = house.book()
    tried = "SELECT last_error FROM delivery WHERE state = 'waiting' AND attempts > 0"
    house.until(lambda: house.ask(tried))
    assert "PeerAway: The mail server 127.0.0.1 cannot be used" in str(house.ask(tried))
    house.mail.start()
    house.until(lambda: house.to(client), hurrying=True)
    house.until(house.is_quiet, hurrying=True)
    assert len(house.to(client)) == 1
    assert len(house.to("olga@example.com")) == 1


def test_an_address_that_is_refused_for_good_is_dead_with_its_cause(house: House) -> None:
    house.start("clock")
    house.mail.inbox.refusals = ["550 5.1.1 No such user here"] * 2
    house.book()
    house.start("worker")
    dead = "SELECT attempts, last_error FROM delivery WHERE state = 'dead'"
    house.until(lambda: len(house.ask(dead)) == 2)
    for attempts, cause in house.ask(dead):
        assert attempts == 1
        assert cause.startswith("Undeliverable: The mail server refused: 550 5.1.1 No such user here")


def test_a_worker_killed_between_sending_and_noting_sends_the_one_doubtful_mail_again_under_its_number(
    house: House,
) -> None:
    house.start("clock")
    with house.app.app_context(), db.engine.connect() as keeping:
        keeping.execute(text("LOCK TABLE kept_mail IN SHARE MODE"))  # mails go out, their notes wait
        house.book()
        killed = house.start("worker")
        house.until(lambda: house.mail.inbox.mails)
        time.sleep(0.5)
        assert len(house.mail.inbox.mails) == 1
        house.kill(killed)
        keeping.rollback()
    house.book()
    house.start("worker")
    house.until(house.is_quiet, hurrying=True)
    times = Counter(str(mail["Message-ID"]) for mail in house.mail.inbox.mails)
    assert sorted(times.values()) == [1, 1, 1, 2]
    notes = house.ask("SELECT message_id, raw FROM kept_mail")
    assert times.keys() <= {message_id for message_id, _raw in notes}
    assert all(raw is None for _message_id, raw in notes)


@pytest.mark.proves("S3.115")
def test_a_token_is_nowhere_but_in_its_mail(house: House) -> None:
    """A password and a token that can be recognised are looked for wherever they might have been left."""
    house.start("clock")
    house.start("worker")
    secret = "Zaunkoenig-4711 sings at dawn"
    person = {"email": "canary@example.com", "password": secret, "name": "Canary"}
    number = "0c0ffee0-canary-request"
    assert house.post("/public/v1/auth/register", person, number) < 300
    house.until(lambda: house.to("canary@example.com"))
    house.until(house.is_quiet)
    (mail,) = house.to("canary@example.com")
    token = re.search(r"#verify=([\w-]{40,})", mail.get_body(("plain",)).get_content())
    assert token
    tables = [name for (name,) in house.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    assert "kept_mail" in tables
    left = [file.read_text() for file in house.folder.glob("*.log")]
    left += [str(row) for name in tables for row in house.ask(f'SELECT t::text FROM "{name}" t')]
    from redis import Redis

    with Redis.from_url(house.valkey.url) as valkey:
        left += [repr(valkey.dump(key)) + repr(key) for key in valkey.scan_iter()]
    assert len(left) > 50
    assert [found[:300] for found in left if token[1] in found or secret in found] == []
    assert mail["X-Correlation-ID"] == number  # the request's, in the mail and in the worker's log
    assert any(number in found and "mail sent" in found for found in left)
