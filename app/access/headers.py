"""The headers that every answer carries, whoever made it: pages, errors, files, refusals."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request

from app.access.realms import is_staff_path

_NONCE = "festoon.csp_nonce"
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FEATURES = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), serial=(), usb=(), browsing-topics=()"
)
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", _FEATURES),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
_SHARED = ("/public/", "/media/")
"""What other sites may embed: the public's records and pictures."""
_PRODUCTION = (("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),)


class HeaderGuard:
    """Adds what an answer does not say itself.

    On the staff side nothing is ever stored by a browser or a proxy; elsewhere a route may say how long,
    but not for an answer that sets a cookie, nor for an error that says nothing.
    """

    def __init__(self, wsgi: Callable[..., Any], is_production: bool) -> None:
        self.wsgi = wsgi
        self.always = _ALWAYS + (_PRODUCTION if is_production else ())

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Pass the request on, and the answer back with its headers."""
        nonce = environ[_NONCE] = secrets.token_urlsafe(16)
        path = environ.get("PATH_INFO", "")
        is_staff = is_staff_path(path)
        embedding = "cross-origin" if path.startswith(_SHARED) else "same-origin"

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            said = {name.lower() for name, _ in headers}
            if is_staff or "set-cookie" in said or (status >= "400" and "cache-control" not in said):
                headers = [header for header in headers if header[0].lower() != "cache-control"]
                headers.append(("Cache-Control", "no-store, private"))
            if "content-security-policy" not in said:
                headers.append(("Content-Security-Policy", _POLICY.replace("{nonce}", nonce)))
            if "cross-origin-resource-policy" not in said:
                headers.append(("Cross-Origin-Resource-Policy", embedding))
            headers.extend(header for header in self.always if header[0].lower() not in said)
            return start_response(status, headers, *more)

        return self.wsgi(environ, start)


_SHUT_IN = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""For a page that is shown in a frame of ours: no script, no request, no origin; links open elsewhere."""


def allow_own_frames(response: Response) -> Response:
    """Let a page show frames of ours."""
    policy = f"{_POLICY.replace('{nonce}', csp_nonce())}; frame-src 'self'"
    response.headers["Content-Security-Policy"] = policy
    return response


def stand_in_own_frame(response: Response) -> Response:
    """Let a page of ours stand in a frame of ours, and in nobody else's."""
    policy = _POLICY.replace("{nonce}", csp_nonce()).replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def shut_in_frame(response: Response) -> Response:
    """Let an answer be shown in a frame of ours, as nobody's page: it runs nothing and asks for nothing."""
    response.headers["Content-Security-Policy"] = _SHUT_IN
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def csp_nonce() -> str:
    """Give the nonce of this answer, for a script element of our own."""
    return str(request.environ.get(_NONCE, ""))


def cookie_name(name: str) -> str:
    """Give a cookie's name: in production with the prefix that binds it to this host and to TLS."""
    return f"__Host-{name}" if current_app.config["IS_PRODUCTION"] else name


def set_cookie(response: Response, name: str, value: str, days: int = 365) -> None:
    """Set a cookie of ours, unreadable for scripts."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=days * 86_400,
        secure=current_app.config["IS_PRODUCTION"],
        httponly=True,
        samesite="Lax",
    )


def read_cookie(name: str) -> str | None:
    """Read a cookie of ours."""
    return request.cookies.get(cookie_name(name))


def guard_headers(app: Flask, is_production: bool) -> None:
    """Put the guard outermost, offer the nonce to templates, and make the session cookie a strict one."""
    app.wsgi_app = HeaderGuard(app.wsgi_app, is_production)  # type: ignore[method-assign]
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.config.update(
        IS_PRODUCTION=is_production,
        SESSION_COOKIE_NAME="__Host-festoon" if is_production else "festoon",
        SESSION_COOKIE_SECURE=is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_DOMAIN=None,
    )
