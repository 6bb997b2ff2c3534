"""Who may enter a staff view: signed in, and allowed one of its verbs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import quote

from flask import Response, abort, redirect, request
from flask_login import current_user

from app.access.rights import may

View = TypeVar("View", bound=Callable[..., Any])


def allowed(*verbs: str) -> Callable[[View], View]:
    """Let a view run for whoever may do one of the verbs under the view's permission name.

    A stranger is sent to sign in and comes back to the page; a background request gets 401.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return send_to_sign_in()
            if not any(may(verb, self.class_permission_name) for verb in verbs):
                abort(403)
            return view(self, *args, **kwargs)

        return cast("View", guarded)

    return decorate


def send_to_sign_in() -> Response:
    """Send a stranger to the sign-in page and back here afterwards."""
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    address = f"/login/?next={quote(here)}"
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": address})
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    return cast("Response", redirect(address))
