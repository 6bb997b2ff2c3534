"""What was translated before: the approved text of a place, beside the source text it was made from."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Identity, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Instant


class MemoryEntry(Model):
    """What one field of one record said in one language while its source said `source`.

    `opening` is how the source begins, as a reader reads it, `size` the number of its trigrams: by both, alike
    sources are found. The row outlives its record. See decision 0023.
    """

    __tablename__ = "memory_entry"
    __table_args__ = (
        UniqueConstraint(
            "content_type", "object_id", "field", "locale", "source_hash", name="uq_memory_entry_place"
        ),
        Index("ix_memory_entry_exact", "locale", "source_hash"),
        Index(
            "ix_memory_entry_alike",
            "locale",
            "size",
            "opening",
            postgresql_using="gin",
            postgresql_ops={"opening": "gin_trgm_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    locale: Mapped[str] = mapped_column(String(35))
    source_hash: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    opening: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(String(63))
    object_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(String(63))
    approved_at: Mapped[datetime] = mapped_column(Instant())


table: Any = MemoryEntry.__table__
