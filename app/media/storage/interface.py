"""What a storage does, whoever keeps the files, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, ClassVar, Protocol

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Conflict, DomainError, NotFound
from app.media.storage.paths import is_path, is_waiting_path


class StorageUnavailable(DomainError):
    """The place where files are kept cannot be used: read-only or away."""

    status: ClassVar[int] = 503
    code: ClassVar[str] = "storage_unavailable"


class StorageFull(StorageUnavailable):
    """There is no room for another file."""

    status: ClassVar[int] = 507
    code: ClassVar[str] = "storage_full"


class AlreadyKept(Conflict):
    """Another file lies under this path; what is kept is never written over."""

    code = "already_kept"


class Storage(Protocol):
    """Keeps files under paths of `app.media.storage.paths`; a path is written once."""

    def put(self, path: str, content: bytes) -> None:
        """Keep a file: whole or not at all. Keeping the same file again is no fault.

        Raises AlreadyKept, StorageUnavailable and StorageFull.
        """

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading; it can be sought in. Raises NotFound and StorageUnavailable."""

    def delete(self, *paths: str) -> None:
        """Remove files; one that is not there is no fault. Raises StorageUnavailable."""

    def paths(self, before: datetime | None = None) -> Iterator[str]:
        """Go through the paths of all files, or of those that were kept before an instant."""

    def probe(self) -> None:
        """Find out whether files can be kept; raises StorageUnavailable."""


def require_path(path: str) -> str:
    """Give a path back that is one of ours; raises NotFound."""
    if not (is_path(path) or is_waiting_path(path)):
        raise no_such_file()
    return path


def no_such_file() -> NotFound:
    """Make the refusal of a file there is not."""
    return NotFound(_l("There is no such file."))


def full() -> StorageFull:
    """Make the refusal for want of room."""
    return StorageFull(_l("The file could not be stored: there is no room left."))


def unavailable() -> StorageUnavailable:
    """Make the refusal of a storage that is away or read-only."""
    return StorageUnavailable(_l("Files cannot be stored or read just now. Try again later."))
