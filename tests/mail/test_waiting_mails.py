"""Who waits is written to: once for each change, in their language, the deadline by their clocks (rule 21)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domains.bookings import jobs, queries, service
from app.domains.bookings.models import Booking, Waiting, WaitingStatus
from app.domains.venues.models import Room
from app.mail.settings import MailSettings
from tests.domains.rooms import stored_room
from tests.domains.waiting import booked, join, later, wish
from tests.mail.conftest import Inbox
from tests.outbox import deliver_all


@pytest.fixture
def room(session: Session) -> Room:
    found = stored_room(session, name="Blue hall", slug="blue-hall", capacity=50)
    session.commit()
    return found


@pytest.fixture
def taken(session: Session, room: Room) -> Booking:
    return booked(session, room.id, wish())


def test_each_mail_goes_out_once_in_the_clients_language_and_zone(
    session: Session,
    room: Room,
    taken: Booking,
    sending: MailSettings,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    join(session, room.id, "Amal", time_zone="Asia/Kolkata")
    session.commit()
    deliver_all()
    waiting = session.scalars(select(Waiting)).one()
    mail = next(mail for mail in inbox.mails if mail["To"] == "Amal <amal@example.com>")
    assert "You are on the waiting list for Blue hall" in mail["Subject"]
    inbox.mails.clear()
    service.cancel(taken)
    session.commit()
    deliver_all()
    mails = [mail for mail in inbox.mails if "amal@example.com" in mail["To"]]
    assert [mail["Subject"] for mail in mails] == ["Blue hall is free: it is your turn"]
    body = mails[0].get_body(("plain",))
    assert body is not None
    said = str(body.get_content())
    assert "(Kolkata)" in said
    link = re.search(r"/public/waiting/[\w-]+\?answer=accept", said)
    assert link is not None
    assert link[0].split("?")[0].split("/")[-1]
    assert queries.waiting_by_token(link[0].split("?")[0].split("/")[-1]) is not None
    inbox.mails.clear()
    later(monkeypatch, hours=24)
    jobs.free_lapsed()
    deliver_all()
    deliver_all()
    mails = [mail for mail in inbox.mails if "amal@example.com" in mail["To"]]
    assert [mail["Subject"] for mail in mails] == ["Our offer for Blue hall has ended"]
    session.refresh(waiting)
    assert waiting.status == WaitingStatus.LAPSED


def test_who_is_closed_out_is_told_why_but_not_what_staff_wrote(
    app: Flask, session: Session, room: Room, taken: Booking, sending: MailSettings, inbox: Inbox
) -> None:
    join(session, room.id, "Amal")
    cleo = join(session, room.id, "Cleo")
    service.close(cleo, "She shouted at Bo.")
    room.is_active = False
    session.flush()
    service.close_unoffered(session, room)
    session.commit()
    deliver_all()
    texts = {}
    for mail in inbox.mails:
        body = mail.get_body(("plain",))
        if body is not None and "waiting list for" in mail["Subject"]:
            texts[str(mail["To"])] = str(body.get_content())
    assert "The room is not offered any more." in texts["Amal <amal@example.com>"]
    assert "shouted" not in texts["Cleo <cleo@example.com>"]
