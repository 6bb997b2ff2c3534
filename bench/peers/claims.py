"""Two bare servers that take times in rooms: the control, which asks and then inserts, and the guarded insert alone."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

TABLES = """
    CREATE SCHEMA IF NOT EXISTS peer;
    CREATE TABLE IF NOT EXISTS peer.open_claim (id serial PRIMARY KEY, room_id uuid, blocked tstzrange);
    CREATE TABLE IF NOT EXISTS peer.claim (id serial PRIMARY KEY, room_id uuid, blocked tstzrange,
        EXCLUDE USING gist (room_id WITH =, blocked WITH &&));
"""
_CHECK = "SELECT 1 FROM peer.open_claim WHERE room_id = %(room)s AND blocked && tstzrange(%(starts_at)s, %(ends_at)s)"
_INSERT = (
    "INSERT INTO peer.open_claim (room_id, blocked) VALUES (%(room)s, tstzrange(%(starts_at)s, %(ends_at)s))"
)
_GUARDED = """INSERT INTO peer.claim (room_id, blocked) VALUES (%(room)s, tstzrange(%(starts_at)s, %(ends_at)s))
    ON CONFLICT DO NOTHING RETURNING id"""
_mine = threading.local()

Start = Callable[..., Any]


def control(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Take a time that nobody seems to have, as is often written: 201, else 409."""
    return _answer(environ, start_response, _asked_and_taken)


def guarded(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Take a time by the one statement in which the database has the last word: 201, else 409."""
    return _answer(environ, start_response, _taken)


def _asked_and_taken(connection: psycopg.Connection[Any], wish: dict[str, str]) -> bool:
    if connection.execute(_CHECK, wish).fetchone():
        return False
    connection.execute(_INSERT, wish)
    return True


def _taken(connection: psycopg.Connection[Any], wish: dict[str, str]) -> bool:
    return connection.execute(_GUARDED, wish).fetchone() is not None


def _answer(
    environ: dict[str, Any],
    start_response: Start,
    take: Callable[[psycopg.Connection[Any], dict[str, str]], bool],
) -> list[bytes]:
    status = "200 OK"
    if environ["REQUEST_METHOD"] == "POST":
        wish = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        connection = _connection()
        with connection.transaction():
            status = "201 Created" if take(connection, wish) else "409 Conflict"
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def _connection() -> psycopg.Connection[Any]:
    """Give the thread's own connection."""
    if not hasattr(_mine, "connection"):
        _mine.connection = psycopg.connect(os.environ["DATABASE_URL"])
    connection: psycopg.Connection[Any] = _mine.connection
    return connection
