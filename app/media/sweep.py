"""Holds what the rows name against what is stored: files that no row names, and rows whose files are not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

import structlog
from sqlalchemy import Connection, TextClause, select, text
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.db import reading
from app.kernel.errors import NotFound
from app.kernel.outbox import record
from app.media.events import PictureStored
from app.media.filekeeping import remove
from app.media.models import Asset, AssetState
from app.media.storage import Storage, quarantine, storage

log: Any = structlog.get_logger("festoon.media")

AGE = timedelta(days=1)
"""A file younger than this may belong to a row whose transaction is not over."""

_CHUNK = 1_000
_MOST_TOLD = 50

_NAMED = """
    SELECT id, path FROM asset
    UNION ALL
    SELECT a.id, file ->> 2 FROM asset AS a, jsonb_each(a.renditions) AS role,
        jsonb_array_elements(role.value) AS file
"""
_STRAY = text(f"SELECT path FROM kept_file WHERE is_old EXCEPT SELECT path FROM ({_NAMED}) AS named")  # noqa: S608
_MISSING = text(f"""
    SELECT id, path FROM ({_NAMED}) AS named WHERE NOT EXISTS (SELECT FROM kept_file AS f WHERE f.path = named.path)
""")  # noqa: S608


_INSERT = text("INSERT INTO kept_file SELECT unnest(CAST(:paths AS text[])) ON CONFLICT DO NOTHING")
_MARK_OLD = text("UPDATE kept_file SET is_old = true WHERE path = ANY(CAST(:paths AS text[]))")


@dataclass(slots=True)
class Found:
    """What did not agree: how many files were removed, and which picture lacks which files."""

    removed: int = 0
    missing: dict[str, list[str]] = field(default_factory=dict)


def sweep() -> Found:
    """Remove files that no row names and tell of rows whose files are missing; reports both to the log."""
    found = Found()
    with reading() as connection:
        _list_files(connection)
        strays = connection.execute(_STRAY).scalars().all()
        missing = connection.execute(_MISSING).all()
        connection.execute(text("DROP TABLE kept_file"))
    for some in _parts(iter(strays)):
        remove(some)
    found.removed = len(strays)
    for key, path in missing:
        if not _is_there(path):  # it may be younger than the list
            found.missing.setdefault(str(key), []).append(path)
    if found.removed:
        log.warning("media.strays_removed", count=found.removed, paths=list(strays[:_MOST_TOLD]))
    for key, paths in list(found.missing.items())[:_MOST_TOLD]:
        log.error("media.files_missing", asset=key, paths=paths)
    return found


def ask_for_missing(session: Session) -> int:
    """Ask for the slow forms of pictures that lack them after a day; gives how many were asked for.

    They were stored by a version that drew fewer, or drawing them failed.
    """
    lacking = select(Asset.id).where(
        Asset.state == AssetState.READY,
        ~Asset.renditions.has_key("avif"),
        Asset.created_at < clock.now() - AGE,
    )
    keys = session.scalars(lacking.order_by(Asset.id.desc()).limit(_CHUNK)).all()
    for key in keys:
        record(PictureStored(key))
    return len(keys)


def _list_files(connection: Connection) -> None:
    connection.execute(
        text("CREATE TEMPORARY TABLE kept_file (path text PRIMARY KEY, is_old boolean DEFAULT false)")
    )
    before = clock.now() - AGE
    for kept in (storage(), quarantine()):
        _write(connection, kept.paths(), _INSERT)
        _write(connection, kept.paths(before), _MARK_OLD)


def _write(connection: Connection, paths: Iterator[str], statement: TextClause) -> None:
    for some in _parts(paths):
        connection.execute(statement, {"paths": some})


def _parts(paths: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(paths, _CHUNK)):
        yield some


def _is_there(path: str) -> bool:
    return any(_can_open(kept, path) for kept in (storage(), quarantine()))


def _can_open(kept: Storage, path: str) -> bool:
    try:
        kept.open(path).close()
    except NotFound:
        return False
    return True
