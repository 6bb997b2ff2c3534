"""The page of one's own account."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_login import current_user

from app.access import accounts, limits, passwords, sessions
from app.access.babel import prefer
from app.access.models import THEMES
from app.access.rights import current_rights
from app.kernel.db import unit_of_work
from app.kernel.errors import Invalid
from app.kernel.ids import parse_id
from app.surfaces.screens.gate import send_to_sign_in
from app.web.profile import profile_page, read_screens, start_pages

_A_YEAR = 365 * 86_400


class ProfileView(BaseView):
    """One's own account: language, theme, password."""

    route_base = ""
    default_view = "profile"
    base_permissions: list[str] = []  # noqa: RUF012  # FAB copies it for each view

    @expose("/profile")
    def profile(self) -> Any:
        """Show the page."""
        return self._page() if current_user.is_authenticated else send_to_sign_in()

    @expose("/profile/theme", methods=["POST"])
    def theme(self) -> Any:
        """Keep the theme in the account, and in the cookie that a script reads before the first paint."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        theme = request.form.get("theme", "")
        if theme not in THEMES:
            abort(400)
        with unit_of_work():
            prefer(int(current_user.id), theme=theme)
        answer = redirect("/profile", 303)
        is_secure = current_app.config["IS_PRODUCTION"]
        answer.set_cookie("theme", theme, max_age=_A_YEAR, secure=is_secure, samesite="Lax")
        return answer

    @expose("/profile/screens", methods=["POST"])
    def screens(self) -> Any:
        """Keep how the screens are set, with which one the day begins, and whose clock they show."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        choices, errors = read_screens(request.form, start_pages())
        if errors:
            return self._page(errors), 422
        with unit_of_work():
            prefer(int(current_user.id), **choices)
        flash(_("Your choice is kept."), "success")
        return redirect("/profile", 303)

    @expose("/profile/sessions", methods=["POST"])
    def end_sessions(self) -> Any:
        """End one session of the reader's, or all but this one."""
        current = sessions.current_session()
        if not current_user.is_authenticated or current is None:
            return send_to_sign_in()
        given = request.form.get("id", "")
        key = parse_id(given) if given else None
        if given and key is None:
            abort(400)
        with unit_of_work():
            sessions.end_other_sessions(int(current_user.id), current.id, key)
        flash(_("You are signed out there."), "success")
        return redirect("/profile", 303)

    @expose("/profile/password", methods=["POST"])
    def password(self) -> Any:
        """Give the reader another password. Every other session of theirs ends; this one goes on anew."""
        if not current_user.is_authenticated:
            return send_to_sign_in()
        errors = self._judge(
            request.form.get("current", ""), request.form.get("new", ""), request.form.get("again", "")
        )
        if errors:
            return self._page(errors), 422
        try:
            with unit_of_work() as session:
                user = session.get_one(User, current_user.id)
                accounts.set_password(user, request.form["new"], by=user)
                sessions.start_session(user)
        except Invalid as error:
            return self._page({"new": [str(text) for text in error.errors.get("password", ())]}), 422
        flash(_("Your password is changed. You are signed out everywhere else."), "success")
        return redirect("/profile", 303)

    def _judge(self, current: str, new: str, again: str) -> dict[str, list[str]]:
        """Say what is wrong with the form; guessing the present password counts like a try to sign in."""
        note_failure = limits.begin_sign_in("staff", current_user.username)
        if not passwords.verify(current_user.password, current):
            note_failure()
            return {"current": [_("This is not your present password.")]}
        if new != again:
            return {"again": [_("The two new passwords differ.")]}
        return {}

    def _page(self, errors: dict[str, list[str]] | None = None) -> str:
        page = profile_page(current_user, sorted(current_rights().roles), errors or {}, request.form)
        return render_template("users/profile.html", page=page)
