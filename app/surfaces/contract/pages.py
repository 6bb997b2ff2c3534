"""The contract for readers: the document itself, and two ways to leaf through it, served from here."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.wrappers import Response as Answer

from app.access.babel import locale_of_request
from app.access.headers import csp_nonce
from app.kernel.locales import direction
from app.surfaces.contract.openapi import document
from app.surfaces.contract.operations import PREFIX

blueprint = Blueprint("contract", __name__)

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Both readers write style elements. There is nobody's session on these pages, and no script but ours."""


@blueprint.get(f"{PREFIX}/openapi.json")
def openapi() -> Answer:
    """Give the document; a reader that has it already is told so."""
    written, mark = _written()
    response = Response(written, mimetype="application/json")
    response.set_etag(mark)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response.make_conditional(request)


@blueprint.get("/public/docs")
def swagger() -> Response:
    """Let a developer read the operations and try them."""
    return _page("swagger")


@blueprint.get("/public/redoc")
def redoc() -> Response:
    """Let a developer read the operations as a book."""
    return _page("redoc")


def _page(reader: str) -> Response:
    locale = locale_of_request()
    page = render_template(
        "contract/reader.html",
        reader=reader,
        document=f"{PREFIX}/openapi.json",
        locale=locale,
        direction=direction(locale),
    )
    response = Response(page)
    response.headers["Content-Security-Policy"] = _POLICY.replace("{nonce}", csp_nonce())
    return response


@cache
def _written() -> tuple[bytes, str]:
    """Write the document once: declarations do not change while the program runs."""
    found = document(current_app, current_app.extensions["catalogue"])
    written = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return written, hashlib.sha256(written).hexdigest()[:32]
