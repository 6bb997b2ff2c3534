"""A translated field inside one SQL statement: joined along the fallback chain, best language first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, String, and_, case, func, literal, null
from sqlalchemy import cast as sql_cast

from app.kernel import languages
from app.kernel.db import named
from app.kernel.locales import SOURCE
from app.translation.models import Translation

_table: Any = Translation.__table__
STRICT = -1
"""In place of a depth: the one language that was asked for, and no other."""


def translated_locales(tag: str, default: str = SOURCE) -> tuple[str, ...]:
    """List the locales whose translations a visitor gets: the chain up to the source language, without it."""
    chain = languages.chain(tag, default, public=True)
    return chain[: chain.index(SOURCE)]


def strict_locale(tag: str) -> str:
    """Give the public language that a tag names, as its texts are kept; nothing where there is none."""
    found = languages.find(tag)
    return found.tag if found is not None and found.tag in languages.public_locales() else ""


@dataclass(slots=True)
class Chain:
    """The joins that a statement needs for its translated fields; `depth` locales are bound as chain_0, chain_1...

    The statement's text depends on the depth alone, so it is the same for every language.
    """

    depth: int
    joined: FromClause
    serial: int = 0

    def choose(
        self, content_type: str, key: Any, field: str, source: Any, own: Any = None, needed: bool = False
    ) -> tuple[Any, Any]:
        """Join the field's translations and give (text, locale it came from); only what is live is given.

        `own` is the column that tells in which language the row itself is written, where rows differ. A text
        that a STRICT chain does not find is empty and of no language, unless it is `needed`.
        """
        own = literal(SOURCE, String) if own is None else own
        texts, locales = [], []
        for position in range(abs(self.depth)):
            alias = _table.alias(f"t{self.serial}_{position}")
            self.serial += 1
            self.joined = self.joined.outerjoin(alias, _is_for(alias, content_type, key, field, position))
            texts.append(alias.c.text)
            locales.append((alias.c.text.is_not(None), alias.c.locale))
        if self.depth == STRICT and not needed:
            # A source that says nothing has nothing to be translated: it is empty in every language.
            nothing = literal("", String, literal_execute=True)
            is_there = (own == _asked(0)) | (func.coalesce(source, nothing) == nothing)
            source, own = case((is_there, source), else_=nothing), case((is_there, own), else_=null())
        if not texts:
            return source, own
        return func.coalesce(*texts, source), case(*locales, else_=own)


def bind_chain(locales: tuple[str, ...]) -> dict[str, str]:
    """Give a statement's parameters for a chain of locales as long as its depth."""
    return {f"chain_{position}": locale for position, locale in enumerate(locales)}


def _is_for(alias: Any, content_type: str, key: Any, field: str, position: int) -> Any:
    return and_(
        alias.c.content_type == literal(content_type, String, literal_execute=True),
        alias.c.object_id == key,
        alias.c.locale == _asked(position),
        alias.c.field == literal(field, String, literal_execute=True),
        alias.c.is_live,
    )


def _asked(position: int) -> Any:
    return sql_cast(named(f"chain_{position}", String), String)
