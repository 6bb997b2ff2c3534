"""What the history knows of one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.audit import AuditEntry
from app.translation.units import Unit

_entry: Any = AuditEntry.__table__


def entries_of(session: Session, unit: Unit, most: int = 60) -> Sequence[Any]:
    """Read what the history knows of a text, the newest first."""
    side = func.coalesce(_entry.c.new, _entry.c.old)
    statement = (
        select(_entry)
        .where(
            _entry.c.owner_type == unit.content_type,
            _entry.c.owner_id == str(unit.object_id),
            _entry.c.content_type == "translation",
            side["locale"].astext == unit.locale,
            side["field"].astext == unit.field,
        )
        .order_by(_entry.c.id.desc())
        .limit(most)
    )
    return session.execute(statement).all()
