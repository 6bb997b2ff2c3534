"""The verbs of conversations: order under a race, who opens what, what is forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from app.domains.messaging import queries, service
from app.domains.messaging.errors import SessionUnknown
from app.domains.messaging.jobs import close_idle, forget_old
from app.domains.messaging.models import Conversation, Message, MessageKind, VisitorSession
from app.kernel import clock
from app.kernel.db import db, unit_of_work
from tests.domains.messaging.conftest import Stage
from tests.domains.messaging.steps import visitor

ALICE = service.Author(None, "Alice")


@pytest.mark.proves("S0.10")
def test_the_sender_of_a_message_is_client_staff_or_bot(app: Flask) -> None:
    left = service.leave_message(visitor(), "Hello")
    service.answer_as_bot(left.conversation.id, "I am a bot", 1, "Bot")
    service.answer(left.conversation.id, "Good day", ALICE)
    found = queries.messages(left.conversation.id)
    assert [(message.sender, message.sequence) for message in found] == [
        ("client", 1),
        ("bot", 2),
        ("staff", 3),
    ]
    db.session.add(
        Message(conversation_id=left.conversation.id, position=9, sequence=9, sender="admin", text="x")
    )
    with pytest.raises(Exception, match="ck_message_sender"):
        db.session.flush()


def test_forty_first_messages_at_once_open_one_conversation_and_are_numbered_without_gaps(
    stage: Stage,
) -> None:
    with stage.app.app_context():
        whose = visitor()

    def write(number: int) -> None:
        with stage.app.app_context(), unit_of_work():
            service.leave_message(whose, f"message {number}", f"key-{number % 20}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with stage.app.app_context():
        (conversation,) = queries.conversations_of(whose)
        found = queries.messages(conversation.id)
        assert [message.sequence for message in found] == list(range(1, 21))
        assert conversation.unread_by_staff == 20


def test_an_answer_marks_what_went_before_as_read_and_opens_a_closed_conversation(app: Flask) -> None:
    left = service.leave_message(visitor(), "Hello")
    service.close(left.conversation.id)
    assert left.conversation.unread_by_staff == 1
    service.answer(left.conversation.id, "note to self", ALICE, kind=MessageKind.NOTE)
    assert left.conversation.status == "closed"
    service.answer(left.conversation.id, "Good day", ALICE)
    assert (left.conversation.status, left.conversation.unread_by_staff) == ("open", 0)
    assert left.conversation.unread_by_client == 1


@pytest.mark.proves("S0.40")
def test_conversations_without_a_word_for_two_days_are_closed_by_the_clock(app: Flask) -> None:
    idle, lively = (service.leave_message(visitor(), "Hello").conversation for _ in range(2))
    idle.last_message_at = clock.now() - timedelta(hours=app.config["CHAT_IDLE_HOURS"] + 1)
    db.session.commit()
    assert close_idle() == 1
    assert (idle.status, idle.closed_by, lively.status) == ("closed", "idle", "open")


@pytest.mark.proves("S0.40")
def test_what_strangers_said_is_forgotten_after_its_time_and_what_members_said_is_kept(app: Flask) -> None:
    from tests.domains.members.steps import make_member

    old, members, fresh = visitor(), visitor(), visitor()
    bob = make_member()
    for whose in (old, members, fresh):
        service.leave_message(whose, "Hello")
    service.link_session(members.session_id, bob.id, bob.name)
    long_ago = clock.now() - timedelta(days=app.config["CHAT_KEEP_DAYS"] + 1)
    for whose in (old, members):
        db.session.get_one(VisitorSession, whose.session_id).seen_at = long_ago
    db.session.commit()
    assert forget_old() == 1
    kept = set(db.session.scalars(db.select(Conversation.session_id)))
    assert kept == {members.session_id, fresh.session_id}


def test_a_session_holds_one_open_conversation_by_constraint(app: Flask) -> None:
    whose = visitor()
    service.leave_message(whose, "Hello")
    db.session.add(Conversation(session_id=whose.session_id))
    with pytest.raises(Exception, match="uq_conversation_open_session"):
        db.session.flush()


@pytest.mark.proves("S0.40")
def test_a_session_that_nobody_came_back_to_expires(app: Flask) -> None:
    session, token = service.open_session()
    session.seen_at = clock.now() - timedelta(days=app.config["CHAT_KEEP_DAYS"], minutes=1)
    db.session.commit()
    with pytest.raises(SessionUnknown):
        service.visitor_of(token)
