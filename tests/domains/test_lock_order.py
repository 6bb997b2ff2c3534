"""The rooms of all rows that are written at once are locked first and together: two who do so wait, never in a ring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domains.bookings.models import Booking
from app.domains.venues import queries as venues
from app.domains.venues.models import Room
from app.kernel import clock
from tests.domains.payments.steps import book, wish
from tests.domains.rooms import next_monday, stored_room
from tests.surfaces.test_transfer import do_import, write_csv

SignIn = Callable[..., FlaskClient]
Locked = list[tuple[set[UUID], int]]


@pytest.fixture
def rooms(session: Session) -> list[Room]:
    """Store two rooms, the later one first."""
    return sorted((stored_room(session, name=name) for name in ("Blue", "Red")), key=lambda room: room.id)[
        ::-1
    ]


@pytest.fixture
def locked(session: Session, monkeypatch: pytest.MonkeyPatch) -> Locked:
    """Note which rooms are locked, and how many bookings there are by then."""
    calls: Locked = []
    lock = venues.lock_rooms

    def note(connection: Any, keys: Any, *more: Any) -> None:
        count = connection.scalar(select(func.count()).select_from(Booking))
        calls.append((set(keys), count))
        lock(connection, keys, *more)

    monkeypatch.setattr(venues, "lock_rooms", note)
    return calls


def new(room: Room) -> dict[str, str]:
    day = next_monday(clock.now()).isoformat()
    facts = {"client_name": "Ada", "client_email": "ada@example.com", "event_type": "birthday"}
    facts |= {"event_on": day, "place": "Here"}
    return facts | {"room_id": str(room.id), "starts_at": f"{day}T12:00", "ends_at": f"{day}T14:00"}


def test_new_rows_of_the_table_lock_their_rooms_first(
    sign_in: SignIn, session: Session, rooms: list[Room], locked: Locked
) -> None:
    sent = [{"key": str(n), "values": new(room)} for n, room in enumerate(rooms)]
    answer = sign_in("Booking operator").post("/bookings/grid", json={"rows": sent})
    assert answer.status_code == 200, answer.get_json()
    assert locked[0] == ({room.id for room in rooms}, 0)


@pytest.mark.parametrize("by", ["id", "slug"])
def test_rows_of_a_file_lock_their_rooms_first(
    sign_in: SignIn, session: Session, rooms: list[Room], locked: Locked, by: str
) -> None:
    facts = [new(room) | {"room_id": str(getattr(room, by))} for room in rooms]
    headings = ["room" if name == "room_id" else name for name in facts[0]]
    do_import(sign_in("Admin"), "bookings", write_csv(headings, *(list(row.values()) for row in facts)))
    assert session.scalar(select(func.count()).select_from(Booking)) == 2
    assert locked[0] == ({room.id for room in rooms}, 0)


def test_a_file_that_changes_bookings_locks_where_they_are_first(
    sign_in: SignIn, session: Session, rooms: list[Room], locked: Locked
) -> None:
    made = [book(session, room, when=wish("12:00", "14:00")) for room in rooms]
    del locked[:]
    rows = [[str(booking.id), "Grace"] for booking in made]
    do_import(sign_in("Admin"), "bookings", write_csv(["id", "client_name"], *rows))
    assert set(session.scalars(select(Booking.client_name))) == {"Grace"}
    assert locked[0] == ({room.id for room in rooms}, 2)
