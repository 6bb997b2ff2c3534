"""The memory as a tool: what was approved for the very same source, and nothing that is only alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.sqltypes import String

from app.kernel import languages
from app.kernel.db import db
from app.translation.interface.plurals import FIELDS, TEXT
from app.translation.memory.models import table as entries
from app.translation.prefill.suggester import Cost, Request, Usage
from app.translation.sources import source_hash

NAME = "memory"
_PLURALS = frozenset(FIELDS) - {TEXT}
"""Forms of one sentence have the same source: of these only the very same form is a match."""


class Memory:
    """One statement for a batch."""

    name = NAME
    label = NAME
    at_once = 200
    keeps_marks = False

    def propose(self, requests: Sequence[Request], _usage: Usage) -> Sequence[str | None]:
        """Give what was said before: in the same field, else in any."""
        if not requests:
            return []
        locales = locales_of(requests[0].locale)
        rows = db.session.execute(
            select(
                entries.c.source_hash,
                entries.c.locale,
                entries.c.content_type,
                entries.c.field,
                entries.c.text,
            )
            .where(
                entries.c.locale.in_(locales),
                entries.c.source_hash.in_({source_hash(request.source) for request in requests}),
            )
            .order_by(entries.c.approved_at.desc(), entries.c.id)
        ).all()
        by_hash: dict[str, list[Any]] = {}
        for row in rows:
            by_hash.setdefault(row.source_hash, []).append(row)
        return [_best(request, by_hash.get(source_hash(request.source), ()), locales) for request in requests]

    def cost(self, _texts: int, _characters: int) -> Cost:
        """Take nothing."""
        return Cost()


def _best(request: Request, rows: Sequence[Any], locales: Sequence[str]) -> str | None:
    def rank(row: Any) -> tuple[bool, int]:
        return not _is_same_place(request, row), locales.index(row.locale)

    fitting = [row for row in rows if request.field not in _PLURALS or _is_same_place(request, row)]
    return str(min(fitting, key=rank).text) if fitting else None


def _is_same_place(request: Request, row: Any) -> bool:
    return (row.content_type, row.field) == (request.content_type, request.field)


def locales_of(locale: str) -> list[str]:
    """Name the language and those it falls back to that are the same without the region."""
    base = locale.split("-", maxsplit=1)[0]
    steps = (locale, *languages.chain(locale))
    return list(dict.fromkeys(tag for tag in steps if tag.split("-", maxsplit=1)[0] == base))


def is_known(texts: Any, locale: str) -> Any:
    """Give the condition on texts that the memory knows, for counting them beforehand."""
    wanted = any_(literal(locales_of(locale), ARRAY(String())))
    same = entries.c.source_hash == func.festoon_source_hash(texts.c.source)
    here = (entries.c.content_type == texts.c.content_type) & (entries.c.field == texts.c.field)
    fits = texts.c.field.not_in(sorted(_PLURALS)) | here
    return select(entries.c.id).where(entries.c.locale == wanted, same, fits).correlate(texts).exists()
