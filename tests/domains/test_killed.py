"""What was acknowledged is never lost: web, worker and database are killed in the middle of two thousand bookings."""

from __future__ import annotations

import http.client
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.kernel.processes import command_line
from tests.kernel.conftest import folder, port

__all__ = ["folder", "port"]
pytestmark = [pytest.mark.long, pytest.mark.timeout(1500)]

BOOKINGS, CLIENTS = 2000, 8
KILLED = ("gunicorn", "app.worker", "postgres -D", "valkey-server") * 2
"""Each is killed twice; what falls over and over is not started for ever."""
BEYOND_THE_DEMO = timedelta(days=300)
PATIENCE = 20
"""Seconds that a client waits who asked too often."""
BUSY = (409, 429, 500, 502, 503, 504)
OPEN = """
    UPDATE room SET notice_minutes = 0, advance_days = 1000, minimum_minutes = 60, step_minutes = 30,
        buffer_before_minutes = 0, buffer_after_minutes = 0;
    DELETE FROM closure;
    DELETE FROM opening_hours;
    INSERT INTO opening_hours (id, venue_id, weekday, mode, position)
        SELECT gen_random_uuid(), id, day, 'all_day', 0
        FROM venue, unnest(ARRAY['mon','tue','wed','thu','fri','sat','sun']) AS day;
"""
OVERLAPS = """SELECT count(*) FROM room_claim a JOIN room_claim b
    ON a.room_id = b.room_id AND a.id < b.id AND a.blocks AND b.blocks AND a.blocked && b.blocked"""


@pytest.fixture
def program(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start the whole program as `make run` does, on a database that keeps what it confirms."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {
        "FESTOON_DATA_DIR": str(folder / "data"),
        "PORT": str(port),
        "FESTOON_PROXY_COUNT": "1",
        "FESTOON_ADMIN_PASSWORD": "a password of one test",
    }
    with (folder / "log").open("wb") as log:
        made = subprocess.Popen(
            [sys.executable, "-m", "app.up"], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(lambda: "Festoon is ready" in (folder / "log").read_text(errors="replace"), 300)
        yield made
    finally:
        made.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            made.wait(60)
        made.kill()


def wait_for(condition: Callable[[], Any], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_no_acknowledged_booking_is_lost_whatever_is_killed(
    program: subprocess.Popen[bytes], folder: Path, port: int
) -> None:
    facts = json.loads((folder / "data" / "running.json").read_text())
    url = next(value for name, value in _flat(facts) if value.startswith("postgresql"))
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(OPEN)
        rooms = [str(row[0]) for row in connection.execute("SELECT id FROM room WHERE is_active ORDER BY id")]
    wishes: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + BEYOND_THE_DEMO
    for number in range(BOOKINGS):
        at = first + timedelta(hours=number // len(rooms))
        times = {"starts_at": at.isoformat(), "ends_at": (at + timedelta(hours=1)).isoformat()}
        wishes.put({"room": rooms[number % len(rooms)], **times})
    acknowledged: list[str] = []
    killed: list[str] = []
    over = threading.Event()
    clients = [
        threading.Thread(target=_client, args=(port, wishes, acknowledged, number))
        for number in range(CLIENTS)
    ]
    killer = threading.Thread(target=_kill, args=(program.pid, acknowledged, killed, over))
    for thread in (*clients, killer):
        thread.start()
    for thread in clients:
        thread.join()
    over.set()
    killer.join()
    assert wishes.empty()
    assert tuple(killed) == KILLED
    assert len(acknowledged) == len(set(acknowledged)) == BOOKINGS
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        stored = {
            row[0] for row in connection.execute("SELECT reference FROM booking WHERE room_id IS NOT NULL")
        }
        row = connection.execute(OVERLAPS).fetchone()
    assert set(acknowledged) <= stored
    assert row == (0,)


def _client(
    port: int, wishes: queue.SimpleQueue[dict[str, str]], acknowledged: list[str], number: int
) -> None:
    """Hold and book one wish after the other, asking again with the same key until it is answered."""
    while True:
        try:
            wish = wishes.get_nowait()
        except queue.Empty:
            return
        address = f"10.{number}.{random.randrange(256)}.{random.randrange(256)}"  # no secret
        held = _insist(port, "/public/v1/holds", wish, address)
        client = {"client_name": "Ada", "client_email": "ada@example.com", "event_type": "birthday"}
        booked = _insist(port, f"/public/v1/holds/{held['token']}/booking", client, address)
        acknowledged.append(booked["reference"])


def _insist(port: int, path: str, body: dict[str, str], address: str) -> dict[str, Any]:
    key, until = str(uuid.uuid4()), time.monotonic() + 300
    last: object = None
    while time.monotonic() < until:
        with suppress(OSError, http.client.HTTPException, ValueError):
            status, answer = _post(port, path, body, {"X-Forwarded-For": address, "Idempotency-Key": key})
            if status == 201:
                data: dict[str, Any] = json.loads(answer)["data"]
                return data
            last = status, answer
            assert status in BUSY and b"time_refused" not in answer, last
            time.sleep(PATIENCE if status == 429 else 0)
        time.sleep(0.3)
    raise AssertionError(f"no booking by {path}; the last answer was {last}")


def _post(port: int, path: str, body: dict[str, str], headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _kill(program: int, acknowledged: list[str], killed: list[str], over: threading.Event) -> None:
    """Kill one after the other, each once some more bookings were made, as a machine that fails would."""
    for turn, name in enumerate(KILLED):
        while len(acknowledged) < BOOKINGS * (turn + 1) // (len(KILLED) + 1):
            if over.wait(0.05):
                return
        while not (found := [pid for pid in _children(program) if name in command_line(pid)]):
            if over.wait(0.05):  # it is being started anew still
                return
        os.kill(found[0], signal.SIGKILL)
        killed.append(name)


def _children(program: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{program}/task/{program}/children").read_text().split()]


def _flat(facts: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(facts, dict):
        for key, value in facts.items():
            yield from _flat(value, key)
    elif isinstance(facts, list):
        for value in facts:
            yield from _flat(value, name)
    else:
        yield name, str(facts)
