"""A translated field inside one SQL statement: joined along the fallback chain, best language first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, String, and_, case, func, literal
from sqlalchemy import cast as sql_cast

from app.kernel.db import named
from app.kernel.locales import SOURCE, fallback_chain
from app.translation.models import SHOWN_STATES, Translation

_table: Any = Translation.__table__


def translated_locales(tag: str, default: str = SOURCE) -> tuple[str, ...]:
    """List the locales whose translations are looked for: the chain up to the source language, without it."""
    chain = fallback_chain(tag, default)
    return chain[: chain.index(SOURCE)]


@dataclass(slots=True)
class Chain:
    """The joins that a statement needs for its translated fields; `depth` locales are bound as chain_0, chain_1...

    The statement's text depends on the depth alone, so it is the same for every language.
    """

    depth: int
    joined: FromClause
    serial: int = 0

    def choose(
        self, content_type: str, key: Any, field: str, source: Any, own: Any = None
    ) -> tuple[Any, Any]:
        """Join the field's translations and give (text, locale it came from); empty text counts as missing.

        `own` is the column that tells in which language the row itself is written, where rows differ.
        """
        own = literal(SOURCE, String) if own is None else own
        texts, locales = [], []
        for position in range(self.depth):
            alias = _table.alias(f"t{self.serial}_{position}")
            self.serial += 1
            self.joined = self.joined.outerjoin(alias, _is_for(alias, content_type, key, field, position))
            texts.append(alias.c.text)
            locales.append((alias.c.text.is_not(None), alias.c.locale))
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
        alias.c.locale == sql_cast(named(f"chain_{position}", String), String),
        alias.c.field == literal(field, String, literal_execute=True),
        alias.c.state.in_([literal(state, String, literal_execute=True) for state in SHOWN_STATES]),
        alias.c.text != "",
    )
