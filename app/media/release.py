"""Uploads that waited for their scan: shown, refused, or left to wait on, by a job of every minute."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from flask_babel import gettext as _
from sqlalchemy import select

from app.kernel.db import db, unit_of_work
from app.kernel.errors import Invalid, NotFound
from app.kernel.jobs import job
from app.kernel.live import tell
from app.kernel.outbox import record
from app.media.events import FilesLeft
from app.media.models import Asset, AssetState
from app.media.quarantine import unscannable_sentence
from app.media.sandbox import DrawingUnavailable
from app.media.scanning import Finding, Verdict, scanner
from app.media.service import fill
from app.media.storage import StorageUnavailable, quarantine

MOST_AT_ONCE = 50
log: Any = structlog.get_logger("festoon.media")


@job("media.scan_waiting", at="* * * * *", seconds=900)
def scan_waiting() -> int:
    """Scan what waits, oldest first, while the scanner answers; give how many wait no longer."""
    waiting = select(Asset.id, Asset.path).where(Asset.state == AssetState.QUARANTINED)
    with unit_of_work() as session:
        rows = session.execute(waiting.order_by(Asset.created_at).limit(MOST_AT_ONCE)).all()
    done = 0
    try:
        for key, path in rows:
            done += _settle(key, path)
    except (_ScannerAway, StorageUnavailable, DrawingUnavailable) as reason:
        log.warning("media.still_waiting", why=type(reason).__name__, left=len(rows) - done)
    return done


class _ScannerAway(Exception):
    """The scanner does not answer; the others would wait in vain too."""


def _settle(key: UUID, path: str) -> bool:
    """Scan one upload, outside any transaction, then show or refuse it."""
    try:
        with quarantine().open(path) as file:
            content = file.read()
    except NotFound:  # removed by hand, or not brought along from another storage
        return _finish(key, path, None, Verdict(Finding.UNKNOWN))
    verdict = scanner().scan(content)
    if verdict.finding is Finding.UNKNOWN:
        raise _ScannerAway
    return _finish(key, path, content, verdict)


def _finish(key: UUID, path: str, content: bytes | None, verdict: Verdict) -> bool:
    """Write the outcome down, unless somebody else did or the row is gone."""
    unchanged = select(Asset).where(
        Asset.id == key, Asset.path == path, Asset.state == AssetState.QUARANTINED
    )
    with unit_of_work() as session:
        asset = session.scalar(
            unchanged.with_for_update(skip_locked=True).execution_options(populate_existing=True)
        )
        if asset is None:
            return False
        if content is not None and verdict.finding is Finding.CLEAN:
            _show(asset, content)
        else:
            _refuse(asset, _why(verdict))
        room = f"record:asset/{key}"  # only who may see the picture is told which one it is
        tell("/staff", "resource:asset", "changed", {"resource": "asset", "ids": []})
        tell("/staff", room, "changed", {"resource": "asset", "ids": [str(key)], "room": room})
    db.session.expire_all()
    return True


def _why(verdict: Verdict) -> str:
    """Say what staff are to read beside the refused picture: the malware's name, or a sentence."""
    if verdict.finding is Finding.INFECTED:
        return verdict.name
    return str(
        unscannable_sentence() if verdict.finding is Finding.UNSCANNABLE else _("There is no such file.")
    )


def _show(asset: Asset, content: bytes) -> None:
    try:
        fill(asset, content)
    except Invalid as refusal:  # only now it was decoded: it is damaged, or too large
        _refuse(asset, " ".join(str(sentence) for sentence in refusal.errors.get("file", ())))


def _refuse(asset: Asset, note: str) -> None:
    asset.state = AssetState.REFUSED
    asset.note = note
    record(FilesLeft((asset.path,)))
    db.session.flush()
    log.warning("media.refused", asset=str(asset.id), note=note)
