"""Files follow their rows: they go when the rows' deletion is committed, or their birth rolled back."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from app.kernel.errors import NotFound
from app.media.models import Asset
from app.media.renditions import rendition_paths
from app.media.storage import storage

log = logging.getLogger(__name__)
_BORN = "festoon.media.born"
_GONE = "festoon.media.gone"


def keep_with(session: Session, path: str) -> None:
    """Remove a picture's files if the transaction now running is rolled back."""
    session.info.setdefault(_BORN, []).append(path)


@event.listens_for(Asset, "after_delete")
def _note_deletion(_mapper: Any, _connection: Any, asset: Asset) -> None:
    session = object_session(asset)
    if session is not None:
        session.info.setdefault(_GONE, []).append(asset.path)


@event.listens_for(Session, "after_commit")
def _remove_deleted(session: Session) -> None:
    """Only the outermost commit counts: what a savepoint released may still come back."""
    if session.in_nested_transaction():
        return
    session.info.pop(_BORN, None)
    _remove(session.info.pop(_GONE, ()))


@event.listens_for(Session, "after_soft_rollback")
def _remove_unborn(session: Session, previous: Any) -> None:
    """A rollback to a savepoint keeps every file: a stray file is a smaller harm than a lost picture."""
    session.info.pop(_GONE, None)
    if not previous.nested:
        _remove(session.info.pop(_BORN, ()))


def _remove(paths: Any) -> None:
    for path in paths:
        for name in (path, *rendition_paths(path)):
            try:
                storage().delete(name)
            except (OSError, NotFound):
                log.exception("the file %s of a deleted picture could not be removed", name)
