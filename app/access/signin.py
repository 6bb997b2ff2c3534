"""The one way in and the way out: a form at /login/, a POST to /logout/."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import User
from flask_appbuilder.security.views import AuthView
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

from app.access import accounts, limits, passwords, sessions
from app.access.csrf import check_form
from app.access.models import StaffPreference
from app.access.redirects import HOME, own_path
from app.kernel.db import db, unit_of_work

log = logging.getLogger(__name__)
_TEMPLATE = "login.html"
START = "/start"
"""Leads to the page with which a user begins, if they may still open it."""


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What the form shows again; never the password."""

    username: str
    next: str


class SignInView(AuthView):  # type: ignore[misc]  # FAB's views are untyped
    """Takes the place of every sign-in view of Flask-AppBuilder."""

    default_view = "login"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/login/", methods=["GET", "POST"])  # type: ignore[untyped-decorator]
    def login(self) -> Any:
        """Show the form, or judge what it sent."""
        if request.method == "POST":
            return self._sign_in()
        if current_user.is_authenticated:
            return redirect(own_path(request.args.get("next")), 303)
        return _page(SignInForm("", own_path(request.args.get("next"))))

    @expose("/logout/", methods=["POST"])  # type: ignore[untyped-decorator]
    def logout(self) -> Any:
        """End the session on both sides."""
        with unit_of_work():
            sessions.end_session()
        return redirect(url_for("SignInView.login"), 303)

    def _sign_in(self) -> Any:
        name = request.form.get("username", "")[:1000]
        form = SignInForm(name, own_path(request.form.get("next") or request.args.get("next")))
        try:
            check_form()
            note_failure = limits.begin_sign_in("staff", name)
        except CSRFError:
            return _page(form, _("This page was open for too long. Please sign in again."), 400)
        except TooManyRequests as error:
            log.warning("too many tries to sign in")
            answer = _page(form, _("Too many tries. Wait a minute, then try again."), 429)
            answer.headers["Retry-After"] = str(error.retry_after)
            return answer
        user = authenticate(name, request.form.get("password", ""))
        if user is None:
            note_failure()
            log.warning("sign-in refused")
            return _page(form, _("The user name or the password is wrong."), 401)
        _enter(user, request.form["password"])
        is_going_home = form.next == HOME
        return redirect(START if is_going_home and _has_start_page(user) else form.next, 303)


def authenticate(name: str, password: str) -> User | None:
    """Find the active user of that name or address with that password.

    One statement and one hash computation whatever the outcome, and nothing is written when it fails:
    neither the answer nor its time tells whether the user exists.
    """
    user = accounts.find_user(name)
    is_right = passwords.verify(user.password if user else None, password)
    return user if user is not None and is_right and user.is_active else None


def _enter(user: User, password: str) -> None:
    with unit_of_work() as session:
        if passwords.needs_upgrade(user.password):
            user.password = passwords.hash_password(password)
        user.last_login = datetime.now()  # noqa: DTZ005  # FAB's column is local time without a zone
        user.login_count = (user.login_count or 0) + 1
        session.flush()
        sessions.start_session(user)


def _has_start_page(user: User) -> bool:
    kept = select(StaffPreference.start_page).where(StaffPreference.user_id == user.id)
    return bool(db.session.scalar(kept))


def _page(form: SignInForm, error: str = "", status: int = 200) -> Response:
    return make_response(render_template(_TEMPLATE, form=form, error=error), status)
