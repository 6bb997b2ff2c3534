"""What happens to pictures, for the jobs that follow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kernel.outbox import DomainEvent


@dataclass(frozen=True, slots=True)
class PictureStored(DomainEvent):
    """A picture can be shown, with the renditions that are quick to draw; the slow ones are to be made."""

    topic: ClassVar[str] = "picture.stored"
    asset_id: UUID


@dataclass(frozen=True, slots=True)
class FocalPointMoved(DomainEvent):
    """The crops of a picture show the wrong part of it."""

    topic: ClassVar[str] = "picture.focal_point_moved"
    asset_id: UUID


@dataclass(frozen=True, slots=True)
class FilesLeft(DomainEvent):
    """No row names these files any more; paths are never used again."""

    topic: ClassVar[str] = "picture.files_left"
    paths: tuple[str, ...]
