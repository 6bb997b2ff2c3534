"""Verbs on pictures: the row and its files appear together and go together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from uuid import UUID

from app.kernel.db import db
from app.kernel.ids import new_id
from app.media.filekeeping import keep_with
from app.media.intake import Picture, take_in
from app.media.models import Asset
from app.media.renditions import WIDTHS, render, rendition_path
from app.media.storage import new_path, storage


def store_picture(content: bytes, title: str, alt: str = "") -> Asset:
    """Take a picture in, with its renditions, and add its row to the database session.

    The files are there at once; they are removed again if the transaction is rolled back. Raises Invalid
    at the field `file`, and StorageUnavailable.
    """
    picture = take_in(content)
    return keep_picture(picture, {width: render(picture.image, width) for width in WIDTHS}, title, alt)


def keep_picture(
    picture: Picture, renditions: Mapping[int, bytes], title: str, alt: str = "", key: UUID | None = None
) -> Asset:
    """Keep a picture that is clean already, with its renditions by width, as `store_picture` does."""
    path = new_path(picture.extension)
    files = {rendition_path(path, width): written for width, written in renditions.items()}
    files[path] = picture.content
    keep_with(db.session(), path)
    for name, written in files.items():
        storage().put(name, written)
    asset = Asset(
        id=key or new_id(),
        title=_words(title)[:200] or "picture",
        alt=_words(alt)[:300],
        path=path,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        bytes=len(picture.content),
        checksum=hashlib.sha256(picture.content).hexdigest(),
    )
    db.session.add(asset)
    db.session.flush()
    return asset


def title_of(file_name: str) -> str:
    """Make a title from a file's name on somebody's machine: `garden_party-2.JPG` is "garden party 2"."""
    stem = PurePosixPath(file_name.replace("\\", "/")).stem
    return _words(stem.replace("_", " ").replace("-", " "))


def _words(text: str) -> str:
    """Keep what can be read, on one line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
