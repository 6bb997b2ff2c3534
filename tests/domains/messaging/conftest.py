"""A running program with staff users, for the tests that speak through real sockets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.kernel.settings import ROOT
from tests.conftest import make_database
from tests.domains.messaging.served import Desk, Peer, Served, program


class Stage:
    """A database with staff, a Valkey, and web processes on them."""

    def __init__(self, folder: Path, app: Flask, environment: dict[str, str]) -> None:
        self.folder, self.app, self.environment = folder, app, environment
        self.running: list[Served] = []

    @contextmanager
    def with_processes(self, **settings: str) -> Iterator[None]:
        """Run a worker and a clock beside, under these settings."""
        environment = {**os.environ, **self.environment, **settings}
        with (self.folder / "processes.log").open("ab") as log:
            running = [
                subprocess.Popen(
                    [sys.executable, "-m", f"app.{name}"], cwd=ROOT, env=environment, stdout=log, stderr=log
                )
                for name in ("worker", "clock")
            ]
            try:
                yield
            finally:
                for process in running:
                    process.terminate()
                for process in running:
                    process.wait(20)

    def start(self, valkey: str | None = None, **settings: Any) -> Served:
        """Start a web process."""
        environment = self.environment | ({} if valkey is None else {"REDIS_URL": valkey})
        served = Served(self.folder, environment, **settings)
        self.running.append(served)
        return served


@pytest.fixture(scope="session")
def stage(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Prepare the database and start Valkey."""
    from flask_migrate import upgrade

    from app import create_app
    from app.kernel.db import db
    from app.kernel.embedded import Valkey
    from tests.journeys.conftest import add_staff

    folder = tmp_path_factory.mktemp("chat")
    folder.chmod(0o711)
    url = make_database(f"festoon_chat_{worker_id}")
    valkey = Valkey(folder / "valkey", durable=False)
    environment = program(folder, url, valkey.start())
    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": url,
            "REDIS_URL": "",
            "SECRET_KEY": environment["SECRET_KEY"],
            "UPLOAD_FOLDER": environment["FESTOON_UPLOAD_DIR"],
        }
    )
    with app.app_context():
        upgrade(str(Path(__file__).parents[3] / "migrations"))
        assert app.test_cli_runner().invoke(args=["sync"]).exit_code == 0
        add_staff(app)
    found = Stage(folder, app, environment)
    yield found
    for served in found.running:
        served.stop()
    with app.app_context():
        db.engine.dispose()
    valkey.stop()


@pytest.fixture(scope="session")
def served(stage: Stage) -> Served:
    """Serve the program."""
    return stage.start()


@pytest.fixture(scope="session")
def operator(served: Served) -> Desk:
    """Sign a booking operator in."""
    return served.sign_in("booking-operator")


@pytest.fixture
def peer(served: Served) -> Iterator[Callable[..., Peer]]:
    """Connect clients, which the end of the test disconnects."""
    made: list[Peer] = []

    def connect(*arguments: Any, at: Served = served, **named: Any) -> Peer:
        found = Peer(at, *arguments, **named)
        made.append(found)
        return found

    yield connect
    for found in made:
        found.close()
