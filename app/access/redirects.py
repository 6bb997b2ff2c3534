"""Where a sign-in may lead: to a path of our own and nowhere else."""

from __future__ import annotations

import re

from flask import request
from werkzeug.urls import iri_to_uri

HOME = "/"
_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9\-._~!$&'()*+,;=:@%/?\[\]]*\Z")
_NOT_AFTER_SIGN_IN = frozenset({"/login", "/logout", "/language"})
_LONGEST = 2000


def safe_path(target: str | None, otherwise: str = HOME) -> str:
    """Give the target when it is a plain path of this site, with its query; else `otherwise`.

    What is not plainly good is refused, never mended: a scheme, a host, a backslash, a control character,
    a doubled slash, a character outside ASCII.
    """
    if not target or len(target) > _LONGEST or not _PATH.match(target):
        return otherwise
    path = target.partition("?")[0]
    if "//" in path or path.rstrip("/") in _NOT_AFTER_SIGN_IN:
        return otherwise
    return target


def own_path(target: str | None) -> str:
    """Take this site's own origin off an absolute address, as FAB writes them, and judge the path."""
    if target and target.startswith(request.host_url):
        target = "/" + target[len(request.host_url) :]
    return safe_path(target)


def path_of_request() -> str:
    """Give the address asked for, to come back to after the sign-in; home for anything but a GET."""
    if request.method not in ("GET", "HEAD"):
        return HOME
    return safe_path(iri_to_uri(request.full_path.removesuffix("?")))
