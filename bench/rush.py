"""`python -m bench.rush`: many who want one time at once, and many who want different ones.

A rush asks a running server for the same time in a room from hundreds of connections at once, again and again;
exactly one may get it. The control is a server that checks and then inserts: it must fail. Then times that do not
meet are taken one after the other, by the guard that books and by the bare insert that the guard ends in.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import make_url

from app.kernel.embedded import Postgres, Valkey
from bench.contestants import festoon_environment
from bench.database import load
from bench.environment import HOME, ROOT
from bench.processes import free_port, start, stop
from bench.serving import ask

CLIENTS, RUNS, DISJOINT, THREADS = 500, 20, 600, 4
LONGEST = 60.0
_OVERLAPS = """SELECT count(*) FROM room_claim a JOIN room_claim b
    ON a.room_id = b.room_id AND a.id < b.id AND a.blocks AND b.blocks AND a.blocked && b.blocked"""
_CONTROL_OVERLAPS = """SELECT count(*) FROM peer.claim a JOIN peer.claim b
    ON a.room_id = b.room_id AND a.id < b.id AND a.taken && b.taken"""
_CONTROL = """CREATE SCHEMA IF NOT EXISTS peer;
    CREATE TABLE IF NOT EXISTS peer.claim (id serial PRIMARY KEY, room_id uuid, taken tstzrange)"""


@dataclass(slots=True)
class Rush:
    """What came of the rushes: answers by status, seconds of each, and pairs that overlap afterwards."""

    winners: list[int] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    overlaps: int = 0

    def told(self) -> str:
        """Tell it in a line."""
        late = sorted(self.seconds)[int(len(self.seconds) * 0.99)]
        return (
            f"{len(self.winners)} runs of {len(self.seconds) // len(self.winners)}: winners {sorted(self.winners)}, "
            f"answers {dict(sorted(self.statuses.items()))}, overlapping pairs {self.overlaps}, p99 {late:.2f} s"
        )


def main(arguments: list[str]) -> int:
    """Run everything; the exit status tells whether the guard held and the control failed."""
    options = _read(arguments)
    with _stage(options.folder) as (url, redis_url), ExitStack() as stack:
        ours = _served(stack, "wsgi:app", festoon_environment(url, redis_url), options.folder)
        control = _served(stack, "bench.peers.check_then_insert:app", _environment(url), options.folder)
        slots = _slots(url, ours, options.runs * 2)
        guarded = rush(url, ours, "/public/v1/holds", slots[: options.runs], options.clients, _OVERLAPS)
        print("guard on: ", guarded.told(), flush=True)
        open_door = rush(url, control, "/", slots[options.runs :], options.clients, _CONTROL_OVERLAPS)
        print("guard off:", open_door.told(), flush=True)
        ratio = _disjoint(url, redis_url)
    held = set(guarded.winners) == {1} and not guarded.overlaps and not _faults(guarded)
    failed = max(open_door.winners) > 1
    print(
        f"the guard {'held' if held else 'FAILED'}, the control {'failed, as it must' if failed else 'HELD'}"
    )
    print(f"times that do not meet: {ratio:.2f} of the bare guarded insert")
    return 0 if held and failed else 1


def rush(url: str, port: int, path: str, slots: list[dict[str, str]], clients: int, overlaps: str) -> Rush:
    """Have so many clients ask for one slot at once, slot after slot."""
    found = Rush()
    for slot in slots:
        answers = asyncio.run(_all_at_once(port, path, json.dumps(slot), clients))
        found.winners.append(sum(status == 201 for status, _seconds in answers))
        found.statuses.update(status for status, _seconds in answers)
        found.seconds += [seconds for _status, seconds in answers]
    with psycopg.connect(url) as connection:
        row = connection.execute(overlaps).fetchone()  # type: ignore[arg-type]  # a constant of ours
    found.overlaps = int(row[0]) if row else -1
    return found


async def _all_at_once(port: int, path: str, body: str, clients: int) -> list[tuple[int, float]]:
    """Open all connections, then send on all of them; gives the status and the seconds of each."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]
    begun = asyncio.Event()

    async def one(number: int) -> tuple[int, float]:
        reader, writer = opened[number]
        await begun.wait()
        at = time.perf_counter()
        writer.write(_message(port, path, body, number))
        status = int((await asyncio.wait_for(reader.readline(), LONGEST)).split()[1])
        seconds = time.perf_counter() - at
        writer.close()
        return status, seconds

    tasks = [asyncio.create_task(one(number)) for number in range(clients)]
    begun.set()
    return list(await asyncio.gather(*tasks))


def _message(port: int, path: str, body: str, number: int) -> bytes:
    """Write a request as if by another visitor behind a proxy: limits count what comes from one address."""
    place = time.time_ns() // 1_000_000 % 200
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        "Connection: close",
        f"Content-Length: {len(body)}",
        f"X-Forwarded-For: 10.{place}.{number >> 8 & 255}.{number & 255}",
        f"Idempotency-Key: {os.urandom(16).hex()}",
    ]
    return "\r\n".join([*lines, "", body]).encode()


def _faults(found: Rush) -> int:
    """Count answers that are neither a hold nor a refusal: false refusals and failures."""
    return sum(count for status, count in found.statuses.items() if status not in (201, 409))


