"""Cross-site requests: every unsafe method on the staff side needs a token of the session."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

from app.access.realms import is_staff_path

SAFE = ("GET", "HEAD", "OPTIONS")
_protection = CSRFProtect()
_self_checked: set[str] = set()


def guard_forms(app: Flask) -> None:
    """Check the token of every unsafe request before its view runs.

    A form sends it as `csrf_token`, a JSON client as the header X-CSRFToken. It lives as long as the
    session: a form left open over lunch is not lost. Open paths read no session, so there is none to abuse.
    """
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    app.config.setdefault("WTF_CSRF_ENABLED", True)
    _protection.init_app(app)
    app.jinja_env.globals["csrf_token"] = _token_of_request
    app.before_request(_refuse_forged)


def checks_itself(endpoint: str) -> None:
    """Leave the check to the view of an endpoint, which calls `check_form` and words the refusal."""
    _self_checked.add(endpoint)


def check_form() -> None:
    """Raise CSRFError (400) unless the request comes from a page of ours in this session."""
    if _is_from_elsewhere():
        raise CSRFError("The request comes from another site.")
    if current_app.config["WTF_CSRF_ENABLED"]:
        _protection.protect()


def _token_of_request() -> str:
    """Give the token, which a page names in each of its forms; once made it is kept under the field's name."""
    return str(g.get("csrf_token") or generate_csrf())


def _refuse_forged() -> None:
    if request.method in SAFE or request.endpoint is None or not is_staff_path(request.path):
        return
    if request.endpoint not in _self_checked:
        check_form()


def _is_from_elsewhere() -> bool:
    """Read what browsers say of the sender; a client that says nothing must still have the token."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc.lower() != request.host.lower()
