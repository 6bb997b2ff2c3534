"""What the rush is played on: a database that keeps what it confirms, with the demo's rooms, and three servers."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.kernel.embedded import Postgres, Valkey
from bench.contestants import THREADS, festoon_environment
from bench.database import load
from bench.environment import ROOT
from bench.peers.claims import TABLES
from bench.processes import free_port, start, stop
from bench.serving import ask

WORKERS = 2
LONGEST_START = 60.0
_OPEN = """
    DELETE FROM closure;
    DELETE FROM opening_hours;
    INSERT INTO opening_hours (id, venue_id, weekday, mode, position)
        SELECT gen_random_uuid(), id, day, 'all_day', 0
        FROM venue, unnest(ARRAY['mon','tue','wed','thu','fri','sat','sun']) AS day;
    UPDATE room SET advance_days = 1000, notice_minutes = 0, minimum_minutes = 60, maximum_minutes = 1440,
        step_minutes = 30, buffer_before_minutes = 0, buffer_after_minutes = 0;
"""
"""Rooms in zones half an hour off take the same times as all others: steps are of half an hour."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The running servers: the product, the control and the guarded insert alone, by port; and the rooms."""

    url: str
    redis_url: str
    product: int
    control: int
    bare: int
    rooms: list[str]


@contextmanager
def staging(folder: Path) -> Iterator[Stage]:
    """Run everything for the time of a block."""
    folder.mkdir(parents=True, exist_ok=True)
    with Postgres(folder / "postgres") as base, Valkey(folder / "valkey") as redis_url, ExitStack() as stack:
        url = _filled(base, redis_url)
        environment = festoon_environment(url, redis_url) | {"DATABASE_URL": url}
        applications = ("wsgi:app", "bench.peers.claims:control", "bench.peers.claims:guarded")
        ports = [_served(stack, application, environment, folder) for application in applications]
        with psycopg.connect(url) as connection:
            connection.execute(_OPEN)
            rooms = connection.execute("SELECT id FROM room WHERE is_active ORDER BY id").fetchall()
        yield Stage(url, redis_url, *ports, [str(row[0]) for row in rooms])


def _filled(base: str, redis_url: str) -> str:
    """Make a database with the demo; gives its address."""
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS rush WITH (FORCE)")
        connection.execute("CREATE DATABASE rush")
    url = make_url(base).set(database="rush").render_as_string(hide_password=False)
    load(url, redis_url, ("demo",))
    with psycopg.connect(url) as connection:
        connection.execute(TABLES)
    return url


def _served(stack: ExitStack, application: str, environment: dict[str, str], folder: Path) -> int:
    """Serve with two processes; gives the port once it answers."""
    port = free_port()
    options = {
        "--worker-class": "gthread",
        "--workers": str(WORKERS),
        "--threads": str(THREADS),
        "--backlog": "2048",
        "--bind": f"127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket"]
    command += [word for option in options.items() for word in option]
    log = folder / f"{application.replace(':', '.')}.log"
    stack.callback(stop, start([*command, application], environment, None, ROOT, log))
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        try:
            if ask(port, "GET", "/public/v1/packages").status == 200:
                return port
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{application} did not start; see {log}")
