"""The control of the rush: a server that asks whether a time is free and then takes it, as is often written."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

_CHECK = """SELECT 1 FROM peer.claim WHERE room_id = %(room)s AND taken && tstzrange(%(starts)s, %(ends)s)"""
_INSERT = """INSERT INTO peer.claim (room_id, taken) VALUES (%(room)s, tstzrange(%(starts)s, %(ends)s))"""
_mine = threading.local()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Take a time that nobody seems to have: 201, else 409."""
    if environ["REQUEST_METHOD"] == "GET":
        return _answer(start_response, "200 OK")
    wish = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    facts = {"room": wish["room"], "starts": wish["starts_at"], "ends": wish["ends_at"]}
    with _connection() as connection, connection.transaction():
        if connection.execute(_CHECK, facts).fetchone():
            return _answer(start_response, "409 Conflict")
        connection.execute(_INSERT, facts)
    return _answer(start_response, "201 Created")


@contextmanager
def _connection() -> Iterator[psycopg.Connection[Any]]:
    """Give the thread's own connection."""
    if not hasattr(_mine, "connection"):
        _mine.connection = psycopg.connect(os.environ["DATABASE_URL"])
    yield _mine.connection


def _answer(start_response: Callable[..., Any], status: str) -> list[bytes]:
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]
