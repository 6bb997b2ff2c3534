"""Who wants to know when records of a content type are written: other parts of the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.resources import Resource
from app.surfaces.records.listing import totals

Hook = Callable[[Session], None]
Welcome = Callable[[Any], None]
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


def tell_changed(session: Session, resource: Resource) -> None:
    """Call the hooks of a content type whose records were written."""
    totals.forget(resource.name)
    for hook in _hooks.get(resource.name, ()):
        hook(session)


def tell_added(resource: Resource, record: Any) -> None:
    """Call who waits for a new record."""
    for welcome in _welcomes.get(resource.name, ()):
        welcome(record)
