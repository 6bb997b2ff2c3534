"""The session's cookie belongs to the staff side; on the open side it is neither read nor written."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from app.access.realms import is_staff_path


class StaffCookies(SecureCookieSessionInterface):
    """Flask's signed cookie, on staff paths alone, so that a public answer never varies by it."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie, or begin an empty session that nobody will save."""
        return super().open_session(app, request) if is_staff_path(request.path) else self.session_class()

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Write the cookie if it changed."""
        if is_staff_path(request.path):
            super().save_session(app, session, response)
