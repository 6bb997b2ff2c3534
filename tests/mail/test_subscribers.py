"""Who is written to when something happens: once, in their language, and never a member who is suspended."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.accounts import create_user
from app.access.babel import prefer
from app.domains.bookings import events as booking_events
from app.domains.bookings import jobs as booking_jobs
from app.domains.bookings import service as bookings
from app.domains.bookings.models import Booking
from app.domains.members import events as member_events
from app.domains.members import jobs as member_jobs
from app.domains.members import service as members
from app.domains.members.models import Member, MemberStatus, MemberToken
from app.domains.members.service.links import digest
from app.kernel.db import db
from app.kernel.ids import new_id
from app.kernel.outbox import Delivery, OutboxRow, PeerAway, Undeliverable
from app.mail.models import KeptMail
from app.mail.settings import MailSettings
from tests.conftest import PASSWORD
from tests.factories import BookingFactory, PackageFactory, translate
from tests.mail.conftest import Inbox


def delivery() -> Delivery:
    return Delivery(new_id(), 1, "test", "c0ffee-1234")


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def member(session: Session, **facts: object) -> Member:
    said = {"name": "Amira", "username": "amira", "email": "amira@example.com", "password_hash": "none"}
    made = Member(**(said | {"locale": "de", "time_zone": "Europe/Berlin"} | facts))
    session.add(made)
    session.commit()
    return made


@pytest.mark.proves("S1.50", "S3.22")
def test_a_new_member_is_asked_to_confirm_with_a_token_that_works_once(
    sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    made = member(session)
    member_jobs.confirm_new_address(member_events.MemberRegistered(made.id), delivery())
    mail = inbox.only()
    found = re.search(r"https://www\.example\.com/party/#verify=([\w-]{43})\s", text(mail))
    assert found
    assert mail["To"] == "amira@example.com"
    assert mail["Content-Language"] == "de"
    kept = session.scalars(select(MemberToken)).one()
    assert kept.token_hash == digest(found[1])  # the hash alone lies in the database
    members.verify_email(found[1])
    session.commit()
    assert session.get_one(Member, made.id).is_verified


def test_the_mail_of_a_delivery_that_is_done_again_changes_nothing(
    sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    """A second run must not make a token that ends the one in the mail that went out."""
    made, again = member(session), delivery()
    member_jobs.confirm_new_address(member_events.MemberRegistered(made.id), again)
    member_jobs.confirm_new_address(member_events.MemberRegistered(made.id), again)
    assert len(inbox.mails) == 1
    assert session.scalar(select(func.count()).select_from(MemberToken)) == 1


@pytest.mark.proves("S1.51", "S1.53", "S3.24")
def test_members_are_welcomed_helped_and_warned(
    sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    made = member(session, is_verified=True)
    member_jobs.welcome(member_events.MemberVerified(made.id), delivery())
    member_jobs.offer_new_password(member_events.ResetAsked("Amira@Example.com", "en"), delivery())
    member_jobs.tell_of_new_password(member_events.PasswordChanged(made.id), delivery())
    member_jobs.tell_of_account(member_events.RegistrationRepeated(made.id), delivery())
    kinds = session.scalars(select(KeptMail.kind).order_by(KeptMail.id)).all()
    assert kinds == ["welcome", "password_reset", "password_changed", "address_taken"]
    assert {mail["Content-Language"] for mail in inbox.mails} == {"de"}
    token = re.search(r"#reset=([\w-]+)", text(inbox.mails[1]))
    assert token
    members.reset_password(token[1], "another quite long password")


def test_another_address_is_confirmed_at_that_address(
    sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    made = member(session, is_verified=True, pending_email="new@example.com")
    member_jobs.confirm_other_address(member_events.AddressChangeAsked(made.id), delivery())
    assert inbox.only()["To"] == "new@example.com"


def test_nothing_goes_to_an_address_that_is_nobodys(
    sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    member(session, is_verified=True)
    member_jobs.offer_new_password(member_events.ResetAsked("nobody@example.com", "en"), delivery())
    member_jobs.confirm_again(member_events.VerificationAsked("nobody@example.com", "en"), delivery())
    member_jobs.confirm_again(member_events.VerificationAsked("amira@example.com", "en"), delivery())
    assert inbox.mails == []


def test_a_member_who_is_suspended_gets_no_mail(
    sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    made = member(session, status=MemberStatus.SUSPENDED.value)
    booking = book(session, member_id=made.id)
    for tell, event in (
        (member_jobs.confirm_new_address, member_events.MemberRegistered(made.id)),
        (member_jobs.tell_of_account, member_events.RegistrationRepeated(made.id)),
        (member_jobs.confirm_again, member_events.VerificationAsked(made.email, "en")),
        (member_jobs.welcome, member_events.MemberVerified(made.id)),
        (member_jobs.offer_new_password, member_events.ResetAsked(made.email, "en")),
        (member_jobs.tell_of_new_password, member_events.PasswordChanged(made.id)),
        (booking_jobs.tell_client_received, booking_events.BookingReceived(booking.id)),
    ):
        tell(event, delivery())  # type: ignore[operator]  # each takes its own event
    assert inbox.mails == []


def book(session: Session, **facts: object) -> Booking:
    package = PackageFactory(name="Garden party")
    translate(package, "de", name="Gartenfest")
    said = {
        "client_name": "Amira Haddad", "client_email": "client@example.com", "locale": "de",
        "package_id": package.id, "total_minor": 125000, "currency": "EUR", "guests": 80,
        "event_on": date(2027, 5, 24), "place": "Lisbon",
    }  # fmt: skip
    made: Booking = BookingFactory(**(said | facts))
    session.commit()
    return made


@pytest.mark.proves("S0.44", "S1.54")
def test_a_client_is_told_of_each_step_in_the_language_of_the_booking(
    sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    booking = book(session)
    booking_jobs.tell_client_received(booking_events.BookingReceived(booking.id), delivery())
    bookings.confirm(booking)
    session.commit()
    booking_jobs.tell_client_confirmed(booking_events.BookingConfirmed(booking.id), delivery())
    bookings.cancel(booking)
    session.commit()
    booking_jobs.tell_client_cancelled(booking_events.BookingCancelled(booking.id), delivery())

    received, confirmed, cancelled = inbox.mails
    for mail in inbox.mails:
        assert mail["To"] == "Amira Haddad <client@example.com>"
        assert mail["Content-Language"] == "de"
        assert "Montag, 24. Mai 2027" in text(mail)
        assert "Gartenfest" in text(mail)
        assert "1.250,00\xa0€" in text(mail)
    assert re.search(r"https?://\S+/public/booking/[\w-]{40,}", text(confirmed))
    files = [next(mail.iter_attachments()).get_content() for mail in (confirmed, cancelled)]
    (first,), (last,) = (Calendar.from_ical(file).walk("VEVENT") for file in files)
    assert first["DTSTART"].dt == date(2027, 5, 24)
    assert (first["UID"], first["SEQUENCE"] < last["SEQUENCE"]) == (last["UID"], True)
    assert list(received.iter_attachments()) == []


@pytest.mark.parametrize(("seconds", "subjects"), [(0, 1), (20, 2)])
def test_what_is_booked_and_confirmed_by_one_click_is_one_mail(
    sending: MailSettings, inbox: Inbox, session: Session, seconds: int, subjects: int
) -> None:
    booking = book(session)
    with time_machine.travel(booking.steps[0].at + timedelta(seconds=seconds)):
        bookings.confirm(booking)
        session.commit()
    booking_jobs.tell_client_received(booking_events.BookingReceived(booking.id), delivery())
    booking_jobs.tell_client_confirmed(booking_events.BookingConfirmed(booking.id), delivery())
    assert len(inbox.mails) == subjects
    assert [len(list(mail.iter_attachments())) for mail in inbox.mails][-1] == 1  # the one that confirms it


def test_what_is_no_longer_true_is_not_mailed(sending: MailSettings, inbox: Inbox, session: Session) -> None:
    booking = book(session)
    bookings.cancel(booking)
    session.commit()
    booking_jobs.tell_client_received(booking_events.BookingReceived(booking.id), delivery())
    booking_jobs.tell_client_confirmed(booking_events.BookingConfirmed(booking.id), delivery())
    booking_jobs.tell_staff(booking_events.BookingReceived(booking.id), delivery())
    booking_jobs.tell_client_received(booking_events.BookingReceived(new_id()), delivery())
    assert inbox.mails == []


def staff(name: str, role: str, locale: str = "") -> None:
    user = create_user(name, f"{name}@example.com", PASSWORD, [role], first_name=name, last_name="Staff")
    db.session.flush()
    if locale:
        prefer(user.id, locale=locale)


@pytest.mark.proves("S0.44")
def test_staff_who_handle_bookings_are_told_each_in_their_language(
    sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    staff("olga", "Booking operator", "es")
    staff("adam", "Admin", "ar")
    staff("edith", "Editor", "de")
    booking = book(session, message="Is there a ramp?")
    booking_jobs.tell_staff(booking_events.BookingReceived(booking.id), delivery())
    told = {mail["To"].addresses[0].addr_spec: mail for mail in inbox.mails}
    assert set(told) == {"olga@example.com", "adam@example.com"}
    assert told["olga@example.com"]["Content-Language"] == "es"
    assert told["adam@example.com"]["Content-Language"] == "ar"
    for mail in inbox.mails:
        assert mail["Reply-To"] == "client@example.com"
        assert f"https://festoon.example.com/bookings/{booking.id}" in text(mail)
        assert "> Is there a ramp?" in text(mail)
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 2


def test_one_of_the_staff_who_cannot_be_reached_keeps_no_other_from_it(
    sending: MailSettings, inbox: Inbox, session: Session, mail_is: Callable[..., MailSettings]
) -> None:
    mail_is(staff=("gone@example.com", "busy@example.com", "office@example.com"))
    booking, same = book(session), delivery()
    inbox.refusals = ["550 No such user", "451 Later"]
    with pytest.raises(PeerAway, match="451"):
        booking_jobs.tell_staff(booking_events.BookingReceived(booking.id), same)
    assert inbox.only()["To"] == "office@example.com"
    inbox.refusals = ["550 No such user"]
    with pytest.raises(Undeliverable, match="550"):
        booking_jobs.tell_staff(booking_events.BookingReceived(booking.id), same)
    assert [str(mail["To"]) for mail in inbox.mails] == ["office@example.com", "busy@example.com"]


def due(session: Session) -> list[UUID]:
    rows = session.scalars(select(OutboxRow).where(OutboxRow.topic == "booking.reminder_due"))
    return [UUID(row.payload["booking_id"]) for row in rows]


def test_a_client_is_reminded_once_some_days_before_in_the_morning_of_the_place(
    sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    """Three days before 24 May, eight o'clock in Sydney is the evening before in UTC."""
    with time_machine.travel(datetime(2027, 4, 1, tzinfo=UTC), tick=False):
        booking = book(session, time_zone="Australia/Sydney")
        unconfirmed = book(session, client_email="other@example.com")
        bookings.confirm(booking)
        session.commit()
    for moment, wanted in (
        (datetime(2027, 5, 19, 23, 5, tzinfo=UTC), []),
        (datetime(2027, 5, 20, 21, 5, tzinfo=UTC), []),
        (datetime(2027, 5, 20, 22, 5, tzinfo=UTC), [booking.id]),
        (datetime(2027, 5, 20, 23, 5, tzinfo=UTC), [booking.id]),
        (datetime(2027, 5, 22, 23, 5, tzinfo=UTC), [booking.id]),
    ):
        with time_machine.travel(moment, tick=False):
            booking_jobs.record_reminders()
            assert due(session) == wanted, moment
    assert unconfirmed.id not in due(session)
    event = booking_jobs.ReminderDue(booking.id, "2027-05-24")
    booking_jobs.remind_client(event, delivery())
    booking_jobs.remind_client(event, delivery())  # another delivery, the same day
    mail = inbox.only()
    assert mail["To"] == "Amira Haddad <client@example.com>"
    assert [file.get_content_type() for file in mail.iter_attachments()] == ["text/calendar"]


def test_a_booking_that_was_confirmed_just_now_or_moved_needs_no_reminder(
    sending: MailSettings, inbox: Inbox, session: Session, mail_is: Callable[..., MailSettings]
) -> None:
    noon = datetime(2027, 5, 22, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        booking = book(session)
        bookings.confirm(booking)
        session.commit()
        assert booking_jobs.record_reminders() == 0
    with time_machine.travel(noon + timedelta(hours=25), tick=False):
        mail_is(reminder_days=0)
        assert booking_jobs.record_reminders() == 0
        mail_is(reminder_days=3)
        assert booking_jobs.record_reminders() == 1
    booking.event_on = date(2027, 6, 30)
    session.commit()
    booking_jobs.remind_client(booking_jobs.ReminderDue(booking.id, "2027-05-24"), delivery())
    assert inbox.mails == []


def test_a_booking_in_another_language_than_ours_is_mailed_in_english(
    app: Flask, sending: MailSettings, inbox: Inbox, session: Session
) -> None:
    booking = book(session, locale="fr-CA")
    booking_jobs.tell_client_received(booking_events.BookingReceived(booking.id), delivery())
    assert inbox.only()["Content-Language"] == "en"
