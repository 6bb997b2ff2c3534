"""The entries of a record's history: its own, its children's and its translations', in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, literal, select, union
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from app.kernel.audit import AuditEntry

MOST_EDITS = 500
_entry: Any = AuditEntry.__table__


def entries(
    source: Connection | Session,
    content_type: str,
    object_id: Any,
    after: int | None = None,
    size: int = 20,
    since: int | None = None,
) -> Sequence[Any]:
    """Read audit entries of a record, newest first; `after` is the id of the last one of the page before.

    With `since`, those alone that were written after the entry of that id. Children count for as long as the
    history knows them, also those that are deleted.
    """
    family = _family(content_type, str(object_id))
    kind, member = family.c
    statement = (
        select(_entry)
        .join_from(family, _entry, and_(_entry.c.owner_type == kind, _entry.c.owner_id == member))
        .order_by(_entry.c.id.desc())
        .limit(size)
    )
    if after is not None:
        statement = statement.where(_entry.c.id < after)
    if since is not None:
        statement = statement.where(_entry.c.id > since)
    return source.execute(statement).all()


def latest_edits(
    source: Session, content_type: str, object_id: Any, fields: Collection[str]
) -> dict[tuple[str, str], Any]:
    """Find who changed fields of a record and of its rows last: entries by (key of the row, field)."""
    found: dict[tuple[str, str], Any] = {}
    statement = (
        select(_entry)
        .where(
            _entry.c.owner_type == content_type,
            _entry.c.owner_id == str(object_id),
            _entry.c.content_type != "translation",
            _entry.c.action == "update",
            _entry.c.new.has_any(array(sorted(fields))),
        )
        .order_by(_entry.c.id.desc())
        .limit(MOST_EDITS)
    )
    for entry in source.execute(statement):
        for name in entry.new.keys() & fields:
            found.setdefault((entry.object_id, name), entry)
    return found


def mark(source: Connection | Session, content_type: str, record: Any) -> tuple[int, int | None]:
    """Give the id of the newest entry of a record and the revision that it has, as of one instant."""
    family = _family(content_type, str(record.id))
    kind, member = family.c
    model = type(record)
    revision = select(model.revision).where(model.id == record.id).scalar_subquery()
    newest = select(func.coalesce(func.max(_entry.c.id), 0), revision).join_from(
        family, _entry, and_(_entry.c.owner_type == kind, _entry.c.owner_id == member)
    )
    row = source.execute(newest).one()
    return int(row[0]), row[1]


def _family(content_type: str, key: str) -> Any:
    """Name the record and every row that ever was its own."""
    children = select(_entry.c.content_type, _entry.c.object_id).where(
        _entry.c.owner_type == content_type, _entry.c.owner_id == key, _entry.c.content_type != "translation"
    )
    return union(select(literal(content_type), literal(key)), children).cte("family")
