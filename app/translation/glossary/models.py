"""A word and what becomes of it in other languages."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Connection, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.kernel.db import Record
from app.kernel.errors import Invalid


class Rule(StrEnum):
    """What the glossary says of a word."""

    TRANSLATE = "translate"
    KEEP = "keep"
    FORBID = "forbid"


class GlossaryTerm(Record):
    """A word of the source language that is always translated in one way, or kept as it is.

    One that is forbidden is a word of `language`; `instead` is what to say there.
    """

    __tablename__ = "glossary_term"
    __table_args__ = (
        UniqueConstraint(
            "term", "language", name="uq_glossary_term_term", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("rule IN ('translate','keep','forbid')", name="rule"),
        CheckConstraint("(rule = 'forbid') = (language IS NOT NULL)", name="language"),
        CheckConstraint("rule = 'forbid' OR instead = ''", name="instead"),
    )

    term: Mapped[str] = mapped_column(String(120))
    rule: Mapped[str] = mapped_column(String(10), default=Rule.TRANSLATE.value, server_default="translate")
    is_case_sensitive: Mapped[bool] = mapped_column(default=False, server_default="false")
    language: Mapped[str | None] = mapped_column(String(35))
    instead: Mapped[str] = mapped_column(String(120), default="", server_default="")
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")

    def __str__(self) -> str:
        return self.term


@event.listens_for(GlossaryTerm, "before_insert")
@event.listens_for(GlossaryTerm, "before_update")
def _check(_mapper: Mapper[GlossaryTerm], _connection: Connection, row: GlossaryTerm) -> None:
    """Say at the inputs what the table would refuse."""
    if row.rule == Rule.FORBID:
        if not row.language:
            raise Invalid({"language": [_l("Say in which language the word is not to be used.")]})
        return
    if row.language:
        raise Invalid({"language": [_l("Only a forbidden word is one of a single language.")]})
    if row.instead:
        raise Invalid({"instead": [_l("Only a forbidden word has another in its place.")]})
    row.language = None
