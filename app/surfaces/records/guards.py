"""Who is asked before a written record stands, and what is locked before many are: rules that reach beyond one record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.resources import Resource

Guard = Callable[[Session, Any], None]
"""`guard(session, record)` raises a DomainError that says why the record cannot stand as it is."""

Named = Mapping[str, Collection[UUID]]
"""The keys of other records that are to be written into records, by the name of the relation."""

Locker = Callable[[Session, Collection[UUID], Named], None]
"""`locker(session, keys, named)` locks what the verbs of these records lock before the records themselves.

`named` are what rows that are written will point at, new ones among them.
"""
NONE_NAMED: Named = MappingProxyType({})

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


def is_locked_first(resource: Resource) -> bool:
    """Tell whether anything is locked before many records of a content type."""
    return resource.name in _lockers


def lock_first(
    session: Session, resource: Resource, keys: Collection[UUID], named: Named = NONE_NAMED
) -> None:
    """Lock what goes before records of a content type, where anything does: all of it at once, in one order."""
    if is_locked_first(resource) and (keys or any(named.values())):
        _lockers[resource.name](session, keys, named)
