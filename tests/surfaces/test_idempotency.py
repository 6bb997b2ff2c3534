"""A key grants its wish once: over HTTP, by a real server with many threads, on a real database."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from tests.conftest import make_database
from tests.domains.bookings import URL, wish

ROOT = Path(__file__).resolve().parents[2]
PROXIED = "X-Forwarded-For"


@dataclass(frozen=True, slots=True)
class Site:
    """A server of the program, and its database."""

    port: int
    database: str

    def ask(
        self, key: str | None, body: Any, address: str = "192.0.2.1"
    ) -> tuple[int, dict[str, str], bytes]:
        """Book over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/json", PROXIED: address}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            connection.request("POST", URL, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()  # type: ignore[arg-type]


def _environment(url: str, folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": url,
        "SECRET_KEY": "the secret of a test that nobody else has",
        "FESTOON_DATA_DIR": str(folder),
        "FESTOON_UPLOAD_DIR": str(folder / "uploads"),
        "FESTOON_PROXY_COUNT": "1",
        "FESTOON_LOG_LEVEL": "ERROR",
    }


@pytest.fixture(scope="module")
def site(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the program by gunicorn with many threads in two processes."""
    folder = tmp_path_factory.mktemp("idempotency")
    made = make_url(make_database(f"festoon_keys_{worker_id}")).set(drivername="postgresql")
    url = made.render_as_string(hide_password=False)
    environment = _environment(url, folder)
    for command in (("db", "upgrade"), ("sync",)):
        flask = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        subprocess.run(flask, env=environment, cwd=ROOT, check=True, capture_output=True)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO package (id, name, slug, price_minor)"
            " VALUES (gen_random_uuid(), 'Garden party', 'garden-party', 189000)"
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gunicorn = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread"]
    serving = [*gunicorn, "--workers", "2", "--threads", "12", "--bind", f"127.0.0.1:{port}", "wsgi:app"]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(serving, env=environment, cwd=ROOT, stdout=output, stderr=output)
    try:
        _wait_for(port, server, log)
        yield Site(port, url)
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text())


def test_a_thousand_requests_on_ten_keys_make_ten_bookings_and_a_thousand_equal_answers(site: Site) -> None:
    bodies = {str(uuid4()): wish(client_name=f"Client {number}") for number in range(10)}
    before = site.rows("SELECT count(*) FROM booking")[0][0]
    tries = [key for _round in range(100) for key in bodies]
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda key: (key, *site.ask(key, bodies[key])), tries))
    assert Counter(status for _key, status, _headers, _body in answers) == {201: 1_000}
    assert len({(key, body) for key, _status, _headers, body in answers}) == 10
    replayed = Counter(headers.get("Idempotent-Replayed") for _key, _status, headers, _body in answers)
    assert replayed == {"true": 990, None: 10}
    assert site.rows("SELECT count(*) FROM booking")[0][0] - before == 10
    assert site.rows("SELECT count(*) FROM outbox WHERE topic = 'booking.received'")[0][0] - before == 10
    assert site.rows("SELECT count(*) FROM idempotent_answer WHERE status IS NULL")[0][0] == 0
    assert site.rows("SELECT count(DISTINCT client_name) FROM booking WHERE client_name LIKE 'Client %'") == [
        (10,)
    ]


def test_a_retry_from_another_network_finds_its_answer_and_a_short_key_is_the_addresss_own(
    site: Site,
) -> None:
    key, body = str(uuid4()), wish()
    first = site.ask(key, body, "192.0.2.10")
    again = site.ask(key, body, "198.51.100.20")
    assert (first[0], again[0], again[2]) == (201, 201, first[2])
    assert again[1]["Idempotent-Replayed"] == "true"
    mine, theirs = (site.ask("1", wish(), address) for address in ("192.0.2.11", "192.0.2.12"))
    assert (mine[0], theirs[0]) == (201, 201)
    assert json.loads(mine[2])["data"]["id"] != json.loads(theirs[2])["data"]["id"]


def test_a_try_while_the_first_is_carried_out_is_asked_to_come_back(site: Site) -> None:
    key, body = str(uuid4()), wish()
    with psycopg.connect(site.database) as holding:
        holding.execute("LOCK TABLE booking IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(site.ask, key, body, "192.0.2.20")
            time.sleep(0.4)
            second = pool.submit(site.ask, key, body, "192.0.2.20")
            time.sleep(1.5)
            holding.rollback()
            assert (first.result()[0], second.result()[0]) == (201, 201)
    assert first.result()[2] == second.result()[2]
    with psycopg.connect(site.database) as holding:
        key = str(uuid4())
        holding.execute(
            "INSERT INTO idempotent_answer (caller, route, key, fingerprint) VALUES ('visitor', %s, %s, '')",
            (f"POST {URL}", key),
        )
        status, headers, answer = site.ask(key, body, "192.0.2.21")
        holding.rollback()
    assert (status, json.loads(answer)["code"], headers["Retry-After"]) == (409, "in_flight", "1")
    assert site.ask(key, body, "192.0.2.21")[0] == 201  # what went before was never committed
