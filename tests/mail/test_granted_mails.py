"""What is paid back by goodwill is told to the client: once, the sum, in their language, and not staff's reason."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domains.payments import service
from app.domains.payments.queries import refunds_of
from app.kernel.values import Money
from app.mail.settings import MailSettings
from tests.domains.payments.steps import book, pay
from tests.domains.rooms import stored_room
from tests.mail.conftest import Inbox
from tests.outbox import deliver_all


def to_bob(inbox: Inbox) -> list[tuple[str, str]]:
    """Give subject and text of what the client got."""
    found = []
    for mail in inbox.mails:
        body = mail.get_body(("plain",))
        if "bob@example.com" in mail["To"] and body is not None:
            found.append((str(mail["Subject"]), str(body.get_content())))
    return found


def test_the_client_is_told_the_sum_once_and_not_why(
    session: Session, sending: MailSettings, inbox: Inbox
) -> None:
    booking = book(session, stored_room(session, name="Blue hall"))
    pay(booking, 5000)
    pay(booking, 3000)
    session.commit()
    deliver_all()
    inbox.mails.clear()
    service.grant_refund(booking, Money(4000, "EUR"), "She shouted at the cook")
    session.commit()
    deliver_all()
    deliver_all()
    ((subject, text),) = to_bob(inbox)
    assert subject == "We pay €40.00 back to you"
    assert "Blue hall" in text and "/public/booking/" in text
    assert "shouted" not in text


def test_what_was_withdrawn_before_the_mail_went_is_not_told(
    session: Session, sending: MailSettings, inbox: Inbox
) -> None:
    booking = book(session, stored_room(session))
    pay(booking, 8000)
    session.commit()
    deliver_all()
    inbox.mails.clear()
    service.grant_refund(booking, Money(4000, "EUR"), "Cold food")
    (refund,) = refunds_of(session, booking.id)
    service.withdraw_refund(refund, "A mistake")
    session.commit()
    deliver_all()
    assert to_bob(inbox) == []
