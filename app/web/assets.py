"""Addresses of static files that carry the file's fingerprint, so that a browser may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, g, request, url_for

STATIC = Path(__file__).parent / "static"


def keep_for_ever(response: Response) -> Response:
    """Let a browser keep a file that was asked for by its fingerprint; another content has another address."""
    if request.endpoint == "static" and request.args.get("v") and response.status_code in (200, 304):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def asset(path: str) -> str:
    """Give the address of a file under static/: `asset("css/festoon.css")`; made once a request."""
    made: dict[str, str] = g.setdefault("festoon_assets", {})
    if path not in made:
        root = request.script_root if request else None
        # While one works on a file, its address follows each change; elsewhere files stay as they are.
        changed = (STATIC / path).stat().st_mtime_ns if current_app.debug else 0
        made[path] = _address(path, changed, root)
    return made[path]


@lru_cache(maxsize=512)
def _address(path: str, _changed: int, _root: str | None) -> str:
    """Make the address; it depends on the file's content and on where the program is mounted."""
    return url_for("static", filename=path, v=hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:8])
