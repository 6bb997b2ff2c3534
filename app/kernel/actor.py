"""Who is acting: bound once per request, job or command, written beside every change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is user, member, job, command or anonymous; `label` is the name shown in the history."""

    kind: str
    id: str
    label: str
    correlation_id: str = ""

    def facts(self) -> dict[str, str]:
        """Give what the history triggers read from the setting `festoon.actor`."""
        return {
            "kind": self.kind,
            "id": self.id,
            "label": self.label,
            "correlation_id": self.correlation_id,
        }


NOBODY = Actor("anonymous", "", "")
_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current_actor() -> Actor:
    """Tell who acts now."""
    return _actor.get()


def act_as(actor: Actor) -> None:
    """Bind the actor for the rest of this context (a request, a job)."""
    _actor.set(actor)


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Bind the actor for a block."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)
