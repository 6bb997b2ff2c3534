"""Who wants to know when records of a content type are written: other parts of the program, open lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import event as happening
from sqlalchemy.orm import Session

from app.kernel import live
from app.resources import Resource
from app.surfaces.records.listing import totals

Hook = Callable[[Session], None]
Welcome = Callable[[Any], None]
MOST_NAMED = 50
"""So many records are named to the lists that are open; of more they learn only that there are."""

_CHANGED = "festoon.changed_records"
_hooks: dict[str, list[Hook]] = {}
_welcomes: dict[str, list[Welcome]] = {}


def after_change(name: str, hook: Hook) -> None:
    """Have a hook called, inside the transaction, after a record of the content type was written or removed."""
    hooks = _hooks.setdefault(name, [])
    if hook not in hooks:
        hooks.append(hook)


def after_add(name: str, welcome: Welcome) -> None:
    """Have a function called, inside the transaction, with each record that staff add one by one.

    What is imported in bulk happened elsewhere before and is no news.
    """
    welcomes = _welcomes.setdefault(name, [])
    if welcome not in welcomes:
        welcomes.append(welcome)


def tell_changed(session: Session, resource: Resource, keys: Iterable[Any]) -> None:
    """Call the hooks of a content type whose records were written; after the commit tell the open lists."""
    totals.forget(resource.name)
    for hook in _hooks.get(resource.name, ()):
        hook(session)
    session.info.setdefault(_CHANGED, {}).setdefault(resource.name, []).extend(keys)


def tell_added(resource: Resource, record: Any) -> None:
    """Call who waits for a new record."""
    for welcome in _welcomes.get(resource.name, ()):
        welcome(record)


def tell_outside(name: str, keys: Iterable[Any]) -> None:
    """Tell of records that the public side wrote: at once, or after the commit where a transaction is open."""
    totals.forget(name)
    live.tell("/staff", f"resource:{name}", "changed", _facts(name, list(keys)))


@happening.listens_for(Session, "after_commit")
def _tell_lists(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint was released; nobody else can see it yet
    for name, keys in session.info.pop(_CHANGED, {}).items():
        live.tell_now("/staff", f"resource:{name}", "changed", _facts(name, keys))


@happening.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_CHANGED, None)


def _facts(name: str, keys: list[Any]) -> dict[str, Any]:
    return {"resource": name, "ids": [str(key) for key in dict.fromkeys(keys)][:MOST_NAMED]}
