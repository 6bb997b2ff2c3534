"""Rule 21 whatever happens: nobody who could have a free time is forgotten, nothing overlaps, no end is left."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings import service
from app.domains.bookings.models import Booking, Claim, Waiting, WaitingStatus
from app.domains.bookings.queries import broken, calendar_of
from app.domains.venues.models import Room
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.outbox import OutboxRow
from app.kernel.values import Period
from tests.domains.rooms import stored_room
from tests.domains.waiting import facts, wish

TIMES = [("10:00", "12:00"), ("11:00", "13:00"), ("12:00", "14:00"), ("10:00", "14:00"), ("14:00", "16:00")]
TIME = st.sampled_from(TIMES)
WHICH = st.integers(0, 9)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("book"), TIME),
        st.tuples(st.just("hold"), TIME),
        st.tuples(st.just("join"), TIME, st.sampled_from([None, 4, 40])),
        st.tuples(st.just("cancel"), WHICH),
        *(st.tuples(st.just(verb), WHICH) for verb in ("accept", "decline", "leave", "close", "offer")),
        st.tuples(st.just("wait"), st.sampled_from([1, 13, 24])),
        st.tuples(st.just("capacity"), st.sampled_from([10, 50])),
        st.tuples(st.just("news")),
    ),
    min_size=4,
    max_size=16,
)

BEGINNING = (
    *(("book", times) for times in (TIMES[3], TIMES[4])),
    *(("join", times, None) for times in (TIMES[0], TIMES[3], TIMES[2], TIMES[4])),
)
"""The room is taken and four wait before anything else happens."""


class World:
    """A room, its bookings and its list; each step is tried, and undone where it is refused."""

    def __init__(self, session: Session, traveller: Any) -> None:
        self.session, self.traveller = session, traveller
        self.room: Room = stored_room(session, buffer_after_minutes=30, capacity=50)
        self.times = {times: wish(*times) for times in TIMES}
        self.number = 0
        self.ended: dict[Any, str] = {}

    def do(self, verb: str, *with_what: Any) -> None:
        """Do a step."""
        try:
            with self.session.begin_nested():
                getattr(self, f"_{verb}")(*with_what)
        except DomainError:
            self.session.expire_all()
        self.session.flush()

    def _facts(self) -> dict[str, Any]:
        self.number += 1
        return facts(f"Client{self.number}")

    def _book(self, times: tuple[str, str]) -> None:
        told = self._facts() | {"event_type": "wedding", "message": ""}
        service.book_room(self.session, told, self.room.id, self.times[times])

    def _hold(self, times: tuple[str, str]) -> None:
        service.hold(self.session, self.room.id, self.times[times])

    def _join(self, times: tuple[str, str], guests: int | None) -> None:
        service.join(self.session, self._facts() | {"guests": guests}, self.room.id, self.times[times])

    def _cancel(self, which: int) -> None:
        found = select(Booking).where(Booking.room_id == self.room.id).order_by(Booking.id)
        bookings = self.session.scalars(found).all()
        if bookings:
            service.cancel(bookings[which % len(bookings)])

    def _one(self, which: int) -> Waiting | None:
        waits = self.waits()
        return waits[which % len(waits)] if waits else None

    def _accept(self, which: int) -> None:
        if (one := self._one(which)) is not None:
            service.accept(one)

    def _decline(self, which: int) -> None:
        if (one := self._one(which)) is not None:
            service.decline(one)

    def _leave(self, which: int) -> None:
        if (one := self._one(which)) is not None:
            service.leave(one)

    def _close(self, which: int) -> None:
        if (one := self._one(which)) is not None:
            service.close(one, "Staff say so")

    def _offer(self, which: int) -> None:
        if (one := self._one(which)) is not None:
            service.offer_now(one, "Staff say so")

    def _wait(self, hours: int) -> None:
        self.traveller.shift(timedelta(hours=hours))

    def _capacity(self, most: int) -> None:
        self.room.capacity = most

    def _news(self) -> None:
        """Let the sweeper run and the news of freed times go round, in their order, until nothing is new."""
        service.sweep(self.session)
        done = -1
        while done != (done := len(self._freed())):
            for claim in self._freed():
                service.pass_on(self.session, claim)

    def _freed(self) -> list[Any]:
        self.session.flush()
        news = select(OutboxRow.payload["claim_id"].astext).where(OutboxRow.topic == "room.time_freed")
        ours = select(Claim.id).where(Claim.room_id == self.room.id)
        known = {str(key): key for key in self.session.scalars(ours)}
        return [known[key] for key in self.session.scalars(news.order_by(OutboxRow.id)) if key in known]

    def waits(self) -> list[Waiting]:
        """List all places on the list, in their order."""
        found = select(Waiting).where(Waiting.room_id == self.room.id)
        return list(self.session.scalars(found.order_by(Waiting.created_at, Waiting.id)))

    def check(self) -> None:
        """Check what must hold after every step."""
        live = list(self.session.scalars(select(Claim).where(Claim.room_id == self.room.id, Claim.blocks)))
        for number, one in enumerate(live):
            for other in live[number + 1 :]:
                assert not one.blocked.overlaps(other.blocked)
        news = Counter(
            self.session.scalars(
                select(OutboxRow.payload["waiting_id"].astext).where(OutboxRow.topic.like("waiting.%"))
            )
        )
        for one in self.waits():
            changes = 1 + sum(
                a.to_status != b.to_status for a, b in zip(one.steps, one.steps[1:], strict=False)
            )
            assert news[str(one.id)] == changes, "one piece of news for each change"
            assert one.steps[-1].to_status == one.status
            assert self.ended.get(one.id, one.status) == one.status, "an end is never left"
            if not service.WAITING_TRANSITIONS[WaitingStatus(one.status)]:
                self.ended[one.id] = one.status

    def check_settled(self) -> None:
        """Once the news have gone round nobody waits for a time that they could have."""
        now = clock.now()
        for one in self.waits():
            if one.status != WaitingStatus.WAITING or (one.guests or 0) > self.room.capacity:
                continue
            day = one.starts_at.date()
            calendar = calendar_of(self.session.connection(), self.room.id, day, day, now)
            assert calendar is not None
            assert broken(calendar.judge(Period(one.starts_at, one.ends_at), now)), "somebody was forgotten"


@pytest.mark.usefixtures("app")
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_whatever_happens_in_whatever_order_the_list_keeps_its_word(
    session: Session, steps: list[tuple[Any, ...]]
) -> None:
    with session.begin_nested() as example, time_machine.travel(clock.now(), tick=False) as traveller:
        world = World(session, traveller)
        for step in (*BEGINNING, *steps):
            world.do(*step)
            world.check()
        world.do("news")
        world.check()
        world.check_settled()
        example.rollback()
    session.expire_all()
