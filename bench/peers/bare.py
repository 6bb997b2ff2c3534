"""The least that Python answers behind WSGI: bytes from memory, no framework, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

BODY = b'{"data": "hello"}'


def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer the same bytes to everything."""
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))])
    return [BODY]
