"""Who is connected to this process, by which credential, and how often they speak."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

AT_ONCE = 10
A_SECOND = 10
REFUSED_MOST = 40
"""Whoever goes on so many times although refused is cut off."""


class Pace:
    """How often somebody may speak: ten at once, ten a second after that."""

    def __init__(self) -> None:
        self.spare, self.at, self.refused = float(AT_ONCE), time.monotonic(), 0
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Count one; False when it is too much."""
        with self._lock:
            now = time.monotonic()
            self.spare = min(AT_ONCE, self.spare + (now - self.at) * A_SECOND)
            self.at = now
            if self.spare >= 1:
                self.spare -= 1
                self.refused = max(0, self.refused - 1)
                return True
            self.refused += 1
            return False

    @property
    def is_flood(self) -> bool:
        """Tell whether refusals did not help."""
        return self.refused > REFUSED_MOST


@dataclass(slots=True)
class Connection:
    """One client in one namespace. `room_of` is the visitor's; staff have a user and join rooms."""

    sid: str
    namespace: str
    environ: Mapping[str, Any]
    token: str = ""
    session_token: str = ""
    visitor_key: str = ""
    session_id: UUID | None = None
    member_id: UUID | None = None
    user_id: int | None = None
    user_name: str = ""
    rooms: set[str] = field(default_factory=set)
    pace: Pace = field(default_factory=Pace)
    since: float = field(default_factory=time.monotonic)


class Connections:
    """All of them in this process."""

    def __init__(self) -> None:
        self._known: dict[str, Connection] = {}
        self._paces: dict[str, Pace] = {}
        self._lock = threading.Lock()

    def add(self, connection: Connection) -> None:
        """Know a connection."""
        with self._lock:
            self._known[connection.sid] = connection

    def remove(self, sid: str) -> Connection | None:
        """Forget a connection; give what was known of it."""
        with self._lock:
            gone = self._known.pop(sid, None)
            if gone is not None and not any(
                other.visitor_key == gone.visitor_key for other in self._known.values()
            ):
                self._paces.pop(gone.visitor_key, None)
            return gone

    def get(self, sid: str) -> Connection | None:
        """Find a connection."""
        return self._known.get(sid)

    def all(self, namespace: str) -> list[Connection]:
        """List the connections of a namespace."""
        with self._lock:
            return [known for known in self._known.values() if known.namespace == namespace]

    def count(self, is_counted: Callable[[Connection], bool]) -> int:
        """Count those of which something is true."""
        with self._lock:
            return sum(1 for known in self._known.values() if is_counted(known))

    def pace_of(self, visitor_key: str) -> Pace:
        """Give the pace that all connections of a visitor share."""
        with self._lock:
            return self._paces.setdefault(visitor_key, Pace())
