"""Who of the staff looks at what: in Valkey for all processes, in memory where there is none."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError

STALE = 20.0
"""After so many seconds without a sign from its process a viewer is gone."""
_KEY = "festoon:viewers:"
log: Any = structlog.get_logger("festoon.live")


class Presence:
    """The viewers of rooms. A process writes down its own, and again every few seconds while they stay."""

    def __init__(self, url: str = "") -> None:
        self.process = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.via: Any = Redis.from_url(url, socket_timeout=0.25, socket_connect_timeout=0.25) if url else None
        self._own: dict[str, dict[str, tuple[int, str, str]]] = {}
        self._lock = threading.Lock()

    def enter(self, room: str, sid: str, user_id: int, name: str, doing: str = "") -> None:
        """Note that a user's connection looks at a room; `doing` says what more than looking, such as "edit"."""
        with self._lock:
            self._own.setdefault(room, {})[sid] = (user_id, name, doing)
        self._write(room)

    def leave(self, room: str, sid: str) -> bool:
        """Note that it looks no more; tells whether it did."""
        with self._lock:
            was_there = self._own.get(room, {}).pop(sid, None) is not None
        self._write(room)
        with self._lock:
            if not self._own.get(room, True):
                del self._own[room]
        return was_there

    def refresh(self) -> None:
        """Give the sign that this process's viewers are there still."""
        with self._lock:
            rooms = list(self._own)
        for room in rooms:
            self._write(room)

    def viewers(self, room: str) -> list[dict[str, Any]]:
        """List who looks at a room, each user once, by name; whoever does more in one of their windows, with that."""
        found: dict[int, tuple[str, str]] = {}
        _gather(found, self._here(room))
        if self.via is not None:
            try:
                written = self.via.hgetall(_KEY + room)
            except RedisError:
                written = {}
            for process, text in dict(written).items():
                if process.decode() != self.process:
                    _gather(found, _read(text))
        return [
            {"id": key, "name": name} | ({"doing": doing} if doing else {})
            for key, (name, doing) in sorted(found.items(), key=lambda pair: pair[1])
        ]

    def _here(self, room: str) -> list[tuple[int, str, str]]:
        with self._lock:
            return list(self._own.get(room, {}).values())

    def _write(self, room: str) -> None:
        if self.via is None:
            return
        users = self._here(room)
        try:
            if users:
                facts = json.dumps({"at": time.time(), "users": sorted(set(users))})
                with self.via.pipeline() as pipe:
                    pipe.hset(_KEY + room, self.process, facts)
                    pipe.expire(_KEY + room, int(STALE * 2))
                    pipe.execute()
            else:
                self.via.hdel(_KEY + room, self.process)
        except RedisError as error:
            log.debug("viewers stay in this process", error=type(error).__name__)


def _gather(found: dict[int, tuple[str, str]], users: list[tuple[int, str, str]]) -> None:
    for key, name, doing in users:
        found[key] = (name, doing or found.get(key, ("", ""))[1])


def _read(text: bytes) -> list[tuple[int, str, str]]:
    """Read what another process wrote; nothing of one that gives no sign any more."""
    try:
        facts = json.loads(text)
        if facts["at"] <= time.time() - STALE:
            return []
        return [(int(key), str(name), str(doing)) for key, name, doing in facts["users"]]
    except (ValueError, KeyError, TypeError):
        return []
