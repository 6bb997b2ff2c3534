"""Domain events: frozen facts under a topic, as ids and plain values that JSON can hold."""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Mapping
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints
from uuid import UUID

_TOPIC = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_PLAIN = (str, int, float, bool, type(None))

_topics: dict[str, type[DomainEvent]] = {}


class DomainEvent:
    """What happened. A class of it is a frozen dataclass of ids and plain values, and names its topic."""

    __slots__ = ()
    topic: ClassVar[str] = ""

    def __init_subclass__(cls, **more: Any) -> None:
        """Make the topic known; a dataclass with slots is made twice, the second time for good."""
        object.__init_subclass__(**more)
        if not _TOPIC.fullmatch(cls.topic):
            raise TypeError(f"{cls.__name__} needs a topic such as booking.received, not {cls.topic!r}")
        known = _topics.get(cls.topic)
        if known is not None and _place(known) != _place(cls):
            raise TypeError(f"There are two domain events of the topic {cls.topic}")
        _topics[cls.topic] = cls

    def payload(self) -> dict[str, Any]:
        """Give the facts as JSON holds them."""
        return {
            item.name: _plain(item.name, getattr(self, item.name))
            for item in dataclasses.fields(self)  # type: ignore[arg-type]  # each class of it is a dataclass
        }

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Self:
        """Make the event of a stored payload; facts that only other code knows are left out."""
        kinds = get_type_hints(cls)
        return cls(
            **{
                item.name: _read(kinds[item.name], payload[item.name])
                for item in dataclasses.fields(cls)  # type: ignore[arg-type]
                if item.name in payload
            }
        )


def known_topics() -> Mapping[str, type[DomainEvent]]:
    """Give the domain events that this process knows, by topic."""
    return _topics


def _place(event: type[DomainEvent]) -> tuple[str, str]:
    return event.__module__, event.__qualname__


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, list | tuple):
        return [_plain(name, part) for part in value]
    raise TypeError(f"{name} of a domain event is a {type(value).__name__}; say it as an id or plain value")


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) in (Union, types.UnionType):
        kinds = [part for part in get_args(kind) if part is not type(None)]
        return _read(kinds[0], value) if len(kinds) == 1 else value
    if get_origin(kind) in (list, tuple):
        parts = get_args(kind)
        read = [_read(parts[0], part) for part in value]
        return tuple(read) if get_origin(kind) is tuple else read
    return UUID(value) if kind is UUID else value
