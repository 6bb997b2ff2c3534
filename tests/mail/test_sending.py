"""A mail arrives at a real server: once, in the reader's language, in both forms, with its headers."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, acting_as
from app.kernel.locales import SHIPPED
from app.kernel.outbox import PeerAway, Undeliverable
from app.mail import send
from app.mail.kinds import KINDS, Kind, kind_named
from app.mail.models import KeptMail
from app.mail.settings import MailSettings
from app.mail.wording import speaking
from tests.mail.conftest import Inbox


def post(
    kind: str, number: str = "1", to: str = "amira@example.com", locale: str = "en", **more: str
) -> bool:
    with speaking(locale):
        facts = dict(kind_named(kind).sample())
    return send(kind, to=to, locale=locale, facts=facts, number=number, **more)


def body(mail: EmailMessage, form: str) -> str:
    found = mail.get_body((form,))
    assert found is not None
    return str(found.get_content())


@pytest.mark.proves("S1.110", "S2.26", "S4.102")
@pytest.mark.parametrize("locale", SHIPPED)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_mail_arrives_in_its_language(
    sending: MailSettings, inbox: Inbox, kind: Kind, locale: str
) -> None:
    assert post(kind.name, f"{kind.name}.{locale}", locale=locale)
    mail = inbox.only()
    assert mail["Content-Language"] == locale
    assert mail.get_body(("plain",)) is not None
    assert f'lang="{locale}"' in body(mail, "html")
    assert sending.site_url in body(mail, "plain").replace("\n", "")
    assert [file.get_content_type() for file in mail.iter_attachments()] == (
        ["text/calendar"] * ((kind.calendar != "") + (kind.name == "booking_moved"))
    )


@pytest.mark.proves("S3.115")
def test_the_headers_say_who_when_and_why(sending: MailSettings, inbox: Inbox) -> None:
    with acting_as(Actor("job", "1", "job", "c0ffee-77")):
        assert post("welcome", "0199-aa", name="Amira Haddad", reply_to="office@example.com")
    mail = inbox.only()
    assert mail["From"] == "Festoon <no-reply@localhost>"
    assert mail["To"] == "Amira Haddad <amira@example.com>"
    assert mail["Reply-To"] == "office@example.com"
    assert mail["Subject"] == "Welcome to Festoon"
    assert mail["Message-ID"] == "<0199-aa@festoon.example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Correlation-ID"] == "c0ffee-77"
    assert parsedate_to_datetime(mail["Date"]).tzinfo is not None
    assert mail.get_content_type() == "multipart/alternative"
    assert inbox.envelopes[0].mail_from == "no-reply@localhost"
    assert inbox.envelopes[0].rcpt_tos == ["amira@example.com"]


def test_one_number_goes_out_once(sending: MailSettings, inbox: Inbox, session: Session) -> None:
    assert post("welcome", "n-1") is True
    assert post("welcome", "n-1") is False
    assert post("welcome", "n-2") is True
    assert [mail["Message-ID"] for mail in inbox.mails] == [
        "<n-1@festoon.example.com>",
        "<n-2@festoon.example.com>",
    ]
    assert session.scalars(select(KeptMail.number).order_by(KeptMail.number)).all() == ["n-1", "n-2"]


def test_the_message_id_of_a_retry_is_the_same(sending: MailSettings, inbox: Inbox) -> None:
    inbox.refusals = ["451 Try later"]
    with pytest.raises(PeerAway, match="451 Try later"):
        post("welcome", "n-3")
    assert post("welcome", "n-3")
    assert inbox.only()["Message-ID"] == "<n-3@festoon.example.com>"
    assert inbox.tries == 2


@pytest.mark.proves("S1.54")
def test_a_confirmation_brings_the_day_for_the_calendar(sending: MailSettings, inbox: Inbox) -> None:
    post("booking_confirmed", "c-1", locale="de")
    post("booking_cancelled", "c-2", locale="de")
    confirmed, cancelled = (
        Calendar.from_ical(next(mail.iter_attachments()).get_content()) for mail in inbox.mails
    )
    (booked,), (gone,) = confirmed.walk("VEVENT"), cancelled.walk("VEVENT")
    day = kind_named("booking_confirmed").sample()["booking"].day
    assert (confirmed["METHOD"], cancelled["METHOD"]) == ("PUBLISH", "CANCEL")
    assert booked["UID"] == gone["UID"]
    assert booked["UID"].endswith("@festoon.example.com")
    assert int(gone["SEQUENCE"]) > int(booked["SEQUENCE"])
    assert (booked["STATUS"], gone["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert booked["DTSTART"].dt == day
    assert (booked["DTEND"].dt - day).days == 1
    assert str(booked["LOCATION"]) == "Quinta da Boa Vista, Sintra"
    assert str(booked["ORGANIZER"]) == "mailto:no-reply@localhost"
    file = next(inbox.mails[0].iter_attachments())
    assert file.get_filename() == "booking.ics"
    assert file["Content-Type"].params["method"] == "PUBLISH"


@pytest.mark.parametrize(
    "name",
    [
        "Amira\r\nBcc: all@example.com",
        "Amira\nSubject: free",
        "A\x00B",
        "\u202eevil",
        "A\u2028Bcc: x@example.com",
    ],
)
def test_a_name_cannot_begin_a_header(sending: MailSettings, inbox: Inbox, name: str) -> None:
    from dataclasses import replace

    facts = dict(kind_named("staff_notice").sample())
    facts["booking"] = replace(facts["booking"], client=name, place=name)
    send(
        "staff_notice", to="staff@example.com", locale="en", facts=facts, number="i-1", name=name,
        reply_to=f"amira@example.com{name[5:]}",
    )  # fmt: skip
    mail = inbox.only()
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1
    assert "\u202e" not in mail["Subject"]
    assert inbox.envelopes[0].rcpt_tos == ["staff@example.com"]


def test_a_domain_in_another_script_is_written_as_mail_servers_want_it(
    sending: MailSettings, inbox: Inbox
) -> None:
    post("welcome", "u-1", to="info@bücher.example")
    assert inbox.envelopes[0].rcpt_tos == ["info@xn--bcher-kva.example"]


def test_an_address_in_another_script_goes_to_a_server_that_takes_it(
    sending: MailSettings, inbox: Inbox
) -> None:
    post("welcome", "u-2", to="दिवाली@example.com")
    assert inbox.envelopes[0].rcpt_tos == ["दिवाली@example.com"]
    assert "दिवाली@example.com" in str(inbox.only()["To"])


@pytest.mark.parametrize(
    "address", ["", "nobody", "a b@example.com", "a@b@example.com", "x@-.example", "a@\r\nb"]
)
def test_what_is_no_address_is_given_up(sending: MailSettings, inbox: Inbox, address: str) -> None:
    with pytest.raises(Undeliverable, match="no address"):
        post("welcome", "u-3", to=address)
    assert inbox.tries == 0


def test_links_come_from_the_settings_whatever_host_was_asked_for(
    app: Flask, sending: MailSettings, inbox: Inbox
) -> None:
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        post("password_reset", "h-1")
    mail = inbox.only()
    assert "https://www.example.com/party/#reset=" in body(mail, "plain")
    assert "evil.example" not in mail.as_string()


def test_production_keeps_no_mail_and_development_does(
    sending: MailSettings, session: Session, mail_is: Callable[..., MailSettings]
) -> None:
    post("password_reset", "k-1")
    mail_is(host="", keeps=True)
    post("password_reset", "k-2")
    kept = {mail.number: mail.raw for mail in session.scalars(select(KeptMail))}
    assert kept["k-1"] is None
    assert b"reset=3D" in (kept["k-2"] or b"") or b"reset=" in (kept["k-2"] or b"")


def test_production_without_a_mail_server_lets_mails_wait(
    mail_is: Callable[..., MailSettings], session: Session
) -> None:
    mail_is(host="", keeps=False)
    with pytest.raises(PeerAway, match="Set SMTP_HOST"):
        post("welcome", "w-1")
    assert session.scalars(select(KeptMail)).all() == []
