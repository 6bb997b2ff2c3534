"""A stored picture."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Record


class AssetState(StrEnum):
    """Whether a picture may be shown."""

    READY = "ready"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


class Asset(Record):
    """One uploaded picture, drawn anew; `path` is where its file is stored, `checksum` SHA-256 in hex.

    `renditions` lists its other files by form or crop, each as [width, height, path]. `srcset` is what the public
    JSON says of them, with {base} where the address of the storage goes; `thumb` and `square` are its crops. The
    focal point is what must stay in sight, in hundredths of the sides from the top left. While a picture is in
    quarantine `path` is where the upload waits, and nothing of it is shown.

    `uses` and `twins` are kept by triggers: how many rows show the picture, and how many others look like it.
    `likeness` is a fingerprint of how it looks, None where it shows too little; see `app.media.studio.likeness`.
    """

    __tablename__ = "asset"
    __table_args__ = (
        CheckConstraint("bytes > 0 AND (state <> 'ready' OR (width > 0 AND height > 0))", name="has_size"),
        *(
            CheckConstraint(
                f"{name} BETWEEN 0 AND 100",
                name=f"{name}_within",
                info={"field": name, "sentence": _l("Give a whole number from 0 to 100.")},
            )
            for name in ("focal_x", "focal_y")
        ),
        CheckConstraint("state IN ('ready', 'quarantined', 'refused')", name="known_state"),
        Index("ix_asset_tags", "tags", postgresql_using="gin"),
    )

    title: Mapped[str] = mapped_column(String(200))
    alt: Mapped[str] = mapped_column(String(300), default="", server_default="")
    path: Mapped[str] = mapped_column(String(200), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int] = mapped_column(default=0, server_default="0")
    height: Mapped[int] = mapped_column(default=0, server_default="0")
    bytes: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64), index=True)
    credit: Mapped[str | None] = mapped_column(Text)
    focal_x: Mapped[int] = mapped_column(default=50, server_default="50")
    focal_y: Mapped[int] = mapped_column(default=50, server_default="50")
    blurhash: Mapped[str] = mapped_column(String(60), default="", server_default="")
    renditions: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    srcset: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    thumb: Mapped[str | None] = mapped_column(String(200))
    square: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(
        String(12), default=AssetState.READY, server_default=AssetState.READY.value, index=True
    )
    note: Mapped[str | None] = mapped_column(Text)
    folder_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("picture_folder.id", ondelete="RESTRICT"), index=True
    )
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    file_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    likeness: Mapped[int | None] = mapped_column(BigInteger)
    uses: Mapped[int] = mapped_column(default=0, server_default="0", index=True)
    twins: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def focal(self) -> tuple[float, float]:
        """Give the focal point in shares of the sides."""
        return self.focal_x / 100, self.focal_y / 100

    @property
    def files(self) -> set[str]:
        """Name every file of the picture."""
        return {self.path, *(path for listed in self.renditions.values() for _w, _h, path in listed)}

    def __str__(self) -> str:
        return self.title
