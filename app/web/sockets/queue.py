"""Events between processes: through Valkey's publish and subscribe, as JSON; without it this process alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import socketio
import structlog
from redis import Redis
from redis.exceptions import RedisError

from app.kernel import live

CHANNEL = "festoon:live"
AWAY = 2.0
"""For how many seconds a Valkey that did not answer is left alone."""
_TIMEOUT = 0.25
log: Any = structlog.get_logger("festoon.live")


class LocalManager(socketio.Manager):
    """Who is connected to this process, where there is no Valkey."""

    def send(self, namespace: str, room: str, event: str, facts: Mapping[str, Any]) -> None:
        """Give an event to everyone in a room."""
        self.emit(event, dict(facts), namespace=namespace, room=room)


class ValkeyManager(socketio.PubSubManager):
    """Who is connected to this process, and the way to those who are connected to others.

    While Valkey is away this process's own connections still hear everything, at once.
    """

    name = "valkey"

    def __init__(self, url: str) -> None:
        super().__init__(channel=CHANNEL)
        self.via = Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT)
        self.ears = Redis.from_url(
            url, socket_connect_timeout=1, socket_timeout=None, health_check_interval=10
        )
        self.away_until = 0.0

    def send(self, namespace: str, room: str, event: str, facts: Mapping[str, Any]) -> None:
        """Give an event to everyone in a room, in whichever process."""
        self.emit(event, dict(facts), namespace=namespace, room=room)

    def ensure_listening(self) -> None:
        """Begin to hear other processes; the server does so by itself at its first connection."""
        if self.server is not None and not self.server.manager_initialized:
            self.server.manager_initialized = True
            self.initialize()

    def _publish(self, data: dict[str, Any]) -> None:
        if time.monotonic() < self.away_until:
            return
        try:
            self.via.publish(self.channel, json.dumps(data))
        except RedisError as error:
            self.away_until = time.monotonic() + AWAY
            log.warning("live news stay in this process", error=type(error).__name__)

    def _listen(self) -> Iterator[Any]:
        """Give what other processes publish, for ever; a Valkey that went away is asked again."""
        while True:
            try:
                with self.ears.pubsub(ignore_subscribe_messages=True) as ear:
                    ear.subscribe(self.channel)
                    for said in ear.listen():
                        yield said["data"]
            except (RedisError, OSError):
                time.sleep(AWAY)

    def _handle_emit(self, message: dict[str, Any]) -> None:
        """Give it to this process's connections, and wake the requests that poll."""
        if message.get("host_id") != self.host_id:
            live.wake(str(message.get("namespace")), str(message.get("room")))
        super()._handle_emit(message)
