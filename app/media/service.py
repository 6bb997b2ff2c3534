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
from app.media.twins import find_twins


def store_picture(content: bytes, title: str, alt: str = "", place: str = "", name: str = "") -> Asset:
    """Take a picture in, with its renditions, and add its row to the database session.

    `place` is the folder of whom it belongs to, from `app.media.storage.paths`, `name` that of the file. The files
    are there at once; they are removed again if the transaction is rolled back. While the virus scanner does not
    answer, the upload waits in quarantine, and the row says so.

    Raises Invalid at the field `file`, StorageUnavailable and DrawingUnavailable.
    """
    check(content)
    asset = _new_row(title, alt)
    asset.file_name = name
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
    find_twins(db.session(), asset)
    return asset


def fill(
    asset: Asset, content: bytes, place: str = "", keeps_focal: bool = False, name: str | None = None
) -> None:
    """Take a scanned picture in for a row that is there: out of quarantine, or in place of another.

    Its addresses change, so that nobody is shown the old picture from a cache; the files it had go with the commit.
    """
    focal = (asset.focal_x, asset.focal_y) if keeps_focal else (50, 50)
    drawing = take_in(content, (focal[0] / 100, focal[1] / 100))
    _fill(asset, drawing, place or _place_of(asset.path), focal)
    asset.file_name = asset.file_name if name is None else name
    db.session.flush()
    find_twins(db.session(), asset)


def replace_picture(asset: Asset, content: bytes, name: str | None = None, keeps_focal: bool = False) -> None:
    """Put another picture in place of one: it keeps its id, its words and its places; the former files go.

    It is one save, with the file's new `name`: the record gets its next revision and one entry in the history.

    The focal point returns to the middle, unless it shall be kept: what replaces it may show the same.

    Raises as `store_picture`, and ScannerUnavailable: what is to take a place cannot wait for its scan.
    """
    check(content)
    require_safe(asset, content, _place_of(asset.path))
    fill(asset, content, keeps_focal=keeps_focal, name=name)


def _fill(asset: Asset, drawing: Drawing, place: str, focal: tuple[int, int] = (50, 50)) -> None:
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
        "likeness": drawing.likeness,
        "focal_x": focal[0],
        "focal_y": focal[1],
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


def file_name_of(file_name: str) -> str:
    """Keep how a file was called on somebody's machine, without the folders it lay in."""
    return _words(PurePosixPath(file_name.replace("\\", "/")).name)[:200]


def _words(text: str) -> str:
    """Keep what can be read, on one line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
