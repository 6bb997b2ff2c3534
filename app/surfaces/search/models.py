"""What is searched: one row a record and language, kept by triggers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column


class SearchEntry(Model):
    """The texts of a record as a reader of one language sees them.

    `words` are stemmed by that language, `text` is lower case without accents, for parts of words and typos.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_words", "words", postgresql_using="gin"),
        Index(
            "ix_search_entry_text", "text", postgresql_using="gin", postgresql_ops={"text": "gin_trgm_ops"}
        ),
    )

    content_type: Mapped[str] = mapped_column(Text, primary_key=True)
    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(Text, primary_key=True)
    words: Mapped[Any] = mapped_column(TSVECTOR)
    text: Mapped[str] = mapped_column(Text)
