"""The works that are measured, and the records they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

PUBLIC_PAGE = 24
REVIEW_PAGE = 25
STAFF_PAGE = 25
REVIEW_PAGE_NUMBER = 3
DEEP_PAGE = 1000
LANGUAGE = "hi"


@dataclass(frozen=True, slots=True)
class Work:
    """One thing a server is asked to do."""

    name: str
    about: str


WORKS = (
    Work(
        "W1", "public list of 24 packages in Hindi with fallback, included items, average and number of stars"
    ),
    Work("W2", "one theme in Hindi with its gallery"),
    Work("W3", "reviews with 4 stars or more, newest first, page 3"),
    Work("W4", "a booking posted, validated and committed"),
    Work("W5", "staff list of the confirmed bookings, newest first, page 1"),
    Work("W5d", "the same list, page 1,000"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """The record after which a page begins, by its place in the order: an instant and a key."""

    moment: datetime
    key: UUID


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the requests name; read from the database, so that all servers are asked the same."""

    theme: str
    package: str
    before_reviews: Place
    before_deep: Place
    deep_page: int
    confirmed: int
    bookings: int


_THEME = """
    SELECT t.slug FROM theme AS t WHERE t.is_active
    ORDER BY (SELECT count(*) FROM theme_picture AS p WHERE p.theme_id = t.id) DESC, t.position, t.id LIMIT 1
"""
_PACKAGE = "SELECT slug FROM package WHERE is_active ORDER BY position, id LIMIT 1"
_REVIEWS = """
    SELECT submitted_at, id FROM review WHERE status = 'approved' AND rating >= 4
    ORDER BY submitted_at DESC, id DESC OFFSET %s LIMIT 1
"""
_BOOKINGS = """
    SELECT created_at, id FROM booking WHERE status = 'confirmed'
    ORDER BY created_at DESC, id DESC OFFSET %s LIMIT 1
"""


class TooLittleData(Exception):
    """The database holds too few records for the works."""


def read_subjects(url: str) -> Subjects:
    """Choose the theme and find the places from which the deeper pages go on."""
    with psycopg.connect(url) as connection:

        def first(statement: str, *values: object) -> tuple[object, ...]:
            row = connection.execute(statement, values).fetchone()
            if row is None:
                raise TooLittleData("fill the database with a larger --factor")
            return row

        counted = "SELECT count(*) FILTER (WHERE status = 'confirmed'), count(*) FROM booking"
        confirmed, bookings = (int(str(value)) for value in first(counted))
        page = min(DEEP_PAGE, confirmed // STAFF_PAGE)
        before = (page - 1) * STAFF_PAGE
        return Subjects(
            theme=str(first(_THEME)[0]),
            package=str(first(_PACKAGE)[0]),
            before_reviews=Place(*first(_REVIEWS, (REVIEW_PAGE_NUMBER - 1) * REVIEW_PAGE - 1)),  # type: ignore[arg-type]
            before_deep=Place(*first(_BOOKINGS, before - 1)),  # type: ignore[arg-type]
            deep_page=page,
            confirmed=confirmed,
            bookings=bookings,
        )
