"""What happens before every request: who asks, by which credential, and in whose name it is written down."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, g, has_request_context, request
from flask_babel import refresh
from flask_login import current_user

from app.access import limits, realms, redirects, sessions
from app.kernel.actor import NOBODY, Actor, act_as
from app.kernel.db import read_alone

_READING = ("GET", "HEAD")
_OFF = ("FAB_ADD_SECURITY_VIEWS", "FAB_ADD_SECURITY_API", "FAB_ADD_OPENAPI_VIEWS", "FAB_ADD_MENU_API",
        "FAB_API_KEY_ENABLED", "FAB_CREATE_DB", "FAB_UPDATE_PERMS")  # fmt: skip


def guard_entry(app: Flask) -> None:
    """Find out who asks before anything else runs; call it before AppBuilder and `guard_forms`.

    FAB's own screens and APIs for users, roles and tokens stay off.
    """
    app.config.update(dict.fromkeys(_OFF, False))
    app.config.setdefault("STAFF_SESSION_IDLE", timedelta(hours=8))
    app.config.setdefault("STAFF_SESSION_LIFETIME", timedelta(days=14))
    app.config["PERMANENT_SESSION_LIFETIME"] = app.config["STAFF_SESSION_LIFETIME"]
    app.before_request(_begin)
    app.teardown_request(_forget_actor)
    app.url_defaults(_relative_next)


def _begin() -> None:
    """On the open side nobody is looked for. What an earlier request left in a shared context is dropped."""
    g.pop("_login_user", None)
    refresh()
    act_as(NOBODY)
    limits.limit_text()
    if not realms.is_staff_path(request.path):
        return
    realms.refuse_bearer()
    if request.method in _READING and sessions.token_of_request() is not None:
        read_alone()
    if not current_user.is_authenticated:
        limits.limit_stranger()
        return
    sessions.touch_session()
    act_as(Actor("user", str(current_user.id), current_user.get_full_name().strip()))


def _forget_actor(_error: BaseException | None = None) -> None:
    """A thread serves its next request with the same context variables."""
    act_as(NOBODY)


def _relative_next(endpoint: str, values: dict[str, object]) -> None:
    """Make the way back in a sign-in address a path: FAB writes the whole address that was asked for."""
    if endpoint == "SignInView.login" and "next" in values and has_request_context():
        target = str(values["next"] or "")
        values["next"] = redirects.path_of_request() if target == request.url else redirects.own_path(target)
