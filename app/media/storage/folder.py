"""Files in a folder of this machine."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from app.kernel.errors import DomainError
from app.media.storage.interface import AlreadyKept, full, no_such_file, require_path, unavailable

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MISSING = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}


class FolderStorage:
    """Keeps files below `root`; with `is_private`, none but this system user may read them."""

    def __init__(self, root: Path, *, is_private: bool = False) -> None:
        self.root = root.resolve()
        self.file_mode, self.folder_mode = (0o600, 0o700) if is_private else (0o644, 0o755)

    def put(self, path: str, content: bytes) -> None:
        """Write beside the place and move there, so that nobody ever reads half a file."""
        target = self._place(path)
        try:
            if _holds(target, content):
                return
            self.root.mkdir(parents=True, exist_ok=True, mode=self.folder_mode)
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, content, self.file_mode)
        except OSError as error:
            raise _explained(error) from error

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading."""
        try:
            return self._place(path).open("rb")
        except OSError as error:
            raise (no_such_file() if error.errno in _MISSING else unavailable()) from error

    def delete(self, *paths: str) -> None:
        """Remove files; where one refuses to go, the others still do."""
        stuck = None
        for place in [self._place(path) for path in paths]:
            try:
                place.unlink(missing_ok=True)
            except NotADirectoryError:
                continue
            except OSError as error:
                stuck = error
        if stuck is not None:
            raise _explained(stuck) from stuck

    def paths(self, before: datetime | None = None) -> Iterator[str]:
        """Go through the files; what is no path of ours, such as a half-written file, is left out."""
        for file in self.root.rglob("*"):
            path = file.relative_to(self.root).as_posix()
            try:
                is_ours = require_path(path) and file.is_file()
                is_asked_for = is_ours and (before is None or file.stat().st_mtime < before.timestamp())
            except (DomainError, FileNotFoundError):
                continue
            if is_asked_for:
                yield path

    def probe(self) -> None:
        """Write a file and remove it."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=self.folder_mode)
            with tempfile.NamedTemporaryFile(dir=self.root, prefix=".health-") as file:
                file.write(b"festoon")
                file.flush()
        except OSError as error:
            raise _explained(error) from error

    def _place(self, path: str) -> Path:
        """Join a path under the root; one that is not ours, or leads out over a link, is not found."""
        place = self.root / require_path(path)
        if not place.resolve().is_relative_to(self.root):
            raise no_such_file()
        return place


def _holds(target: Path, content: bytes) -> bool:
    """Tell whether a file is there already; raises AlreadyKept when it is another."""
    try:
        there = target.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return False
    if there != content:
        raise AlreadyKept
    return True


def _explained(error: OSError) -> DomainError:
    return full() if error.errno in _NO_ROOM else unavailable()


def _write_whole(target: Path, content: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)  # a web server in front may read what is public
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
