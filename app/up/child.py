"""One child process whose output is read line by line, without waiting."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.kernel.processes import PATIENCE, end, spawn

LONGEST_WAIT = 60.0
STEADY_SECONDS = 60.0
"""A process that has lived this long has recovered: the next fault is its first again."""
_BOOKKEEPING = re.compile(r"\[\d{4}-[^]]+\] \[\d+\] \[[A-Z]+\] ")
"""How gunicorn begins the lines in which it says that a process ended, but not why."""


class Child:
    """A named process. One that `is_kept` is started anew when it ends, later each time."""

    def __init__(self, name: str, argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
        self.name = name
        self.argv = argv
        self.env = env
        self.cwd = cwd
        self.process: subprocess.Popen[Any] | None = None
        self.is_kept = False
        self.faults = 0
        self.due_at: float | None = None
        self.last_line = ""
        self._began = 0.0
        self._rest = b""

    def start(self) -> None:
        """Start it. Its output can be read from `fileno`."""
        self.due_at = None
        self._rest = b""
        self._began = time.monotonic()
        self.process = spawn(self.argv, subprocess.PIPE, cwd=self.cwd, env=self.env)
        os.set_blocking(self.fileno(), False)

    def fileno(self) -> int:
        """Give the file its output comes from."""
        if self.process is None or self.process.stdout is None:
            return -1
        return int(self.process.stdout.fileno())

    def is_running(self) -> bool:
        """Tell whether it is alive."""
        return self.process is not None and self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Give what it ended with; None while it is alive."""
        return None if self.process is None else self.process.poll()

    def read(self) -> tuple[list[str], bool]:
        """Give the whole lines that came, and whether more can come."""
        try:
            came = os.read(self.fileno(), 65_536)
        except BlockingIOError:
            return [], True
        lines = (self._rest + came).split(b"\n")
        self._rest = lines.pop() if came else b""
        told = [line.decode(errors="replace").rstrip("\r") for line in lines if line.strip()]
        self.last_line = next(
            (line for line in reversed(told) if not _BOOKKEEPING.match(line)), self.last_line
        )
        return told, bool(came)

    def plan_restart(self) -> float:
        """Decide when to start it anew; give the seconds until then: 1, 2, 4, and so on to a minute."""
        if time.monotonic() - self._began > STEADY_SECONDS:
            self.faults = 0
        wait: float = min(2.0**self.faults, LONGEST_WAIT)
        self.faults += 1
        self.due_at = time.monotonic() + wait
        self._close()
        return wait

    def ask_to_stop(self) -> None:
        """Send the signal to stop, and wait for nothing."""
        self.due_at = None
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self, patience: float = PATIENCE) -> None:
        """End it and what it started, after some patience by force."""
        if self.process is not None:
            end(self.process, patience=patience)
            self._close()

    def _close(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None


def ended_how(code: int | None) -> str:
    """Put an exit code into words."""
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
