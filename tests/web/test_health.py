"""The health pages: what they say of each part, how fast, and what they keep to themselves."""

from __future__ import annotations

import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.kernel.embedded.valkey import Valkey
from app.web.checks import newest_revision
from tests.conftest import make_database

PATHS = ("/health/", "/health/live", "/health/ready", "/health/detailed")
Setting = Callable[[str, Any], None]


@pytest.fixture
def setting(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Setting:
    """Change a setting of the program for one test."""
    return lambda name, value: monkeypatch.setitem(client.application.config, name, value)


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    """Run a Valkey of our own."""
    folder = Path(tempfile.mkdtemp(prefix="festoon-health-"))
    server = Valkey(folder)
    url = server.start()
    yield url
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Listen on a port and never say a word, as a hung server does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def closed_port() -> int:
    """Find a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.proves("S0.56", "S2.72", "S2.73", "S2.74", "S2.75", "S3.116")
def test_a_sound_program_says_so_on_each_page(client: FlaskClient, setting: Setting, valkey: str) -> None:
    setting("REDIS_URL", valkey)
    bodies = {}
    for path in PATHS:
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        bodies[path] = answer.get_json()

    assert bodies["/health/"] == {"status": "ok"}
    assert bodies["/health/live"] == {"status": "alive"}
    assert bodies["/health/ready"] == {"status": "ready"}
    checks = bodies["/health/detailed"]["checks"]
    assert bodies["/health/detailed"]["status"] == "ok"
    assert {name: check["state"] for name, check in checks.items()} == {
        "database": "up", "migrations": "up", "valkey": "up", "queue": "up", "storage": "up", "scanner": "off",
    }  # fmt: skip
    assert checks["migrations"]["at"] == checks["migrations"]["head"] == newest_revision()
    assert 0 < checks["storage"]["free_percent"] <= 100


@pytest.mark.parametrize("path", PATHS)
def test_no_session_no_cookie_and_nothing_remembered(
    sign_in: Callable[[str], FlaskClient], path: str, count_statements: Callable[[], Any]
) -> None:
    browser = sign_in("Viewer")

    with count_statements() as seen:
        headers = browser.get(path).headers

    assert seen == [], "the pages look over connections of their own"
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.proves("S2.72", "S2.74", "S2.75")
def test_without_a_database_it_is_alive_but_not_ready(client: FlaskClient, setting: Setting) -> None:
    setting(
        "SQLALCHEMY_DATABASE_URI", f"postgresql+psycopg://festoon:canary@127.0.0.1:{closed_port()}/festoon"
    )

    assert client.get("/health/").status_code == 200
    assert client.get("/health/live").status_code == 200
    ready = client.get("/health/ready")
    assert ready.status_code == 503
    assert ready.get_json() == {"status": "not ready", "missing": ["database", "migrations"]}
    detailed = client.get("/health/detailed")
    assert (detailed.status_code, detailed.get_json()["status"]) == (503, "down")


@pytest.mark.parametrize("path", PATHS)
def test_a_server_that_hangs_does_not_hang_the_page(
    client: FlaskClient, setting: Setting, silent_port: int, path: str
) -> None:
    setting("SQLALCHEMY_DATABASE_URI", f"postgresql+psycopg://festoon@127.0.0.1:{silent_port}/festoon")
    setting("REDIS_URL", f"redis://127.0.0.1:{silent_port}")

    began = time.perf_counter()
    client.get(path)

    assert time.perf_counter() - began < 2


@pytest.mark.proves("S2.74")
def test_a_database_behind_the_program_is_not_ready(
    client: FlaskClient, setting: Setting, worker_id: str
) -> None:
    setting("SQLALCHEMY_DATABASE_URI", make_database(f"festoon_empty_{worker_id}"))

    ready = client.get("/health/ready")

    assert (ready.status_code, ready.get_json()["missing"]) == (503, ["migrations"])
    checks = client.get("/health/detailed").get_json()["checks"]
    assert checks["migrations"] == {"state": "behind", "at": "", "head": newest_revision()}


def test_without_valkey_it_is_degraded_and_stays_in_service(client: FlaskClient, setting: Setting) -> None:
    setting("REDIS_URL", f"redis://127.0.0.1:{closed_port()}")

    assert client.get("/health/ready").status_code == 200
    detailed = client.get("/health/detailed")
    assert (detailed.status_code, detailed.get_json()["status"]) == (200, "degraded")
    assert detailed.get_json()["checks"]["valkey"]["state"] == "down"


@pytest.mark.proves("S2.73")
def test_the_jobs_that_wait_are_counted(client: FlaskClient, setting: Setting, valkey: str) -> None:
    setting("REDIS_URL", valkey)
    with Redis.from_url(valkey) as connection:
        for name in ("mail", "pictures", "pictures"):
            Queue(name, connection=connection, serializer=JSONSerializer).enqueue("time.sleep", 0)

    queue = client.get("/health/detailed").get_json()["checks"]["queue"]

    assert queue == {"state": "up", "waiting": 3, "failed": 0}


@pytest.mark.proves("S2.73", "S2.74")
def test_a_folder_that_cannot_be_written_is_told(
    client: FlaskClient, setting: Setting, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    setting("UPLOAD_FOLDER", str(tmp_path / "file" / "uploads"))

    assert client.get("/health/ready").get_json() == {"status": "not ready", "missing": ["storage"]}
    assert client.get("/health/detailed").get_json()["checks"]["storage"]["state"] == "down"


def test_no_address_and_no_secret_is_told(client: FlaskClient, setting: Setting, tmp_path: Path) -> None:
    setting(
        "SQLALCHEMY_DATABASE_URI", f"postgresql+psycopg://someone:canary@localhost:{closed_port()}/private"
    )
    setting("REDIS_URL", f"redis://:canary@localhost:{closed_port()}")
    setting("UPLOAD_FOLDER", str(tmp_path))

    for path in PATHS:
        body = client.get(path).get_data(as_text=True)
        for secret in ("canary", "someone", "private", "localhost", str(tmp_path)):
            assert secret not in body
