"""A supervisor in a process of its own, whose log can be waited for."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.kernel.processes import command_line, end_marked, marked

PROGRAM = Path(__file__).parent / "stand_ins" / "run.py"


class Run:
    """One start; `text` is what it has written so far."""

    def __init__(
        self,
        checkout: Path,
        arguments: tuple[str, ...],
        env: Mapping[str, str],
        log: Path,
        output: int | None = None,
    ) -> None:
        self.env = env
        self.log = log
        self.data = Path(env["FESTOON_DATA_DIR"])
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, str(PROGRAM), str(checkout), *arguments],
                stdout=output or file,
                stderr=subprocess.STDOUT,
                env=dict(env),
                start_new_session=True,
            )
        self.mark = ""
        self.sockets: list[Path] = []

    @property
    def text(self) -> str:
        """Give the log."""
        return self.log.read_text()

    def wait_for(self, words: str, seconds: float = 40) -> re.Match[str]:
        """Wait until the log holds the words, a regular expression."""
        deadline = time.monotonic() + seconds
        while (found := re.search(words, self.text)) is None:
            ended = self.process.poll() is not None
            assert not ended or re.search(words, self.text), f"it ended: {self.text}"
            assert time.monotonic() < deadline, f"no {words!r} in: {self.text}"
            time.sleep(0.02)
        return found

    def until_up(self) -> Run:
        """Wait until all processes run."""
        self.wait_for("clock has a child")
        self.wait_for("worker has a child")
        facts = self.facts()
        self.mark = f"FESTOON_RUN={facts['run']}"
        self.sockets = [
            Path(name)
            for name in re.findall(r"/[\w/.-]*festoon-\d+-\w+", json.dumps(facts).replace("%2F", "/"))
        ]
        assert len(self.sockets) == 2
        return self

    def facts(self) -> dict[str, Any]:
        """Give the note that the run keeps in its data folder."""
        found: dict[str, Any] = json.loads((self.data / "running.json").read_text())
        return found

    def ask(self, path: str) -> str:
        """Ask the web process."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.env['PORT']}{path}", timeout=5) as answer:
            return str(answer.read().decode())

    def pid_of(self, what: str) -> int:
        """Find the stand-in of a process."""
        return next(pid for pid in marked(self.mark) if f"program.py {what}" in command_line(pid))

    def send(self, number: signal.Signals) -> int:
        """Send a signal, wait for the end, and give the exit code."""
        self.process.send_signal(number)
        return self.end()

    def end(self, seconds: float = 40) -> int:
        """Wait for the end and give the exit code."""
        return self.process.wait(seconds)

    def steps(self) -> list[str]:
        """List the steps of all starts so far."""
        file = Path(self.env["STEPS"])
        return file.read_text().split() if file.exists() else []

    def left_behind(self) -> list[str]:
        """List what is there that a stop should have taken away."""
        processes = [command_line(pid) for pid in marked(self.mark)] if self.mark else []
        processes += servers_on(self.data)
        files = [path for path in (self.data / "running.json", *self.sockets) if path.exists()]
        files += list(self.data.glob("*/pid")) + list(self.data.glob("*/data/postmaster.pid"))
        return processes + [str(path) for path in files]

    def kill(self) -> None:
        """End all of it at once, whatever state it is in."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.mark:
            end_marked(self.mark, patience=0)


def servers_on(data: Path) -> list[str]:
    """List the own servers that work in a data folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = (folder / "cwd").readlink()
            if f"-D {data}/" in words or place == data / "valkey" / "data":
                found.append(words)
    return found
