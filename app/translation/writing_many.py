"""Many changed texts in one statement; the ORM, which counts up the revision of each, would take one for each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import cast, column, update, values
from sqlalchemy.orm import Session

from app.kernel import clock
from app.translation.models import Translation

_table: Any = Translation.__table__
_WRITTEN = (
    "text",
    "state",
    "tool",
    "reason",
    "source_hash",
    "source_revision",
    "source_text",
    "author_id",
    "approved_by_id",
)


def flush_many(session: Session, rows: list[Translation]) -> None:
    """Write what was changed of texts that this transaction has locked; whoever listens for a flush hears of it.

    The rows are read anew when they are next looked at. What else is pending is flushed, too.
    """
    changed = [row for row in rows if row in session.dirty and session.is_modified(row)]
    if changed:
        with session.no_autoflush:
            _update(session, changed)
            session.dispatch.after_flush(session, None)
        for row in changed:
            row.is_decided = False
            session.expire(row)
    session.flush()


def _update(session: Session, changed: list[Translation]) -> None:
    new: Any = values(
        *(column(name, _table.c[name].type) for name in ("id", *_WRITTEN)), name="written"
    ).data([(row.id, *(getattr(row, name) for name in _WRITTEN)) for row in changed])
    now = clock.now()
    statement = (
        update(_table)
        .where(_table.c.id == new.c.id)
        .values({name: cast(new.c[name], _table.c[name].type) for name in _WRITTEN})
        .values(revision=_table.c.revision + 1, updated_at=now)
    )
    session.connection().execute(statement)
