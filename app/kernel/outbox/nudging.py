"""Waking the relay: best effort, in a thread of its own, so that nobody waits for it."""

from __future__ import annotations

import os
import threading
import time

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError

CHANNEL = "festoon:outbox"
_GATHER = 0.05
_AWAY = 5.0
_TIMEOUT = 1.0

_nudgers: dict[tuple[int, str], threading.Event] = {}
_lock = threading.Lock()


def nudge() -> None:
    """Tell the relay, after a commit, that there is something to do; costs microseconds and never raises.

    It is told at once; what comes within 50 ms of that is told together. While Valkey is away the relay finds
    the rows by itself, a second later.
    """
    if url := str(current_app.config.get("REDIS_URL") or ""):
        wish = _nudgers.get((os.getpid(), url)) or _begin(url)
        wish.set()


def _begin(url: str) -> threading.Event:
    """Start the thread of this process; one that a fork copied has no thread any more."""
    with _lock:
        key = (os.getpid(), url)
        if key not in _nudgers:
            _nudgers[key] = threading.Event()
            threading.Thread(target=_tell, args=(url, _nudgers[key]), name="nudge", daemon=True).start()
        return _nudgers[key]


def _tell(url: str, wish: threading.Event) -> None:
    via = Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT)
    while True:
        wish.wait()
        wish.clear()
        try:
            via.publish(CHANNEL, "")
            time.sleep(_GATHER)
        except RedisError:
            time.sleep(_AWAY)
