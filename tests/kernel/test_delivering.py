"""Deliveries: spread to whom it concerns, tried again in good time, given up with a cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, acting_as, current_actor
from app.kernel.db import unit_of_work
from app.kernel.ids import new_id
from app.kernel.outbox import (
    Delivery,
    DeliveryRow,
    DomainEvent,
    OutboxRow,
    PeerAway,
    Undeliverable,
    purging,
    record,
    subscriber,
    subscribing,
)
from app.kernel.outbox.delivering import BACK_OFF, deliver
from app.kernel.outbox.purging import purge
from app.kernel.outbox.relay import spread, take_due
from tests.outbox import deliver_all, make_due


@dataclass(frozen=True, slots=True)
class BellRung(DomainEvent):
    topic: ClassVar[str] = "test.bell_rung"
    bell_id: UUID


Heard = list[tuple[str, BellRung, Delivery, Actor]]


@pytest.fixture
def heard(session: Session, monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Give what two subscribers heard."""
    monkeypatch.setattr(subscribing, "_subscribers", {})
    heard: Heard = []

    @subscriber("test.first", BellRung)
    def first(event: BellRung, delivery: Delivery) -> None:
        heard.append(("first", event, delivery, current_actor()))

    @subscriber("test.second", BellRung, queue="mail")
    def second(event: BellRung, delivery: Delivery) -> None:
        heard.append(("second", event, delivery, current_actor()))

    return heard


