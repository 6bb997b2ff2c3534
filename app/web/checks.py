"""The checks behind the health pages: each in its own thread, none longer than the deadline."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
import redis
from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from app.media.scanning import Scanner, scanner_at
from app.media.storage import FolderStorage, Storage, storage_named

DEADLINE = 1.5
_SCARCE = 5
"""Per cent of free disk below which storage is called scarce."""

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")


@dataclass(frozen=True, slots=True)
class Facts:
    """Where to look: addresses that never leave the program."""

    database: str
    connect: dict[str, Any]
    redis: str
    storage: Storage
    scanner: Scanner | None


def facts_of(config: Mapping[str, Any]) -> Facts:
    """Read from the configuration, while there is an application, what the checks need in their own threads."""
    return Facts(
        database=str(config["SQLALCHEMY_DATABASE_URI"]),
        connect=dict(config.get("SQLALCHEMY_ENGINE_OPTIONS", {}).get("connect_args", {})),
        redis=str(config.get("REDIS_URL") or ""),
        storage=storage_named(config["STORAGE"], config),
        scanner=scanner_at(str(config.get("CLAMD_URL") or "")),
    )


@dataclass(frozen=True, slots=True)
class Check:
    """How a part does: `up`, `off` (not set up), or `down`, `behind`, `scarce`; with figures."""

    state: str
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """Tell whether the part does its work."""
        return self.state in ("up", "off", "scarce")


def look(facts: Facts, names: Collection[str] = ()) -> dict[str, Check]:
    """Run the checks at once; what has not answered by the deadline is down."""
    chosen = {name: check for name, check in CHECKS.items() if not names or name in names}
    running = {name: _pool.submit(check, facts) for name, check in chosen.items()}
    end = time.monotonic() + DEADLINE
    return {name: _outcome(future, end) for name, future in running.items()}


def _outcome(future: Future[Check], end: float) -> Check:
    try:
        return future.result(timeout=max(0.0, end - time.monotonic()))
    except TooLate:
        future.cancel()
        return Check("down", {"reason": "no answer in time"})
    except Exception as error:  # noqa: BLE001  # whatever a part fails with, it is down
        return Check("down", {"reason": type(error).__name__})


def _database(facts: Facts) -> Check:
    """Ask over a connection of its own: the pool may be what is ill."""
    began = time.perf_counter()
    with _connect(facts) as connection:
        connection.execute("SELECT 1")
    return Check("up", {"ms": round((time.perf_counter() - began) * 1000, 1)})


def _migrations(facts: Facts) -> Check:
    """Compare the database's revision with the newest that this program brings."""
    with _connect(facts) as connection:
        there = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        row = (
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if there and there[0]
            else None
        )
    at, head = row[0] if row else "", newest_revision()
    return Check("up" if at == head else "behind", {"at": at, "head": head})


def _valkey(facts: Facts) -> Check:
    if not facts.redis:
        return Check("off")
    began = time.perf_counter()
    with _valkey_client(facts) as client:
        client.ping()
    return Check("up", {"ms": round((time.perf_counter() - began) * 1000, 1)})


def _queue(facts: Facts) -> Check:
    """Count the jobs that wait, over every queue that ever had one."""
    if not facts.redis:
        return Check("off")
    with _valkey_client(facts) as client:
        names = [key.decode() for key in client.smembers("rq:queues")]
        failed = [name.replace("rq:queue:", "rq:failed:", 1) for name in names]
        return Check("up", {
            "waiting": sum(client.llen(name) for name in names),
            "failed": sum(client.zcard(name) for name in failed),
        })  # fmt: skip


def _storage(facts: Facts) -> Check:
    """Ask whether files can be kept, and look how much room a folder has."""
    began = time.perf_counter()
    facts.storage.probe()
    if not isinstance(facts.storage, FolderStorage):
        return Check("up", {"ms": round((time.perf_counter() - began) * 1000, 1)})
    usage = shutil.disk_usage(facts.storage.root)
    free = round(100 * usage.free / usage.total)
    return Check("up" if free >= _SCARCE else "scarce", {"free_percent": free})


def _scanner(facts: Facts) -> Check:
    if facts.scanner is None:
        return Check("off")
    began = time.perf_counter()
    is_up = facts.scanner.is_up()
    return Check("up" if is_up else "down", {"ms": round((time.perf_counter() - began) * 1000, 1)})


CHECKS: dict[str, Callable[[Facts], Check]] = {
    "database": _database,
    "migrations": _migrations,
    "valkey": _valkey,
    "queue": _queue,
    "storage": _storage,
    "scanner": _scanner,
}


@lru_cache(maxsize=1)
def newest_revision() -> str:
    """Give the newest migration of this program."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head() or "")


def _connect(facts: Facts) -> psycopg.Connection[Any]:
    url = make_url(facts.database).set(drivername="postgresql")
    options = facts.connect | {"connect_timeout": 2, "options": "-c statement_timeout=1000"}
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True, **options)


def _valkey_client(facts: Facts) -> Any:
    return redis.Redis.from_url(facts.redis, socket_timeout=1, socket_connect_timeout=1)
