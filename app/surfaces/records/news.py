"""Who wants to know when records of a content type are written: other parts of the program, open lists."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event as happening
from sqlalchemy.orm import Session

from app.access import rows
from app.kernel import live
from app.kernel.db import db, in_unit_of_work
from app.resources import Resource
from app.surfaces.records.listing import totals

Hook = Callable[[Session], None]
Welcome = Callable[[Any], None]
MOST_NAMED = 50
"""So many records are named to the lists that are open; of more they learn only that there are."""

GATHER = 0.1
"""Seconds for which news of one process are gathered before the next are told."""

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
    """Tell the open lists of records that the public side wrote; in a unit of work, after its commit."""
    totals.forget(name)
    if in_unit_of_work():
        db.session.info.setdefault(_CHANGED, {}).setdefault(name, []).extend(keys)
    else:
        _crier().cry(name, keys)


@happening.listens_for(Session, "after_commit")
def _tell_lists(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint was released; nobody else can see it yet
    for name, keys in session.info.pop(_CHANGED, {}).items():
        _crier().cry(name, keys)


@happening.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_CHANGED, None)


class Crier:
    """Tells the open lists in a thread of its own: the first news at once, what comes meanwhile together."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.waiting: dict[str, list[Any]] = {}
        self.lock = threading.Lock()
        self.wish = threading.Event()
        threading.Thread(target=self._run, name="crier", daemon=True).start()

    def cry(self, name: str, keys: Iterable[Any]) -> None:
        """Have records of a content type told; costs microseconds."""
        with self.lock:
            self.waiting.setdefault(name, []).extend(keys)
        self.wish.set()

    def _run(self) -> None:
        while True:
            self.wish.wait()
            self.wish.clear()
            with self.lock:
                waiting, self.waiting = self.waiting, {}
            with self.app.app_context():
                for name, keys in waiting.items():
                    _tell_now(name, [str(key) for key in dict.fromkeys(keys)][:MOST_NAMED])
            time.sleep(GATHER)


def _tell_now(name: str, ids: list[str]) -> None:
    """Tell the lists which records changed; who sees some of a type alone hears that some did, of each in its room."""
    if rows.has_limits(name):
        live.tell_now("/staff", f"some:{name}", "changed", {"resource": name, "ids": []})
        for key in ids:
            room = f"record:{name}/{key}"
            live.tell_now("/staff", room, "changed", {"resource": name, "ids": [key], "room": room})
    live.tell_now("/staff", f"resource:{name}", "changed", {"resource": name, "ids": ids})


_criers: dict[tuple[int, int], Crier] = {}
_starting = threading.Lock()


def _crier() -> Crier:
    """Give the crier of this process, whose thread a fork does not copy, and of this application."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # Flask has no other way
    key = (os.getpid(), id(app))
    if key not in _criers:
        with _starting:
            if key not in _criers:
                _criers[key] = Crier(app)
    return _criers[key]
