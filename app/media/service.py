"""Verbs on pictures: the row and its files appear together and go together."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from uuid import UUID

from app.kernel.db import db
from app.kernel.ids import new_id
from app.kernel.outbox import record
from app.media.events import PictureStored
from app.media.filekeeping import keep_with
from app.media.intake import check, take_in
from app.media.models import Asset, AssetState
from app.media.quarantine import hold, is_safe, require_safe
from app.media.renditions import listed, named, row_of
from app.media.sandbox import Drawing
from app.media.storage import is_waiting_path, new_path, storage
from app.media.storage.paths import place_of
from app.media.studio.kinds import EXTENSIONS, MEDIA_TYPES


def store_picture(content: bytes, title: str, alt: str = "", place: str = "") -> Asset:
    """Take a picture in, with its renditions, and add its row to the database session.

    `place` is the folder of whom it belongs to, from `app.media.storage.paths`. The files are there at once; they
    are removed again if the transaction is rolled back. While the virus scanner does not answer, the upload waits in
    quarantine, and the row says so. Raises Invalid at the field `file`, StorageUnavailable and DrawingUnavailable.
    """
    check(content)
    asset = _new_row(title, alt)
    if is_safe(asset, content, place):
        return _keep(asset, take_in(content), place)
    hold(asset, content, place)
    db.session.add(asset)
    db.session.flush()
    return asset


def keep_drawing(
    drawing: Drawing, title: str, alt: str = "", place: str = "", key: UUID | None = None
) -> Asset:
    """Keep a picture that is drawn already, as `store_picture` does."""
    return _keep(_new_row(title, alt, key), drawing, place)


def _new_row(title: str, alt: str, key: UUID | None = None) -> Asset:
    return Asset(id=key or new_id(), title=_words(title)[:200] or "picture", alt=_words(alt)[:300])


def _keep(asset: Asset, drawing: Drawing, place: str) -> Asset:
    _fill(asset, drawing, place)
    db.session.add(asset)
    db.session.flush()
    return asset


def fill(asset: Asset, content: bytes, place: str = "") -> None:
    """Take a scanned picture in for a row that is there: out of quarantine, or in place of another.

    Its addresses change, so that nobody is shown the old picture from a cache; the files it had go with the commit.
    """
    _fill(asset, take_in(content), place or _place_of(asset.path))
    db.session.flush()


def replace_picture(asset: Asset, content: bytes) -> None:
    """Put another picture in place of one: it keeps its id and its words, the focal point returns to the middle.

    Raises as `store_picture`, and ScannerUnavailable: what is to take a place cannot wait for its scan.
    """
    check(content)
    require_safe(asset, content, _place_of(asset.path))
    fill(asset, content)


def _fill(asset: Asset, drawing: Drawing, place: str) -> None:
    picture = next(file for file in drawing.files if file.role == "picture")
    path = new_path(EXTENSIONS[picture.form], place)
    files = named(path, drawing.files)
    keep_with(db.session(), files)
    for name, file in files.items():
        storage().put(name, file.content)
    facts = {
        "path": path,
        "media_type": MEDIA_TYPES[picture.form],
        "width": picture.width,
        "height": picture.height,
        "bytes": len(picture.content),
        "checksum": hashlib.sha256(picture.content).hexdigest(),
        "blurhash": drawing.blurhash,
        "focal_x": 50,
        "focal_y": 50,
        "state": AssetState.READY,
        "note": None,
        **row_of(listed(files)),
    }
    for name, value in facts.items():
        setattr(asset, name, value)
    record(PictureStored(asset.id))


def _place_of(path: str) -> str:
    return place_of(path) if is_waiting_path(path) else path.rpartition("/")[0]


def title_of(file_name: str) -> str:
    """Make a title from a file's name on somebody's machine: `garden_party-2.JPG` is "garden party 2"."""
    stem = PurePosixPath(file_name.replace("\\", "/")).stem
    return _words(stem.replace("_", " ").replace("-", " "))


def _words(text: str) -> str:
    """Keep what can be read, on one line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
