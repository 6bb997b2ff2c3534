"""Files follow their rows: they go after the commit that no longer names them, or when their birth is rolled back.

What a commit leaves behind is written into the outbox with it, so that a crash in between leaves nothing lying.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from app.kernel.errors import DomainError
from app.kernel.outbox import record
from app.media.events import FilesLeft, FocalPointMoved
from app.media.models import Asset
from app.media.storage import is_waiting_path, quarantine, storage

log: Any = structlog.get_logger("festoon.media")
_BORN = "festoon.media.born"


def keep_with(session: Session, paths: Iterable[str]) -> None:
    """Remove files if the transaction now running is rolled back."""
    session.info.setdefault(_BORN, []).extend(paths)


def remove(paths: Iterable[str]) -> None:
    """Remove files, those of pictures and those that wait for their scan; raises StorageUnavailable."""
    waiting = [path for path in paths if is_waiting_path(path)]
    shown = [path for path in paths if not is_waiting_path(path)]
    if shown:
        storage().delete(*shown)
    if waiting:
        quarantine().delete(*waiting)


@event.listens_for(Session, "before_flush")
def _note_what_is_left(session: Session, *_unused: Any) -> None:
    for asset in [row for row in session.deleted if isinstance(row, Asset)]:
        record(FilesLeft(tuple(sorted(_former_files(asset)))))
    for asset in [row for row in session.dirty if isinstance(row, Asset)]:
        if left := _former_files(asset) - asset.files:
            record(FilesLeft(tuple(sorted(left))))
        elif _changed(asset, "focal_x") or _changed(asset, "focal_y"):
            record(FocalPointMoved(asset.id))


def _former_files(asset: Asset) -> set[str]:
    """Name the files of the row as the database has it."""
    path = _former(asset, "path")
    found = {path} if path else set()
    for of_role in (_former(asset, "renditions") or {}).values():
        found |= {rendition for _width, _height, rendition in of_role}
    return found


def _former(asset: Asset, name: str) -> Any:
    history: Any = inspect(asset).attrs[name].load_history()
    return (history.deleted or history.unchanged or [None])[0]


def _changed(asset: Asset, name: str) -> bool:
    history: Any = inspect(asset).attrs[name].history
    return bool(history.deleted) and history.deleted[0] != getattr(asset, name)


@event.listens_for(Session, "after_commit")
def _forget_born(session: Session) -> None:
    """Only the outermost commit counts: what a savepoint released may still be rolled back."""
    if not session.in_nested_transaction():
        session.info.pop(_BORN, None)


@event.listens_for(Session, "after_soft_rollback")
def _remove_unborn(session: Session, previous: Any) -> None:
    """A rollback to a savepoint keeps every file: a stray file is a smaller harm than a lost picture."""
    if not previous.nested and (paths := session.info.pop(_BORN, ())):
        try:
            remove(paths)
        except (OSError, DomainError):  # the sweep finds them
            log.exception("media.files_stay", paths=paths)
