"""Who is asked before a written record stands: rules that reach beyond the record's own values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.resources import Resource

Guard = Callable[[Session, Any], None]
"""`guard(session, record)` raises a DomainError that says why the record cannot stand as it is."""

_guards: dict[str, list[Guard]] = {}


def guard_writes(name: str, guard: Guard) -> None:
    """Have a guard asked, inside the transaction, for each record of the content type that is added or changed.

    It is asked on every path: form, list, table, staff API, file. The record is flushed already, a refusal undoes it.
    """
    guards = _guards.setdefault(name, [])
    if guard not in guards:
        guards.append(guard)


def ask_guards(session: Session, resource: Resource, record: Any) -> None:
    """Ask the guards of a content type for a record; raises what they raise."""
    for guard in _guards.get(resource.name, ()):
        guard(session, record)
