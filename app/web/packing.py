"""Static files go over the line compressed, from memory; a browser drew nothing before half a megabyte was there.

Only files are: a page of the staff side shows what a visitor typed beside the secret of a session, and its
compressed size would give the one away by the other.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

from app.web.assets import STATIC, keep_for_ever

PACKED = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}
LEAST = 1024
_LEVEL = 9  # once for each file


def serve_files(app: Flask) -> None:
    """Give static files compressed, and to be kept."""
    app.after_request(keep_for_ever)
    app.after_request(pack)


def pack(response: Response) -> Response:
    """Compress the answer to a request for a file, for a browser that takes it so."""
    if request.endpoint != "static" or response.mimetype not in PACKED:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or "gzip" not in request.accept_encodings or request.method != "GET":
        return response
    file = STATIC / (request.view_args or {})["filename"]
    facts = file.stat()
    if facts.st_size < LEAST:
        return response
    content = _packed(str(file), facts.st_mtime_ns)
    if hasattr(response.response, "close"):
        response.response.close()  # the opened file is not needed
    response.direct_passthrough = False
    response.set_data(content)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same content in other bytes
    return response


@lru_cache(maxsize=512)
def _packed(path: str, _changed: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), _LEVEL, mtime=0)
