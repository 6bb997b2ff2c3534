"""How long a person waits for a part of a page: a list drawn anew, a cell, what the palette finds, a form kept."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from bench.serving import Server, ServerFailed, ask

WARM, ASKED = 5, 40
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_RECORD = "SELECT id::text, revision, name FROM package ORDER BY position, id LIMIT 1"
PART = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Update:
    """How many milliseconds an update took: the median, and what 95 of 100 stay under."""

    about: str
    median: float
    most: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a browser."""

    path: str
    form: dict[str, str] | None = None


def time_updates(server: Server, url: str) -> list[Update]:
    """Ask our server, as its signed-in reader, for each update some times."""
    with psycopg.connect(url) as connection:
        row = connection.execute(_RECORD).fetchone()
    if row is None:
        return []
    key, revision, name = str(row[0]), int(row[1]), str(row[2])
    token = _open_form(server, f"/packages/{key}/edit")
    return [
        _timed("a list drawn anew", server, _same(Asked("/bookings/?filter[status]=confirmed"))),
        _timed("a list searched", server, _same(Asked("/bookings/?q=garden"))),
        _timed("the palette's finds", server, _same(Asked("/palette/find?q=garden"))),
        _timed("a cell opened for writing", server, _same(Asked(f"/packages/{key}/cell?field=name"))),
        _timed("a cell saved", server, _cells(key, revision, name, token)),
        _timed("a form kept while it is typed", server, _same(_kept(key, name, token))),
    ]


def _open_form(server: Server, path: str) -> str:
    """Open a form as a browser does, and give the token for what is posted; its cookie is kept."""
    reply = ask(server.port, "GET", path, headers=server.headers)
    found = _TOKEN.search(reply.body.decode())
    if found is None:
        raise ServerFailed(f"{path} holds no token; see {server.log}")
    kept = dict(pair.split("=", 1) for pair in server.cookie.split("; "))
    server.cookie = "; ".join(f"{name}={value}" for name, value in (kept | reply.cookies).items() if value)
    return unescape(found.group(1))


def _kept(key: str, name: str, token: str) -> Asked:
    return Asked(
        f"/packages/{key}/keep", {"csrf_token": token, "kept": str(uuid4()), "name": f"{name} typed"}
    )


def _same(asked: Asked) -> Iterator[Asked]:
    while True:
        yield asked


def _cells(key: str, revision: int, name: str, token: str) -> Iterator[Asked]:
    """Write one name and another; after an even number of times it is the old one again."""
    for number in range(WARM + ASKED + 1):
        value = name if number % 2 else f"{name}, written"
        form = {"csrf_token": token, "field": "name", "value": value, "revision": str(revision + number)}
        yield Asked(f"/packages/{key}/cell", form)


def _timed(about: str, server: Server, requests: Iterator[Asked]) -> Update:
    took = []
    for number, asked in enumerate(requests):
        if number >= WARM + ASKED + 1:
            break
        begun = time.perf_counter()
        _send(server, asked)
        took.append((time.perf_counter() - begun) * 1000)
    took = sorted(took[WARM:])
    return Update(about, statistics.median(took), took[int(len(took) * 0.95)])


def _send(server: Server, asked: Asked) -> None:
    headers = server.headers | PART
    method, body = "GET", ""
    if asked.form is not None:
        method, body = "POST", urlencode(asked.form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    reply = ask(server.port, method, asked.path, body, headers)
    if reply.status != 200:
        said = json.dumps(reply.body.decode(errors="replace")[:300])
        raise ServerFailed(f"{asked.path} answered {reply.status}: {said}; see {server.log}")
