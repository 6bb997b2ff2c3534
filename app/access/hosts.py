"""Which Host a request may name, and how many proxies stand before us."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_REFUSAL = b"This address is not served here. Name the host in FESTOON_TRUSTED_HOSTS to serve it.\n"


def trusted_hosts(named: Iterable[str], host: str = "", public_url: str = "") -> frozenset[str]:
    """Gather the hosts to be served: this machine itself, the bound one, the public one, those named.

    A host that begins with a dot stands for all below it.
    """
    found = {*LOOPBACK, *(name.strip().lower() for name in named)}
    if host and host not in ("0.0.0.0", "::", "[::]"):  # noqa: S104  # compared, not bound
        found.add(f"[{host}]".lower() if ":" in host and not host.startswith("[") else host.lower())
    if public := urlsplit(public_url).hostname:
        found.add(f"[{public}]" if ":" in public else public)
    return frozenset(found - {""})


class HostGuard:
    """Answers 400 in plain text to a Host that is not served, before anything reads it.

    Flask's own TRUSTED_HOSTS cannot name an IPv6 address, and leaves the request without a host for the
    error page to be made with.
    """

    def __init__(self, wsgi: Callable[..., Any], hosts: frozenset[str]) -> None:
        self.wsgi = wsgi
        self.exact = frozenset(host for host in hosts if not host.startswith("."))
        self.suffixes = tuple(host for host in hosts if host.startswith("."))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Pass a request for a host of ours on."""
        if self.serves(environ.get("HTTP_HOST", "")):
            return self.wsgi(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_REFUSAL)))]
        start_response("400 Bad Request", headers)
        return [_REFUSAL]

    def serves(self, header: str) -> bool:
        """Tell whether a Host header names a host of ours."""
        name, has_port, port = header.lower().rpartition(":")
        if not has_port or header.endswith("]"):
            name, port = header.lower(), "80"
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536):
            return False
        return name in self.exact or (_is_plain(name) and name.endswith(self.suffixes))


def guard_hosts(app: Flask, hosts: frozenset[str], proxies: int) -> None:
    """Put the guard before the application, and before it the reader of the proxies' headers.

    With no proxy, X-Forwarded-* are a visitor's own words and are not read.
    """
    app.wsgi_app = HostGuard(app.wsgi_app, hosts)  # type: ignore[method-assign]
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies, x_port=proxies
        )


def _is_plain(name: str) -> bool:
    return all(letter.isascii() and (letter.isalnum() or letter in "-.") for letter in name)
