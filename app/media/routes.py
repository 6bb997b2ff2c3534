"""The route that serves stored pictures; it knows no session, and what it serves can run nothing."""

from __future__ import annotations

import os

from flask import Blueprint, Response, request
from werkzeug.wsgi import wrap_file

from app.media.storage import storage

FOR_EVER = 365 * 86_400
_TYPES = {"avif": "image/avif", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_HEADERS = {
    "Cache-Control": f"public, max-age={FOR_EVER}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",  # the public site is another origin
}

media_blueprint = Blueprint("media", __name__, url_prefix="/media")


@media_blueprint.get("/<path:path>")
def serve(path: str) -> Response:
    """Serve a file that we stored. A path is never written twice, so it may be kept for ever."""
    file = storage().open(path)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    response = Response(
        wrap_file(request.environ, file),
        mimetype=_TYPES[path.rpartition(".")[2]],
        headers=_HEADERS,
        direct_passthrough=True,
    )
    response.content_length = size
    response.set_etag(path.rpartition("/")[2])
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response
