"""Ending a connection without waiting for it."""

from __future__ import annotations

from typing import Any


def hang_up(server: Any, eio_sid: str) -> None:
    """Close a connection. The library's own way waits until the other side has taken what it was sent: for ever,
    when it is one that polls and polls no more.
    """
    connection = server.eio.sockets.pop(eio_sid, None)
    if connection is not None and not connection.closed:
        connection.close(wait=False, reason=server.reason.SERVER_DISCONNECT)
