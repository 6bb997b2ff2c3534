"""What the database says about how far it has been prepared, so that a start does no work twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.up.preflight import plain_url

_NAME = "start"
_SOURCES = (("app", "**/*.py"), ("migrations", "**/*.py"), (".", "config.py"), (".", "requirements.txt"))


@dataclass(frozen=True, slots=True)
class Preparedness:
    """Is there nothing to be done; was no start ever completed; did nobody fill it yet?"""

    is_current: bool
    is_first: bool
    is_empty: bool


def fingerprint(root: Path) -> str:
    """Hash the program's code and requirements."""
    whole = hashlib.sha256()
    for path in _files(root):
        whole.update(f"{path.relative_to(root)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for folder, pattern in _SOURCES:
        yield from sorted((root / folder).glob(pattern))


def read_preparedness(url: str, code: str) -> Preparedness:
    """Look whether the database was prepared by this very code and has kept its migration since."""
    with _connect(url) as connection:
        started = _started(connection)
        is_current = started is not None and started == _mark(connection, code)
        return Preparedness(is_current, is_first=started is None, is_empty=not _has_content(connection))


def note_preparedness(url: str, code: str) -> None:
    """Write into the database that this code has prepared it."""
    with _connect(url) as connection:
        connection.execute(
            "INSERT INTO sync_state (name, fingerprint, at) VALUES (%(name)s, %(mark)s, now()) "
            "ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint, at = excluded.at",
            {"name": _NAME, "mark": _mark(connection, code)},
        )


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(plain_url(url), connect_timeout=5, autocommit=True)


def _started(connection: psycopg.Connection[tuple[object, ...]]) -> str | None:
    """Give what the last whole start noted."""
    if not _has_table(connection, "sync_state"):
        return None
    row = connection.execute("SELECT fingerprint FROM sync_state WHERE name = %s", (_NAME,)).fetchone()
    return str(row[0]) if row else None


def _mark(connection: psycopg.Connection[tuple[object, ...]], code: str) -> str:
    """Join the code with the migration that the database stands at: a downgrade by hand is seen."""
    at = ""
    if _has_table(connection, "alembic_version"):
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        at = str(row[0]) if row else ""
    return hashlib.sha256(f"{code}@{at}".encode()).hexdigest()


def _has_content(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Tell whether somebody's packages, bookings or users are there; the demo must not go among them."""
    for table in ("package", "booking", "ab_user"):
        if _has_table(connection, table):
            row = connection.execute(f"SELECT EXISTS (SELECT FROM {table})").fetchone()  # noqa: S608  # names of ours
            if row and row[0]:
                return True
    return False


def _has_table(connection: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"public.{name}",)).fetchone()
    return bool(row and row[0])
