"""Statements whose text is made once and run again and again with other values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import psycopg as dialects

from app.kernel.db import Driver, Lent
from app.kernel.recent import Recent

_DIALECT = dialects.PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text in psycopg's style and the parameters that never change."""

    text: str
    fixed: dict[str, Any]

    def run(self, connection: Connection | Driver, params: dict[str, Any]) -> Sequence[Any]:
        """Execute it and fetch all rows, named tuples, without any processing of the values."""
        driver = connection if isinstance(connection, Driver) else Lent(connection)
        return driver.fetch(self.text, self.fixed | params)


def compile_once(statement: Any) -> Statement:
    """Turn a statement into text; its named parameters are given when it runs."""
    compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return Statement(str(compiled), fixed)


class StatementMemory:
    """The last few hundred statements by their shape; a shape repeats, its values do not."""

    def __init__(self) -> None:
        self._known: Recent[Statement] = Recent()

    def get(self, shape: Hashable, make: Callable[[], Any]) -> Statement:
        """Find the statement of a shape, or compile and keep it."""
        return self._known.get(shape, lambda: compile_once(make()))


statements = StatementMemory()
