"""Where files are kept: one interface, with a folder of this machine or a bucket behind it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app

from app.media.storage.folder import FolderStorage
from app.media.storage.interface import AlreadyKept, Storage, StorageFull, StorageUnavailable
from app.media.storage.paths import is_path, is_waiting_path, new_path
from app.media.storage.s3 import Bucket, S3Storage

__all__ = [
    "AlreadyKept",
    "Bucket",
    "FolderStorage",
    "S3Storage",
    "Storage",
    "StorageFull",
    "StorageUnavailable",
    "is_path",
    "is_waiting_path",
    "new_path",
    "quarantine",
    "storage",
    "storage_named",
]

KINDS = ("local", "s3")


def storage() -> Storage:
    """Give the storage of pictures that may be shown."""
    return storage_named(current_app.config["STORAGE"], current_app.config)


def quarantine() -> Storage:
    """Give the storage of uploads that wait for their scan; nothing is ever served from it."""
    return storage_named(current_app.config["STORAGE"], current_app.config, waiting=True)


def storage_named(kind: str, config: Mapping[str, Any], *, waiting: bool = False) -> Storage:
    """Make a storage of a kind: `local` or `s3`; the uploads that wait lie apart from the pictures."""
    if kind == "s3":
        return S3Storage(config["BUCKET"], "waiting" if waiting else "media", is_private=waiting)
    root = Path(config["UPLOAD_FOLDER"])
    return FolderStorage(root / ".waiting" if waiting else root, is_private=waiting)
