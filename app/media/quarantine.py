"""What stands between an upload and its being drawn: the scan, the wait for it, and the note of what was refused."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

import structlog
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.kernel.db import db
from app.kernel.errors import DomainError, Invalid
from app.media.filekeeping import keep_with
from app.media.models import Asset, AssetState
from app.media.scanning import Finding, Verdict, scanner
from app.media.storage import quarantine
from app.media.storage.paths import waiting_path

RAW = "application/octet-stream"
log: Any = structlog.get_logger("festoon.media")


class Infected(Invalid):
    """The scanner found malware in the file."""

    code: ClassVar[str] = "infected"


class ScannerUnavailable(DomainError):
    """The scanner does not answer, and this file cannot wait for it."""

    status: ClassVar[int] = 503
    code: ClassVar[str] = "scanner_unavailable"


def is_safe(asset: Asset, content: bytes, place: str) -> bool:
    """Have an upload scanned before anything else touches it; False when the scanner does not answer.

    Raises Infected, of which a row stays whatever becomes of the transaction, and Invalid for a file that can
    never be scanned.
    """
    verdict = scanner().scan(content)
    if verdict.finding is Finding.INFECTED:
        _remember(asset, content, place, verdict)
        raise Infected({"file": [infected_sentence(verdict)]})
    if verdict.finding is Finding.UNSCANNABLE:
        raise Invalid({"file": [unscannable_sentence()]})
    return verdict.finding is Finding.CLEAN


def require_safe(asset: Asset, content: bytes, place: str) -> None:
    """Have an upload scanned that takes another's place and so cannot wait; raises as `is_safe`."""
    if not is_safe(Asset(title=asset.title, alt=asset.alt), content, place):
        raise ScannerUnavailable(_l("The picture cannot be scanned for viruses just now. Try again later."))


def hold(asset: Asset, content: bytes, place: str = "") -> None:
    """Let an upload wait for its scan, as it was sent, where nothing is served from."""
    _describe(asset, content, place)
    asset.state = AssetState.QUARANTINED
    keep_with(db.session(), [asset.path])
    quarantine().put(asset.path, content)
    log.warning("media.held", asset=str(asset.id))


def infected_sentence(verdict: Verdict) -> Any:
    """Word what was found."""
    return _l("The file holds a virus (%(name)s) and was not kept.", name=verdict.name)


def unscannable_sentence() -> Any:
    """Word that a file is too large for the scanner."""
    return _l("The file is too large to be scanned for viruses. Save the picture smaller.")


def _describe(asset: Asset, content: bytes, place: str) -> None:
    asset.path = waiting_path(place)
    asset.media_type = RAW
    asset.bytes = len(content)
    asset.checksum = hashlib.sha256(content).hexdigest()


def _remember(asset: Asset, content: bytes, place: str, verdict: Verdict) -> None:
    """Keep the fact in a transaction of its own: the one that asked will be rolled back for the refusal."""
    _describe(asset, content, place)
    asset.state = AssetState.REFUSED
    asset.note = verdict.name
    apart = Session(db.engine, join_transaction_mode="create_savepoint", expire_on_commit=False)
    with apart as session, session.begin():
        session.add(asset)
    log.warning("media.infected", asset=str(asset.id), found=verdict.name)
