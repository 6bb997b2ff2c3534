"""The entries of a record's history: its own, its children's and its translations', in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, literal, select, union
from sqlalchemy.orm import Session

from app.kernel.audit import AuditEntry

_entry: Any = AuditEntry.__table__


def entries(
    source: Connection | Session, content_type: str, object_id: Any, after: int | None = None, size: int = 20
) -> Sequence[Any]:
    """Read audit entries of a record, newest first; `after` is the id of the last one of the page before.

    Children count for as long as the history knows them, also those that are deleted.
    """
    key = str(object_id)
    children = select(_entry.c.content_type, _entry.c.object_id).where(
        _entry.c.owner_type == content_type, _entry.c.owner_id == key, _entry.c.content_type != "translation"
    )
    family = union(select(literal(content_type), literal(key)), children).cte("family")
    kind, member = family.c
    statement = (
        select(_entry)
        .join_from(family, _entry, and_(_entry.c.owner_type == kind, _entry.c.owner_id == member))
        .order_by(_entry.c.id.desc())
        .limit(size)
    )
    if after is not None:
        statement = statement.where(_entry.c.id < after)
    return source.execute(statement).all()
