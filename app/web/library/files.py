"""A picture's files to be kept: the picture itself, its widths and its crops, under names that say what they are."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass

from flask import Response, abort, request
from werkzeug.wsgi import wrap_file

from app.media.models import Asset, AssetState
from app.media.storage import storage
from app.media.studio.drawing import CROPS

ORIGINAL = "original"
_NAME = re.compile(r"(?:original|[a-z]{3,8}(?:-[0-9]{1,4})?)\Z")
_TYPES = {"avif": "image/avif", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Download:
    """One file: `name` as it stands in its address, "original" for the picture itself."""

    name: str
    form: str
    width: int
    height: int
    path: str
    url: str

    @property
    def is_crop(self) -> bool:
        """Tell whether it is cut around the focal point."""
        return self.name in CROPS


def downloads_of(asset: Asset) -> tuple[Download, ...]:
    """List the files of a picture that is shown, the picture itself first, then form by form."""
    if asset.state != AssetState.READY:
        return ()
    found = [_download(asset, ORIGINAL, asset.width, asset.height, asset.path)]
    for role, files in sorted(asset.renditions.items(), key=lambda item: item[0] in CROPS):
        for width, height, path in files:
            found.append(_download(asset, role if role in CROPS else f"{role}-{width}", width, height, path))
    return tuple(found)


def send(asset: Asset, name: str) -> Response:
    """Send one of the files to be kept; 404 for one that there is not."""
    if not _NAME.match(name):
        abort(404)
    wanted = next((file for file in downloads_of(asset) if file.name == name), None)
    if wanted is None:
        abort(404)
    file = storage().open(wanted.path)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    ending = wanted.path.rpartition(".")[2]
    response = Response(wrap_file(request.environ, file), mimetype=_TYPES[ending], direct_passthrough=True)
    response.content_length = size
    response.headers.set("Content-Disposition", "attachment", filename=f"{_stem(asset, wanted)}.{ending}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _download(asset: Asset, name: str, width: int, height: int, path: str) -> Download:
    form = {"jpg": "JPEG"}.get(ending := path.rpartition(".")[2], ending.upper())
    return Download(name, form, width, height, path, f"/pictures/file/{asset.id}/{name}")


def _stem(asset: Asset, file: Download) -> str:
    """Name a file after the picture: garden-party-640; plain letters, since it goes into any folder."""
    plain = unicodedata.normalize("NFKD", asset.title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "picture"
    if file.name == ORIGINAL:
        return words
    return f"{words}-{file.name if file.is_crop else file.width}"