@contextmanager
def _stage(folder: Path) -> Iterator[tuple[str, str]]:
    """Run a PostgreSQL that keeps what it confirms, with the demo, and a Valkey."""
    folder.mkdir(parents=True, exist_ok=True)
    with Postgres(folder / "postgres") as base, Valkey(folder / "valkey") as redis_url:
        with psycopg.connect(base, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS rush WITH (FORCE)")
            connection.execute("CREATE DATABASE rush")
        url = make_url(base).set(database="rush").render_as_string(hide_password=False)
        load(url, redis_url, ("demo",))
        with psycopg.connect(url) as connection:
            connection.execute(_CONTROL)
            connection.execute("DELETE FROM closure")
            connection.execute("UPDATE room SET advance_days = 1000, notice_minutes = 0")
        yield url, redis_url


def _served(stack: ExitStack, application: str, environment: Any, folder: Path) -> int:
    """Serve with two processes; gives the port once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread"]
    command += [
        "--workers",
        "2",
        "--threads",
        str(THREADS),
        "--backlog",
        "2048",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    log = folder / f"{application.partition(':')[0].rpartition('.')[2]}.log"
    process = start([*command, application], environment, None, ROOT, log)
    stack.callback(stop, process)
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        try:
            if ask(port, "GET", "/public/v1/packages").status == 200:
                return port
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{application} did not start; see {log}")


def _environment(url: str) -> dict[str, str]:
    return festoon_environment(url, "") | {"DATABASE_URL": url}


def _slots(url: str, port: int, wanted: int) -> list[dict[str, str]]:
    """Find free times of one room in the weeks to come, each on a day of its own."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT slug, minimum_minutes, id FROM room WHERE is_active ORDER BY position, id"
        ).fetchall()
    found: list[dict[str, str]] = []
    for slug, minutes, key in rows:
        for weeks in range(2, 40):
            start_on = datetime.now(UTC).date() + timedelta(weeks=weeks)
            query = f"from={start_on}&days=7&minutes={minutes}"
            answer = json.loads(ask(port, "GET", f"/public/v1/rooms/{slug}/availability?{query}").body)
            found += [{"room": str(key), **slot} for slot in _first_of_each_day(answer)]
            if len(found) >= wanted:
                return found[:wanted]
    raise ValueError("there are too few free times")


def _first_of_each_day(answer: Any) -> list[dict[str, str]]:
    days = answer["data"]["rooms"][0]["days"]
    firsts = (day["slots"][0] for day in days if day["slots"])
    return [{name: slot[name] for name in ("starts_at", "ends_at")} for slot in firsts]


def _disjoint(url: str, redis_url: str) -> float:
    """Give how fast times that do not meet are held, against the bare guarded insert, in one run."""
    from app import create_app

    os.environ.update(festoon_environment(url, redis_url))
    app = create_app()
    with app.app_context():
        from app.domains.bookings import service
        from app.kernel.db import db, unit_of_work
        from app.kernel.values import Period

        with psycopg.connect(url) as connection:
            rooms = [row[0] for row in connection.execute("SELECT id FROM room WHERE is_active ORDER BY id")]
            connection.execute("DELETE FROM opening_hours")
            connection.execute(
                """INSERT INTO opening_hours (id, venue_id, weekday, mode, position)
                   SELECT gen_random_uuid(), id, day, 'all_day', 0 FROM venue,
                   unnest(ARRAY['mon','tue','wed','thu','fri','sat','sun']) AS day"""
            )
            connection.execute(
                """UPDATE room SET step_minutes = 30, minimum_minutes = 60,
                   buffer_before_minutes = 0, buffer_after_minutes = 0"""
            )
        first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=400)

        def guarded(number: int, room: UUID) -> None:
            at = first + timedelta(hours=2 * number)
            with app.app_context():
                try:
                    with unit_of_work() as session:
                        service.hold(session, room, Period(at, at + timedelta(hours=1)))
                finally:
                    db.session.remove()

        _throughput(guarded, rooms, 20)
        ours = _throughput(guarded, rooms, DISJOINT, offset=20)
        bare = _throughput(_bare_insert(url, first + timedelta(days=4000)), rooms, DISJOINT)
        print(f"times that do not meet, {THREADS} at once: guard {ours:.0f} a second, bare insert {bare:.0f}")
        return ours / bare


def _bare_insert(url: str, first: datetime) -> Callable[[int, UUID], None]:
    """Give the insert alone, as the guard's last statement, in a transaction of its own."""
    mine = threading.local()
    statement = """INSERT INTO room_claim (id, room_id, starts_at, ends_at, blocked, blocks, expires_at, promise)
        VALUES (gen_random_uuid(), %(room)s, %(a)s, %(b)s, tstzrange(%(a)s, %(b)s), true, %(b)s, '{}')
        ON CONFLICT DO NOTHING RETURNING id"""

    def insert(number: int, room: UUID) -> None:
        if not hasattr(mine, "connection"):
            mine.connection = psycopg.connect(url)
        at = first + timedelta(hours=2 * number)
        with mine.connection.transaction():
            mine.connection.execute(statement, {"room": room, "a": at, "b": at + timedelta(hours=1)})

    return insert


def _throughput(work: Callable[[int, UUID], None], rooms: list[UUID], total: int, offset: int = 0) -> float:
    """Do the work so many times by THREADS threads, each in rooms of its own; gives how many a second."""
    begun = time.perf_counter()

    def lane(number: int) -> None:
        for turn in range(total // THREADS):
            work(offset + turn, rooms[(number + turn * THREADS) % len(rooms)])

    threads = [threading.Thread(target=lane, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total / (time.perf_counter() - begun)


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.rush", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--folder", type=Path, default=HOME / "rush")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
