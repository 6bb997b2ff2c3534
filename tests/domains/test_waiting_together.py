"""Rules 2 and 21: answers that come at once, on connections of their own: one of them counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking, Claim, Waiting, WaitingStatus
from app.kernel.db import db, unit_of_work
from app.kernel.errors import DomainError
from tests.domains.rooms import stored_room
from tests.domains.waiting import booked, join, wish


@pytest.fixture
def line(whole_app: Flask) -> Iterator[list[UUID]]:
    """Store a room with an offer and two more who wait, for real, and take all of it away again."""
    with whole_app.app_context():
        with unit_of_work() as session:
            room = stored_room(session)
            other = booked(session, room.id, wish())
            keys = [join(session, room.id, name).id for name in ("Amal", "Bo", "Cleo")]
            service.cancel(other)
            service.offer_next(session, room.id, wish())
        yield keys
        db.session.rollback()
        with unit_of_work() as session:
            tables = "waiting, room_claim, booking, room, venue, company, city, country, outbox"
            session.execute(text(f"TRUNCATE {tables} CASCADE"))
        db.session.remove()


def together(app: Flask, verbs: list[Callable[[Session], Any]]) -> list[str]:
    """Do all at once, each in a transaction of its own; gives what became of each."""
    start = Barrier(len(verbs))

    def one(verb: Callable[[Session], Any]) -> str:
        with app.app_context():
            start.wait(timeout=30)
            try:
                with unit_of_work() as session:
                    verb(session)
            except DomainError as error:
                return error.code
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(one, verbs))


def read(session: Session, key: UUID) -> Waiting:
    return session.get_one(Waiting, key)


def test_of_many_who_press_accept_at_once_one_booking_comes(whole_app: Flask, line: list[UUID]) -> None:
    found = together(whole_app, [lambda session: service.accept(read(session, line[0]))] * 8)
    assert Counter(found) == {"done": 8}, "the later ones find the booking of the first"
    assert db.session.scalar(select(func.count()).select_from(Booking)) == 2
    assert db.session.scalar(select(func.count()).select_from(Claim).where(Claim.blocks)) == 1


def test_who_declines_while_accepting_has_done_one_of_the_two(whole_app: Flask, line: list[UUID]) -> None:
    verbs: list[Callable[[Session], Any]] = [
        lambda session: service.accept(read(session, line[0])),
        lambda session: service.decline(read(session, line[0])),
    ] * 3
    found = together(whole_app, verbs)
    waiting = read(db.session(), line[0])
    live = db.session.scalar(select(func.count()).select_from(Claim).where(Claim.blocks))
    if waiting.status == WaitingStatus.ACCEPTED:
        assert (found[0::2], set(found[1::2]), live) == (["done"] * 3, {"transition_refused"}, 1)
    else:
        assert waiting.status == WaitingStatus.DECLINED
        assert (set(found[0::2]), found[1::2], live) == ({"offer_ended"}, ["done"] * 3, 0)
    assert len(waiting.steps) == 3


def test_a_freed_time_is_offered_once_though_its_news_come_many_times(
    whole_app: Flask, line: list[UUID]
) -> None:
    with unit_of_work() as session:
        claim = read(session, line[0]).claim_id
        service.decline(read(session, line[0]))
    assert claim is not None
    found = together(whole_app, [lambda session: service.pass_on(session, claim)] * 6)
    assert Counter(found) == {"done": 6}
    assert [read(db.session(), key).status for key in line] == ["declined", "offered", "waiting"]


def test_the_same_client_who_joins_twice_at_once_waits_once(whole_app: Flask, line: list[UUID]) -> None:
    room = read(db.session(), line[0]).room_id
    db.session.rollback()
    found = together(whole_app, [lambda session: join(session, room, "Dora")] * 4)
    assert Counter(found) == {"done": 1, "already_waiting": 3}
