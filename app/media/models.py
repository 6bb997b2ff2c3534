"""A stored picture."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Record


class Asset(Record):
    """One uploaded picture, re-encoded; `path` is relative to the upload folder, `checksum` SHA-256 in hex."""

    __tablename__ = "asset"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0 AND bytes > 0", name="has_size"),)

    title: Mapped[str] = mapped_column(String(200))
    alt: Mapped[str] = mapped_column(String(300), default="", server_default="")
    path: Mapped[str] = mapped_column(String(200), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    bytes: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64), index=True)
    credit: Mapped[str | None] = mapped_column(Text)

    def __str__(self) -> str:
        return self.title
