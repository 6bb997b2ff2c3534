"""A worker or clock of the program with one subscriber more: `python striking.py worker|clock`.

What it does outside is a line in the file EFFECTS: delivery id, try, number of the event. Numbers in POISON fail,
those in SLOW take three seconds; at a number in KILLED the whole worker is killed after the line was written, in the
first try.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import ClassVar

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.kernel.jobs import job, report  # after the path
from app.kernel.outbox import Delivery, DomainEvent, subscriber  # after the path


def numbers(name: str) -> set[int]:
    return {int(word) for word in os.environ.get(name, "").split()}


@dataclass(frozen=True, slots=True)
class Struck(DomainEvent):
    """A bell was struck."""

    topic: ClassVar[str] = "test.struck"
    number: int


@subscriber("test.write_down", Struck, queue="mail", seconds=30)
def write_down(event: Struck, delivery: Delivery) -> None:
    """Leave a mark outside of the database, as a mail would."""
    line = f"{delivery.id} {delivery.attempt} {event.number}\n".encode()
    file = os.open(os.environ["EFFECTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    if event.number in numbers("POISON"):
        raise ValueError("poison")
    os.write(file, line)
    os.close(file)
    if event.number in numbers("SLOW"):
        time.sleep(3)
    if event.number in numbers("KILLED") and delivery.attempt == 1:
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


@job("test.fill")
def fill(*, total: int) -> None:
    """Come half the way, and wait for the file GO to go on."""
    report(total // 2, total, "half a jug")
    while not Path(os.environ["GO"]).exists():
        time.sleep(0.1)


@job("test.spill")
def spill(*, token: str) -> None:
    """Fail while the file GO is not there."""
    if not Path(os.environ["GO"]).exists():
        raise ValueError(f"spilled token={token}")


if __name__ == "__main__":
    sys.modules["tests.kernel.stand_ins.striking"] = sys.modules["__main__"]
    sys.exit(import_module(f"app.{sys.argv[1]}").main())
