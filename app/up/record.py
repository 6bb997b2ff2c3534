"""Who runs on a data folder: a lock that a crash lets go, and a note for the next start and for commands."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import time
from pathlib import Path
from typing import Any

from app.kernel.processes import end_marked
from app.up.refusals import Refusal

MARK = "FESTOON_RUN"
"""Every process of a run has this variable, with the run's own number."""

_GRACE = 1.0
_STOPPING_SECONDS = 30.0


class Record:
    """The lock on a data folder and the note `running.json` in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.note = folder / "running.json"
        self.run = secrets.token_hex(8)
        self._held: int | None = None
        self._facts: dict[str, Any] = {}

    def take(self) -> int:
        """Take the folder, and end what a killed run left; give how many processes those were.

        A run that is just stopping is waited for. Raises Refusal when one goes on running.
        """
        self._held = os.open(self.folder, os.O_RDONLY)
        began = time.monotonic()
        while not self._try():
            waited = time.monotonic() - began
            facts = self._read()
            if waited > (_STOPPING_SECONDS if facts.get("is_stopping") else _GRACE):
                os.close(self._held)
                self._held = None
                raise Refusal(_already(facts))
            time.sleep(0.1)
        left = self._read()
        killed = end_marked(f"{MARK}={left['run']}") if left.get("run") else 0
        self.write(address="")
        return killed

    def is_taken(self) -> bool:
        """Tell whether a run holds the folder now."""
        held = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(held)
        return False

    def _try(self) -> bool:
        try:
            fcntl.flock(self._held or 0, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _read(self) -> dict[str, Any]:
        try:
            facts = json.loads(self.note.read_text())
        except (OSError, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}

    def write(self, **facts: Any) -> None:
        """Note facts of this run: `address`, `addresses` (of the servers), `is_stopping`."""
        self._facts |= facts
        unfinished = self.note.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with open(unfinished, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            json.dump({"run": self.run, "pid": os.getpid(), **self._facts}, file)
        unfinished.replace(self.note)

    def let_go(self) -> None:
        """Remove the note and let the folder go."""
        if self._held is None:
            return
        with contextlib.suppress(OSError):
            self.note.unlink(missing_ok=True)
        os.close(self._held)
        self._held = None


def _already(facts: dict[str, Any]) -> str:
    where = f" at {facts['address']}" if facts.get("address") else ""
    stop = (
        f"Stop it with Ctrl-C where it was started, or with `kill {facts['pid']}`"
        if facts.get("pid")
        else "Stop it"
    )
    return (
        f"Festoon runs from this folder already{where}. {stop}; or start this one beside it with other PORT "
        "and FESTOON_DATA_DIR."
    )
