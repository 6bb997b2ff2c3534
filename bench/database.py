"""The database under test: an own PostgreSQL under var/bench, filled once for a factor."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.kernel.embedded import Postgres, Valkey
from bench.contestants import ADMIN, WRITER, festoon_environment
from bench.environment import ROOT
from bench.processes import Cores, pin

FILLED_FROM = ("migrations", "app/demo")


@dataclass(frozen=True, slots=True)
class Stage:
    """What the servers are started on: a filled PostgreSQL, and a Valkey for whoever wants one."""

    url: str
    redis_url: str
    pids: list[int]


@contextmanager
def staging(folder: Path, factor: float, cores: Cores, tell: Callable[[str], None]) -> Iterator[Stage]:
    """Run both servers for the time of a block, on the servers' core once the tables are filled."""
    folder.mkdir(parents=True, exist_ok=True)
    postgres, valkey = Postgres(folder / "postgres", durable=False), Valkey(folder / "valkey", durable=False)
    with postgres as base, valkey as redis_url:
        url = _filled(base, redis_url, factor, tell)
        pids = [server.process.pid for server in (postgres, valkey) if server.process is not None]
        for pid in pids:
            pin(pid, cores.server)  # the backends of later connections inherit it
        yield Stage(url, redis_url, pids)
        tidy(url)


def _filled(base: str, redis_url: str, factor: float, tell: Callable[[str], None]) -> str:
    """Find the filled database, or make and fill it; older ones are dropped."""
    name = f"bench_{_fingerprint(factor)}"
    url = make_url(base).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(base, autocommit=True) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'bench\\_%'"
        ).fetchall()
        for old in (row[0] for row in found if row[0] != name):
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
        if (name,) in found and _is_whole(url):
            return url
        tell(f"filling the database, factor {factor:g}")
        connection.execute("ALTER SYSTEM SET autovacuum = off")  # it would work in the midst of a round
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    fill(url, redis_url, factor)
    return url


_PEERS_TABLE: tuple[LiteralString, ...] = (
    "CREATE SCHEMA peer",
    "CREATE TABLE peer.booking (LIKE booking INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)",
    "ALTER TABLE peer.booking DROP COLUMN reference",
    """
    DO $$ BEGIN EXECUTE (
        SELECT format('INSERT INTO peer.booking (%s) SELECT %s FROM booking', names, names) FROM (
            SELECT string_agg(quote_ident(attname), ', ') AS names FROM pg_attribute
            WHERE attrelid = 'peer.booking'::regclass AND attnum > 0 AND NOT attisdropped
        ) AS columns
    ); END $$
    """,
    "ALTER TABLE peer.booking ADD FOREIGN KEY (package_id) REFERENCES package (id)",
)
"""Where peers write their bookings: the same rows, columns and indexes as ours, and no triggers."""


def tidy(url: str) -> None:
    """Take away what W4 wrote, so that the next run finds the tables as they were; the history stays."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        written = "(SELECT id FROM booking WHERE client_email = %s)"
        for table, key in (("search_entry", "object_id"), ("booking_step", "booking_id"), ("booking", "id")):
            statement = sql.SQL("DELETE FROM {} WHERE {} IN " + written).format(
                sql.Identifier(table), sql.Identifier(key)
            )
            connection.execute(statement, (WRITER,))
        connection.execute("DELETE FROM peer.booking WHERE client_email = %s", (WRITER,))
        connection.execute("TRUNCATE outbox CASCADE")


def with_demo(stage: Stage, tell: Callable[[str], None]) -> str:
    """Make a database with the demo alone beside the large one, and give its address."""
    tell("loading the demo")
    base = make_url(stage.url)
    with psycopg.connect(stage.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench_demo")
        connection.execute("CREATE DATABASE bench_demo")
    url = base.set(database="bench_demo").render_as_string(hide_password=False)
    load(url, stage.redis_url, ("demo",))
    return url


def load(url: str, redis_url: str, demo: tuple[str, ...]) -> None:
    """Make the tables of an empty database, the administrator and a demo."""
    for command in (("db", "upgrade"), ("sync",), ("admin", "create", "--username", ADMIN), demo):
        _flask(command, url, redis_url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def fill(url: str, redis_url: str, factor: float) -> None:
    """Make the tables of an empty database, the administrator, and a part of the large set."""
    load(url, redis_url, ("demo", "--scale", "--factor", str(factor)))
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in _PEERS_TABLE:
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE peer.booking")
        connection.execute("CREATE SCHEMA stock")  # the last step, so it tells that the filling is whole


def _is_whole(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT to_regnamespace('stock') IS NOT NULL").fetchone() == (True,)


def _fingerprint(factor: float) -> str:
    digest = hashlib.sha256(f"{factor:g}".encode())
    for folder in FILLED_FROM:
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _flask(command: tuple[str, ...], url: str, redis_url: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        env=festoon_environment(url, redis_url),
        cwd=ROOT,
        check=True,
    )
