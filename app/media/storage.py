"""Where files are kept: a small interface, and the folder on this machine behind it."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol

from flask import current_app
from flask_babel import lazy_gettext as _l

from app.kernel.errors import DomainError, NotFound
from app.kernel.ids import new_id

_PATH = re.compile(
    r"pictures/[0-9a-f]{2}/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-[0-9]{2,4})?\.(?:jpg|png|webp)\Z"
)


class StorageUnavailable(DomainError):
    """The place where files are kept cannot be written: full, read-only or away."""

    status: ClassVar[int] = 503
    code: ClassVar[str] = "storage_unavailable"


class Storage(Protocol):
    """Keeps files under paths that `new_path` and `rendition_path` made."""

    def put(self, path: str, content: bytes) -> None:
        """Keep a file: whole or not at all. Raises StorageUnavailable."""

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading. Raises NotFound."""

    def delete(self, path: str) -> None:
        """Remove a file; one that is not there is no fault."""


def new_path(extension: str) -> str:
    """Make the path of a new picture. It holds nothing of the file's own name.

    The folder is taken from the key's last digits, the random ones, so that folders fill evenly.
    """
    key = str(new_id())
    return f"pictures/{key[-2:]}/{key}.{extension}"


def is_path(path: str) -> bool:
    """Tell whether a path is one that we make; nothing else is ever opened."""
    return _PATH.match(path) is not None


def storage() -> Storage:
    """Give the program's storage: the folder UPLOAD_FOLDER."""
    return LocalStorage(Path(current_app.config["UPLOAD_FOLDER"]))


class LocalStorage:
    """Files in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def put(self, path: str, content: bytes) -> None:
        """Write beside the place and move there, so that nobody ever reads half a file."""
        target = self._place(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, content)
        except OSError as error:
            sentence = _l("The file could not be stored: the disk is full or cannot be written.")
            raise StorageUnavailable(sentence) from error

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading."""
        try:
            return self._place(path).open("rb")
        except OSError as error:
            raise NotFound(_l("There is no such file.")) from error

    def delete(self, path: str) -> None:
        """Remove a file."""
        self._place(path).unlink(missing_ok=True)

    def _place(self, path: str) -> Path:
        """Join a path under the root; one that is not ours, or leads out over a link, is not found."""
        place = self.root / path
        if not is_path(path) or not place.resolve().is_relative_to(self.root):
            raise NotFound(_l("There is no such file."))
        return place


def _write_whole(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)  # a web server in front may read it
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
