"""What a browser fetches for a first page: every file that the page links, compressed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import BookingFactory, FestivalFactory, PackageFactory, ThemeFactory

MOST = 300_000
STATIC = Path(__file__).parents[2] / "app" / "web" / "static"
_LINKED = re.compile(r'(?:href|src|data-src)="/static/([^"?#]+)')
_IMPORTED = re.compile(r'(?:import|from|import\()\s*"(\.{1,2}/[^"]+)"')
_STYLED = re.compile(r'url\("?([^")]+)"?\)')
ALWAYS_PACKED = {".woff2", ".png", ".jpg", ".webp", ".avif"}
ELSEWHERE = ("inter-latin-ext",)
"""A font for letters beyond Western Europe: a browser fetches it where a text has such letters."""


def files_of(html: str) -> set[Path]:
    """List the files that a page links, and those that they import or name in turn."""
    found: set[Path] = set()
    waiting = [STATIC / path for path in _LINKED.findall(html)]
    while waiting:
        file = waiting.pop().resolve()
        if file in found or any(name in file.name for name in ELSEWHERE):
            continue
        assert file.is_file(), f"a page links {file}, which is not there"
        found.add(file)
        pattern = {".js": _IMPORTED, ".css": _STYLED}.get(file.suffix)
        names = pattern.findall(file.read_text(encoding="utf-8")) if pattern else ()
        waiting += [file.parent / name for name in names if not name.startswith(("data:", "#", "http"))]
    return found


def weight(file: Path) -> int:
    """Count a file's bytes as they go over the line."""
    content = file.read_bytes()
    return len(content) if file.suffix in ALWAYS_PACKED else len(gzip.compress(content, 6))


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_first_visit_loads_at_most_300_kb(
    session: Session, sign_in: Callable[[str], FlaskClient], locale: str
) -> None:
    browser = sign_in("Admin")
    records = {
        "packages": PackageFactory(),
        "themes": ThemeFactory(),
        "festivals": FestivalFactory(),
        "bookings": BookingFactory(),
    }
    paths = ["/", "/search", "/notices/", "/inbox/"]
    for path, record in records.items():
        paths += [f"/{path}/", f"/{path}/{record.id}", f"/{path}/{record.id}/edit", f"/{path}/add"]
    heavy = {}
    for path in paths:
        answer = browser.get(path, headers={"Accept-Language": locale})
        assert answer.status_code == 200, path
        html = answer.get_data()
        files = {file.name: weight(file) for file in files_of(html.decode())}
        total = sum(files.values()) + len(gzip.compress(html, 6))
        if total > MOST:
            heavy[path] = (total, sorted(files.items(), key=lambda pair: -pair[1])[:12])
    assert heavy == {}
