"""What a client is mailed of a booked room: its time, that it was moved, rejected, taken up again."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from app.domains.bookings import events, jobs, queries, service
from app.domains.bookings.jobs.mails import is_vouched_for
from app.domains.bookings.models import Booking
from app.domains.venues.models import Room
from app.kernel import clock
from app.kernel.ids import new_id
from app.kernel.outbox import Delivery
from app.kernel.values import Period
from app.mail.settings import MailSettings
from tests.domains.rooms import next_monday, stored_room
from tests.mail.conftest import Inbox
from tests.outbox import deliver_all


def delivery() -> Delivery:
    return Delivery(new_id(), 1, "test", "c0ffee-1234")


def at(wall: str) -> datetime:
    return datetime.fromisoformat(f"{next_monday(clock.now())}T{wall}+00:00")


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def dates(mail: EmailMessage) -> list[Any]:
    """Give the events of the calendar files with their methods."""
    found = []
    for file in mail.iter_attachments():
        calendar = Calendar.from_ical(file.get_content())
        found += [(str(calendar["METHOD"]), one) for one in calendar.walk("VEVENT")]
    return found


@pytest.fixture
def room(session: Session) -> Room:
    return stored_room(session, "Europe/Lisbon", name="Blue hall")


@pytest.fixture
def booking(session: Session, room: Room) -> Booking:
    facts = {
        "client_name": "Amira",
        "client_email": "amira@example.com",
        "event_type": "wedding",
        "locale": "en",
    }
    made = service.book_room(session, facts, room.id, Period(at("12:00"), at("14:00")))
    session.commit()
    return made


def test_a_moved_booking_is_mailed_once_with_both_times_and_is_not_called_cancelled(
    sending: MailSettings, inbox: Inbox, session: Session, room: Room, booking: Booking
) -> None:
    service.confirm(booking)
    session.commit()
    deliver_all()
    confirmed = next(mail for mail in inbox.mails if "is confirmed" in mail["Subject"])
    assert "Blue hall" in plain(confirmed) and "(Lisbon)" in plain(confirmed)
    ((_method, first),) = dates(confirmed)
    assert first["DTSTART"].dt == at("12:00")
    inbox.mails.clear()
    service.move(booking, room.id, Period(at("16:00"), at("18:00")))
    session.commit()
    deliver_all()
    mail = inbox.only()
    assert "moved" in mail["Subject"]
    assert "Before, it was" in plain(mail)
    (published, after), (withdrawn, before) = dates(mail)
    assert (published, withdrawn) == ("PUBLISH", "CANCEL")
    assert (after["DTSTART"].dt, before["DTSTART"].dt) == (at("16:00"), at("12:00"))
    assert before["UID"] == first["UID"] != after["UID"]
    assert before["SEQUENCE"] > first["SEQUENCE"] and after["STATUS"] == "CONFIRMED"


def test_a_move_that_is_over_when_its_mail_is_due_is_not_told(
    sending: MailSettings, inbox: Inbox, session: Session, room: Room, booking: Booking
) -> None:
    after = service.move(booking, room.id, Period(at("16:00"), at("18:00")))
    service.cancel(after)
    session.commit()
    jobs.tell_client_moved(events.BookingMoved(booking.id), delivery())
    assert inbox.mails == []


def test_a_rejected_client_is_told_and_so_is_one_whose_booking_is_taken_up_again(
    sending: MailSettings, inbox: Inbox, session: Session, booking: Booking
) -> None:
    service.confirm(booking)
    service.cancel(booking)
    after = service.revive(booking)
    session.commit()
    jobs.tell_client_revived(events.BookingRevived(after.id), delivery())
    assert "is confirmed" in inbox.only()["Subject"]
    inbox.mails.clear()
    service.cancel(after)
    session.commit()
    other = service.book_room(
        session,
        {"client_name": "Eve", "client_email": "eve@example.com", "event_type": "other", "locale": "en"},
        booking.room_id,  # type: ignore[arg-type]  # it has one
        Period(at("12:00"), at("12:00") + timedelta(hours=1)),
    )
    service.reject(other)
    session.commit()
    jobs.tell_client_rejected(events.BookingRejected(other.id), delivery())
    assert "We cannot take your booking" in inbox.only()["Subject"]
    ((method, _event),) = dates(inbox.only())
    assert method == "CANCEL"


def test_what_costs_nothing_and_confirms_itself_vouches_for_no_address(session: Session, room: Room) -> None:
    for price in room.prices:
        price.price_minor = 0
    session.flush()
    facts = {"client_name": "X", "client_email": "victim@example.com", "event_type": "other", "locale": "en"}
    made = service.book_room(session, facts, room.id, Period(at("15:00"), at("17:00")))
    session.commit()
    assert made.status == "confirmed"
    found = queries.booking(made.id)
    assert found is not None
    assert not is_vouched_for(found, None)
