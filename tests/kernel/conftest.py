"""Folders that a server's own user may enter, and runs of the supervisor."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kernel.runs import Run


@pytest.fixture
def folder() -> Iterator[Path]:
    """Lend a folder that everybody may pass through: under root the servers run as another user."""
    made = Path(tempfile.mkdtemp(prefix="festoon-test-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(folder: Path, port: int) -> Iterator[Callable[..., Run]]:
    """Start the supervisor with stand-ins: `start("arguments", NAME="value")`; what still runs is ended."""
    checkout = folder / "checkout"
    for name in ("app", "migrations"):
        (checkout / name).mkdir(parents=True)
    (checkout / "app" / "code.py").write_text("")
    runs: list[Run] = []

    def begin(*arguments: str, output: int | None = None, **variables: str) -> Run:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(
                ("FESTOON_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "NO_COLOR", "FORCE_COLOR")
            )
        }
        environment |= {
            "FESTOON_DATA_DIR": str(folder / "data"),
            "STEPS": str(folder / "steps"),
            "PORT": str(port),
            "PYTHONUNBUFFERED": "1",
        }
        runs.append(
            Run(checkout, arguments, {**environment, **variables}, folder / f"log-{len(runs)}", output)
        )
        return runs[-1]

    yield begin
    for run in runs:
        run.kill()