@pytest.fixture
def failing(session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Let the one subscriber raise what is given."""
    monkeypatch.setattr(subscribing, "_subscribers", {})

    def begin(error: Exception) -> None:
        @subscriber("test.failing", BellRung)
        def fail(event: BellRung, delivery: Delivery) -> None:
            raise error

    return begin


def ring() -> BellRung:
    event = BellRung(new_id())
    with acting_as(Actor("user", "1", "Alice", "number-of-request")), unit_of_work():
        record(event)
    return event


def deliveries(session: Session) -> list[DeliveryRow]:
    session.expire_all()
    asked = select(DeliveryRow).join(OutboxRow, OutboxRow.id == DeliveryRow.outbox_id)
    return list(
        session.scalars(asked.where(OutboxRow.topic == BellRung.topic).order_by(DeliveryRow.subscriber))
    )


def test_each_subscriber_hears_of_an_event_once(heard: Heard, session: Session) -> None:
    event = ring()
    assert sorted(deliver_all()) == [("test.first", "sent"), ("test.second", "sent")]
    assert deliver_all() == []
    assert sorted((who, what) for who, what, _delivery, _actor in heard) == [
        ("first", event),
        ("second", event),
    ]
    assert [(row.state, row.attempts) for row in deliveries(session)] == [("sent", 1), ("sent", 1)]


def test_a_subscriber_acts_under_the_number_of_the_request(heard: Heard) -> None:
    ring()
    deliver_all()
    _who, _event, delivery, actor = heard[0]
    assert (actor.kind, actor.id, actor.correlation_id) == ("job", str(delivery.id), "number-of-request")
    assert (delivery.attempt, delivery.correlation_id) == (1, "number-of-request")


def test_a_second_message_for_a_delivery_finds_nothing_to_do(heard: Heard, session: Session) -> None:
    ring()
    deliver_all()
    assert [deliver(delivery_id=str(row.id)) for row in deliveries(session)] == ["done already"] * 2
    assert len(heard) == 2


def test_what_fails_is_tried_later_and_later_with_the_same_number_and_then_is_dead(
    failing: Callable[[Exception], None], session: Session
) -> None:
    failing(ValueError("no such bell"))
    ring()
    waits = []
    for attempt in range(1, 6):
        assert [outcome for _name, outcome in deliver_all()] == ["waiting" if attempt < 5 else "dead"]
        (row,) = deliveries(session)
        assert row.attempts == attempt
        waits.append(round((row.next_at - session.scalar(text("SELECT now()"))).total_seconds()))
        make_due()
    assert waits[:4] == list(BACK_OFF[:4])
    assert deliver_all() == []
    assert row.last_error.startswith("ValueError: no such bell\n")
    assert "raise error" in row.last_error
    assert row.ended_at is not None


def test_a_peer_that_is_away_is_waited_for_three_days(
    failing: Callable[[Exception], None], session: Session
) -> None:
    failing(PeerAway("connection refused"))
    ring()
    for _attempt in range(9):
        assert deliver_all() == [("test.failing", "waiting")]
        make_due()
    session.execute(text("UPDATE outbox SET created_at = now() - interval '73 hours'"))
    assert deliver_all() == [("test.failing", "dead")]


def test_what_can_never_succeed_is_given_up_at_once(
    failing: Callable[[Exception], None], session: Session
) -> None:
    failing(Undeliverable("no such address"))
    ring()
    assert deliver_all() == [("test.failing", "dead")]
    assert deliveries(session)[0].last_error.startswith("Undeliverable: no such address")


def test_a_cause_holds_no_secret(failing: Callable[[Exception], None], session: Session) -> None:
    failing(ConnectionError("smtp://me:hunter2@mail.example.com refused token=abc123"))
    ring()
    deliver_all()
    cause = deliveries(session)[0].last_error
    assert "hunter2" not in cause
    assert "abc123" not in cause
    assert "mail.example.com refused" in cause


def test_what_a_subscriber_wrote_before_it_failed_is_not_kept(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribing, "_subscribers", {})

    @subscriber("test.writing", BellRung)
    def write(event: BellRung, delivery: Delivery) -> None:
        with unit_of_work():
            record(BellRung(event.bell_id))
            raise ValueError

    ring()
    deliver_all()
    assert len(list(session.scalars(select(OutboxRow).where(OutboxRow.topic == BellRung.topic)))) == 1


def test_a_topic_that_this_code_does_not_know_waits(heard: Heard, session: Session) -> None:
    row = OutboxRow(topic="test.of_newer_code", payload={}, correlation_id="", created_at=clock.now())
    session.add(row)
    session.commit()
    assert deliver_all() == []
    session.expire_all()
    assert row.relayed_at is None


def test_a_subscriber_that_this_code_does_not_know_is_left_for_another(
    heard: Heard, session: Session
) -> None:
    ring()
    spread(session.connection())
    (key, _found), *_others = take_due(session.connection())
    session.execute(text("UPDATE delivery SET subscriber = 'test.newer' WHERE id = :id"), {"id": key})
    assert deliver(delivery_id=str(key)) == "unknown here"
    make_due()
    assert key not in {other for other, _found in take_due(session.connection())}
    row = next(row for row in deliveries(session) if row.id == key)
    assert (row.state, row.attempts) == ("waiting", 0)


def test_what_a_lost_worker_had_in_hand_is_tried_again_and_dead_in_the_end(
    heard: Heard, session: Session
) -> None:
    ring()
    spread(session.connection())
    lose = text("UPDATE delivery SET state = 'running', attempts = :tries, next_at = now()")
    session.execute(lose, {"tries": 4})
    assert len(take_due(session.connection())) == 2
    assert {row.state for row in deliveries(session)} == {"waiting"}
    session.execute(lose, {"tries": 5})
    assert list(take_due(session.connection())) == []
    assert {(row.state, row.last_error.split(":")[0]) for row in deliveries(session)} == {
        ("dead", "WorkerLost")
    }


def test_what_is_old_is_forgotten_and_what_waits_is_not(
    heard: Heard, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _time in range(3):
        ring()
    deliver_all()
    age = text("UPDATE outbox SET created_at = now() - interval '400 days'")
    session.execute(age)
    first, second, third = session.scalars(select(OutboxRow.id).where(OutboxRow.topic == BellRung.topic))
    put = text(
        "UPDATE delivery SET state = :state, ended_at = now() - make_interval(days => :days) WHERE outbox_id = :of"
    )
    session.execute(put, {"state": "sent", "days": 8, "of": first})
    session.execute(put, {"state": "dead", "days": 8, "of": second})
    session.execute(put, {"state": "waiting", "days": 0, "of": third})
    monkeypatch.setattr(purging, "_BATCH", 1)
    assert purge() == 3
    assert {row.outbox_id for row in deliveries(session)} == {second, third}
    assert session.get(OutboxRow, first) is None


def test_two_subscribers_cannot_share_a_name_nor_one_have_a_foreign_queue(heard: Heard) -> None:
    with pytest.raises(ValueError, match="two subscribers"):
        subscriber("test.first", BellRung)(print)
    with pytest.raises(ValueError, match="is no queue"):
        subscriber("test.third", BellRung, queue="none")
