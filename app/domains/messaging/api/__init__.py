"""The chat over HTTP, for visitors and members: sessions, history, and a way without sockets."""

from app.domains.messaging.api.operations import api

__all__ = ["api"]
