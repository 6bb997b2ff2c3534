"""The outbox: what is written, read back and asked of its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, acting_as
from app.kernel.db import unit_of_work
from app.kernel.ids import new_id
from app.kernel.outbox import DomainEvent, OutboxRow, record, row_of


@dataclass(frozen=True, slots=True)
class LampLit(DomainEvent):
    topic: ClassVar[str] = "test.lamp_lit"
    lamp_id: UUID
    colour: str = "red"
    others: tuple[UUID, ...] = ()
    by: UUID | None = None


def rows(session: Session) -> list[OutboxRow]:
    session.expire_all()
    return list(session.scalars(select(OutboxRow).where(OutboxRow.topic == LampLit.topic)))


def test_an_event_is_written_with_what_it_tells_of(session: Session) -> None:
    event = LampLit(new_id(), "blue", (new_id(),))
    with acting_as(Actor("user", "1", "Alice", "a-number-of-a-request")), unit_of_work():
        record(event)
    (row,) = rows(session)
    assert (row.correlation_id, row.relayed_at) == ("a-number-of-a-request", None)
    assert LampLit.read(row.payload) == event


def test_an_event_of_no_request_is_its_own_number(session: Session) -> None:
    row = row_of(LampLit(new_id()))
    assert row["correlation_id"] == str(row["id"])


def test_a_rolled_back_transaction_leaves_no_event(session: Session) -> None:
    def fail() -> None:
        with unit_of_work():
            record(LampLit(new_id()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert rows(session) == []


def test_facts_of_newer_code_are_left_out_and_those_of_older_code_have_their_default() -> None:
    key = new_id()
    assert LampLit.read({"lamp_id": str(key), "watts": 40}) == LampLit(key)


def test_what_json_cannot_hold_is_no_fact() -> None:
    with pytest.raises(TypeError, match="colour of a domain event is a set"):
        LampLit(new_id(), {"red"}).payload()  # type: ignore[arg-type]


def test_a_topic_is_a_word_with_a_dot_and_stands_once() -> None:
    with pytest.raises(TypeError, match="needs a topic"):

        class Nameless(DomainEvent):
            pass

    with pytest.raises(TypeError, match="two domain events"):

        class Other(DomainEvent):
            topic = LampLit.topic
