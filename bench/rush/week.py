"""A week of fifty rooms: what it takes to find its free times, and to tell them."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from sqlalchemy import event

from bench.contestants import festoon_environment

ROOMS, DAYS, MINUTES, TURNS = 50, 7, 120, 15
_MADE = """
    INSERT INTO room ({columns}) SELECT {values}
    FROM (SELECT * FROM room ORDER BY id LIMIT 1) AS room, generate_series(1, %(more)s) AS number
"""


@dataclass(frozen=True, slots=True)
class Week:
    """Statements, and milliseconds of the CPU: to find the free times, and for the whole answer of so many bytes."""

    statements: int
    slots: int
    found: float
    told: float
    size: int


def measure(url: str, redis_url: str) -> Week:
    """Measure in the program's own process, on the database of the rush."""
    venue = _with_rooms(url)
    os.environ.update(festoon_environment(url, redis_url))
    from app import create_app
    from app.domains.bookings import queries
    from app.kernel.db import db, reading

    app, now = create_app(), datetime.now(UTC)
    first = now.date() + timedelta(days=60)
    last = first + timedelta(days=DAYS - 1)
    counted: list[str] = []

    def find() -> int:
        with reading() as connection:
            found = queries.calendars_of_venue(connection, venue, first, last, now)
        return sum(len(calendar.slots(MINUTES, now)) for calendar in found)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *said: counted.append(said[2]))
        slots = find()
        statements = len(counted)
        finding = _milliseconds(find)
    client = app.test_client()
    path = f"/public/v1/venues/{venue}/availability?from={first}&days={DAYS}&minutes={MINUTES}"
    answers = [client.get(path)]
    telling = _milliseconds(lambda: answers.append(client.get(path)))
    if any(answer.status_code != 200 for answer in answers):
        raise ValueError(f"{path} was answered with {answers[-1].status_code}")
    return Week(statements, slots, finding, telling, len(answers[0].data))


def _milliseconds(work: Callable[[], object]) -> float:
    """Give the median of the CPU's milliseconds, of this process alone."""
    spent = []
    for _turn in range(TURNS):
        at = time.process_time()
        work()
        spent.append((time.process_time() - at) * 1000)
    return statistics.median(spent)


def _with_rooms(url: str) -> UUID:
    """Give a venue fifty rooms, copies of its first, open from nine to ten in the evening; gives its key."""
    with psycopg.connect(url) as connection:
        columns = [
            row[0]
            for row in connection.execute(
                """SELECT column_name FROM information_schema.columns
                   WHERE table_name = 'room' AND table_schema = 'public' AND is_generated = 'NEVER'"""
            )
        ]
        own = {"id": "gen_random_uuid()", "slug": "'rush-' || number"}
        values = [own.get(column, f"room.{column}") for column in columns]
        row = connection.execute("SELECT venue_id FROM room ORDER BY id LIMIT 1").fetchone()
        assert row is not None
        there = connection.execute("SELECT count(*) FROM room WHERE venue_id = %s", row).fetchone()
        assert there is not None
        statement = _MADE.format(columns=", ".join(columns), values=", ".join(values))
        connection.execute(statement, {"more": ROOMS - there[0]})
        connection.execute(
            """UPDATE opening_hours SET mode = 'open', opens_time = '09:00', closes_time = '22:00'
               WHERE venue_id = %s""",
            row,
        )
    venue: UUID = row[0]
    return venue
