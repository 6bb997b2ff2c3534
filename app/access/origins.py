"""Which other sites' scripts may ask the public side: the origins that the settings name, and no other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask import Flask

SHARED = ("/public/", "/media/")
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_ASKED = "Authorization, Content-Type, Idempotency-Key, Accept-Language, If-None-Match, X-Chat-Session"
_SHOWN = "Link, Location, Retry-After, ETag, Content-Language, Idempotent-Replayed, Deprecation, Sunset"


class OriginGuard:
    """Says to a browser whether a site's script may read the answer (CORS). No cookie is ever let across."""

    def __init__(self, wsgi: Callable[..., Any], origins: Collection[str]) -> None:
        self.wsgi = wsgi
        self.origins = frozenset(origins)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer a preflight; pass anything else on, and say on its way back who may read it."""
        origin = environ.get("HTTP_ORIGIN")
        if not self.origins or not environ.get("PATH_INFO", "").startswith(SHARED):
            return self.wsgi(environ, start_response)
        is_known = origin in self.origins
        if (
            is_known
            and environ["REQUEST_METHOD"] == "OPTIONS"
            and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
        ):
            start_response("204 No Content", [*_allowed(str(origin)), *_PREFLIGHT])
            return [b""]

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            vary = next((value for name, value in headers if name.lower() == "vary"), "")
            headers = [header for header in headers if header[0].lower() != "vary"]
            headers.append(("Vary", f"{vary}, Origin" if vary else "Origin"))
            if is_known:
                headers += [*_allowed(str(origin))[:1], ("Access-Control-Expose-Headers", _SHOWN)]
            return start_response(status, headers, *more)

        return self.wsgi(environ, start)


_PREFLIGHT = (
    ("Access-Control-Allow-Methods", _METHODS),
    ("Access-Control-Allow-Headers", _ASKED),
    ("Access-Control-Max-Age", "600"),
    ("Cache-Control", "no-store"),
)


def _allowed(origin: str) -> list[tuple[str, str]]:
    return [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]


def guard_origins(app: Flask, origins: Collection[str]) -> None:
    """Put the guard in front of the program."""
    app.wsgi_app = OriginGuard(app.wsgi_app, origins)  # type: ignore[method-assign]
