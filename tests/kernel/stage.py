"""A stage for faults: a database, a Valkey, and processes of the program that are started, stopped and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import text

from app.kernel.db import db
from app.kernel.embedded import Valkey

STAND_IN = str(Path(__file__).parent / "stand_ins" / "striking.py")
SECONDS = 120
"""How long anything may take, on a machine that has much else to do."""


class Effect(NamedTuple):
    """What a stand-in left outside of the database."""

    delivery: str
    attempt: int
    number: int


class Stage:
    """Processes of one application: its address of Valkey is set here, its database is there already."""

    def __init__(self, folder: Path, app: Flask) -> None:
        self.folder = folder
        self.app = app
        self.valkey = Valkey(folder / "valkey", durable=False)
        self.running: list[subprocess.Popen[bytes]] = []
        app.config["REDIS_URL"] = self.valkey.start()

    def start(self, what: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start a worker or clock."""
        environment = {
            **os.environ,
            "REDIS_URL": self.valkey.url,
            "DATABASE_URL": self.app.config["SQLALCHEMY_DATABASE_URI"],
            "SECRET_KEY": "k" * 48,
            "EFFECTS": str(self.folder / "effects"),
            **variables,
        }
        with self.log(what).open("ab") as output:
            made = subprocess.Popen(
                [sys.executable, STAND_IN, what], env=environment, stdout=output, stderr=output
            )
        self.running.append(made)
        return made

    def log(self, what: str) -> Path:
        """Give the file that a process writes to."""
        return self.folder / f"{what}.log"

    def effects(self) -> list[Effect]:
        """Read what the stand-in did outside."""
        file = self.folder / "effects"
        lines = file.read_text().splitlines() if file.exists() else []
        words = [line.split() for line in lines]
        return [Effect(delivery, int(attempt), int(number)) for delivery, attempt, number in words]

    def states(self) -> Counter[str]:
        """Count the deliveries by their state."""
        with db.engine.connect() as connection:
            return Counter(connection.scalars(text("SELECT state FROM delivery")))

    def end_leases(self) -> None:
        """Let time pass until what a killed worker had in hand is looked for."""
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE delivery SET next_at = now() WHERE state = 'running'"))

    def until(self, condition: Callable[[], Any], seconds: float = SECONDS) -> None:
        """Wait until a condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            told = {file.name: file.read_text()[-3000:] for file in self.folder.glob("*.log")}
            assert time.monotonic() < end, (self.states(), len(self.effects()), told)
            time.sleep(0.1)

    def close(self) -> None:
        """End everything."""
        for process in self.running:
            kill_with_children(process)
            process.wait()
        db.session.remove()
        db.engine.dispose()
        self.valkey.stop()


def kill_with_children(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker and what it runs a job in, as a machine that fails would."""
    with suppress(OSError):
        for number in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(number), signal.SIGKILL)
    process.kill()
