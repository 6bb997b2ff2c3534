"""Who wants to know of which domain event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from app.kernel.jobs import QUEUES
from app.kernel.outbox.events import DomainEvent

E = TypeVar("E", bound=DomainEvent)


class PeerAway(Exception):
    """Raised by a subscriber when what it speaks to is away: it is tried again for three days."""


class Undeliverable(Exception):
    """Raised by a subscriber when no later try can succeed: the delivery is given up at once."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One subscriber's handling of one event. `id` stays the same over all tries; `attempt` counts from 1."""

    id: UUID
    attempt: int
    subscriber: str
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A function that is called for every event of a topic."""

    name: str
    event: type[DomainEvent]
    function: Callable[[Any, Delivery], None]
    queue: str
    seconds: int


_subscribers: dict[str, Subscriber] = {}


def subscriber(
    name: str, event: type[E], *, queue: str = "default", seconds: int = 60
) -> Callable[[Callable[[E, Delivery], None]], Callable[[E, Delivery], None]]:
    """Let a worker call the function for every such event, in the application's context and no transaction.

    It may be called twice for one delivery when its worker is killed at the wrong moment, then with the same
    `delivery.id`. What it raises is kept and tried again, later each time; after `seconds` it is ended.
    """
    if queue not in QUEUES:
        raise ValueError(f"{queue} is no queue; there are {', '.join(QUEUES)}")

    def register(function: Callable[[E, Delivery], None]) -> Callable[[E, Delivery], None]:
        known = _subscribers.get(name)
        if known is not None and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"There are two subscribers named {name}")
        _subscribers[name] = Subscriber(name, event, function, queue, seconds)
        return function

    return register


def subscribers() -> Mapping[str, Subscriber]:
    """Give every subscriber by its name."""
    return _subscribers
