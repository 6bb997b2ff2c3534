"""Which sites' pages may open a socket here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def own_origin(environ: Mapping[str, Any]) -> str:
    """Give the origin that the request was sent to; the host is checked already, and proxies are read."""
    return f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '')}".lower()


def is_own(environ: Mapping[str, Any]) -> bool:
    """Tell whether the browser says that a page of ours asks; without a word of it, no."""
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"  # a poll of our own page names no origin
    return _written_alike(str(origin)) == _written_alike(own_origin(environ))


def is_allowed(environ: Mapping[str, Any], named: tuple[str, ...]) -> bool:
    """Tell whether a page of ours asks, one of a site that is named, or a program that is no browser."""
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return True
    return is_own(environ) or _written_alike(str(origin)) in {_written_alike(other) for other in named}


def _written_alike(origin: str) -> str:
    """Write an origin without the port that its scheme has anyway."""
    origin = origin.strip().lower().rstrip("/")
    for scheme, port in (("http://", ":80"), ("https://", ":443")):
        if origin.startswith(scheme) and origin.endswith(port):
            return origin.removesuffix(port)
    return origin
