"""Who is asked before a written record stands, and what is locked before many are: rules that reach beyond one record."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.resources import Resource

Guard = Callable[[Session, Any], None]
"""`guard(session, record)` raises a DomainError that says why the record cannot stand as it is."""

Locker = Callable[[Session, Collection[UUID]], None]
"""`locker(session, keys)` locks what the verbs of these records lock before the records themselves."""

_lockers: dict[str, Locker] = {}
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


def lock_before(name: str, locker: Locker) -> None:
    """Have a locker called before many records of a content type are locked at once, so that verbs never cross it."""
    _lockers[name] = locker


def lock_first(session: Session, resource: Resource, keys: Collection[UUID]) -> None:
    """Lock what goes before records of a content type, where anything does."""
    if keys and resource.name in _lockers:
        _lockers[resource.name](session, keys)
