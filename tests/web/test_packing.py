"""Files go over the line compressed, each once, and are asked for again by what they hold."""

from __future__ import annotations

import gzip

from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from app.web.assets import STATIC

SHEET = "css/festoon.css"
PACKED = {"Accept-Encoding": "gzip, deflate"}


def fetch(client: FlaskClient, address: str, **headers: str) -> Response:
    """Read an answer whole: a file that is given plainly stays open until then."""
    with client.get(address, headers=headers) as answer:
        answer.get_data()
        return answer


def test_a_sheet_comes_compressed_to_a_browser_that_takes_it(client: FlaskClient) -> None:
    packed = fetch(client, f"/static/{SHEET}?v=1", **PACKED)
    plain = fetch(client, f"/static/{SHEET}?v=1", **{"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == (STATIC / SHEET).read_bytes()
    assert len(packed.data) < len(plain.data) / 3
    for answer in (packed, plain):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Encoding" not in plain.headers


def test_what_a_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    first = fetch(client, "/static/js/shell.js", **PACKED)
    again = fetch(client, "/static/js/shell.js", **PACKED, **{"If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Encoding"] == "gzip"
    assert (again.status_code, again.data) == (304, b"")


def test_what_is_compressed_already_or_is_a_page_stays_as_it_is(client: FlaskClient) -> None:
    for path in ("/static/vendor/inter/inter-latin.woff2", "/login/", "/static/nothing.css"):
        assert "Content-Encoding" not in fetch(client, path, **PACKED).headers, path
