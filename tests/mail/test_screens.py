"""The staff screens of the mails: who sees them, what they show, and that a mail in its frame can do nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.locales import SHIPPED
from app.kernel.outbox import Delivery, OutboxRow
from app.mail.checks import MISSING, describe, find_fault
from app.mail.events import SampleAsked
from app.mail.jobs import forget_old, send_sample
from app.mail.kinds import KINDS
from app.mail.models import KeptMail
from app.mail.settings import MailSettings
from tests.mail.conftest import Inbox, MailServer
from tests.mail.test_sending import post

Settings = Callable[..., MailSettings]


@pytest.fixture
def kept(mail_is: Settings, session: Session) -> KeptMail:
    """Keep a mail as development does."""
    mail_is(host="", keeps=True)
    post("booking_confirmed", "s-1", locale="de", to="client@example.com")
    return session.scalars(select(KeptMail)).one()


@pytest.mark.proves("S1.110")
def test_development_shows_every_mail_it_kept(kept: KeptMail, sign_in: Callable[[str], FlaskClient]) -> None:
    admin = sign_in("Admin")
    page = admin.get("/mails/").get_data(as_text=True)
    assert kept.subject in page
    assert "client@example.com" in page
    assert f'href="/mails/{kept.id}"' in page
    shown = admin.get(f"/mails/{kept.id}").get_data(as_text=True)
    assert f'src="/mails/{kept.id}/body?scheme=light"' in shown
    assert "booking.ics" in shown
    assert "Gartenfest" in admin.get(f"/mails/{kept.id}?view=text").get_data(as_text=True)
    assert "Auto-Submitted" in admin.get(f"/mails/{kept.id}?view=headers").get_data(as_text=True)
    raw = admin.get(f"/mails/{kept.id}/raw")
    assert raw.headers["Content-Disposition"] == "attachment; filename=mail.eml"
    assert message_from_bytes(raw.data, policy=default)["Message-ID"] == kept.message_id
    assert b"BEGIN:VCALENDAR" in admin.get(f"/mails/{kept.id}/0").data
    assert admin.get(f"/mails/{kept.id}/1").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=CLIENT@", True),
        ("q=nobody", False),
        ("q=%25", False),
        ("q=_", False),
        ("filter[kind]=booking_confirmed&filter[locale]=de", True),
        ("filter[kind]=welcome", False),
        ("filter[locale]=ar", False),
        ("filter[kind]=no-such-kind", True),
        ("page[after]=00000000-0000-7000-8000-000000000000", False),
        ("page[after]=nonsense", True),
    ],
)
def test_mails_are_found_by_words_kind_and_language(
    kept: KeptMail, sign_in: Callable[[str], FlaskClient], query: str, found: bool
) -> None:
    page = sign_in("Admin").get(f"/mails/?{query}", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert (str(kept.id) in page) is found


def test_a_list_of_many_is_read_page_by_page(
    mail_is: Settings, sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    mail_is(host="", keeps=True)
    for number in range(30):
        post("welcome", f"p-{number}", to=f"m{number}@example.com")
    admin, url, seen = sign_in("Admin"), "/mails/", []
    while url:
        page = admin.get(url).get_data(as_text=True)
        seen += re.findall(r">(m\d+@example\.com)<", page)
        following = re.search(r'href="(/mails/\?page%5Bafter%5D=[^"]+)"', page)
        url = following[1] if following else ""
    assert seen == [f"m{number}@example.com" for number in reversed(range(30))]


def test_production_lists_mails_without_what_was_in_them(
    sending: MailSettings, inbox: Inbox, sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    post("password_reset", "x-1")
    mail = session.scalars(select(KeptMail)).one()
    admin = sign_in("Admin")
    assert mail.subject in admin.get("/mails/").get_data(as_text=True)
    assert mail.message_id.strip("<>") in admin.get(f"/mails/{mail.id}").get_data(as_text=True)
    for path in ("body", "raw", "0"):
        assert admin.get(f"/mails/{mail.id}/{path}").status_code == 404


def check_shut_in(headers: dict[str, str]) -> None:
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert not re.search(r"script-src|allow-scripts|allow-same-origin|allow-forms|allow-top", policy)
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store, private"


def test_a_mail_in_its_frame_runs_nothing_and_asks_for_nothing(
    kept: KeptMail, sign_in: Callable[[str], FlaskClient]
) -> None:
    admin = sign_in("Admin")
    for path in (f"/mails/{kept.id}/body", "/mails/templates/welcome/body?lang=ar"):
        check_shut_in(dict(admin.get(path).headers))
    page = admin.get(f"/mails/{kept.id}")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.get_data(as_text=True)


@pytest.mark.proves("S1.50", "S1.51", "S1.53", "S1.54")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_an_example_in_every_language(
    kind: object, sign_in: Callable[[str], FlaskClient]
) -> None:
    translator, name = sign_in("Translator"), kind.name  # type: ignore[attr-defined]  # a Kind
    for lang in SHIPPED:
        for look in ("view=html&width=phone&scheme=dark", "view=text"):
            page = translator.get(f"/mails/templates/{name}?lang={lang}&{look}")
            assert page.status_code == 200
            assert "Send a test to me" not in page.get_data(as_text=True)
        body = translator.get(f"/mails/templates/{name}/body?lang={lang}&scheme=dark").get_data(as_text=True)
        assert f'<html lang="{lang}"' in body
        assert "prefers-color-scheme" not in body


def test_a_translator_sees_examples_and_no_mail(
    kept: KeptMail, sign_in: Callable[[str], FlaskClient]
) -> None:
    translator = sign_in("Translator")
    assert translator.get("/mails/").headers["Location"] == "/mails/templates/"
    assert translator.get(f"/mails/{kept.id}").status_code == 403
    assert translator.get(f"/mails/{kept.id}/raw").status_code == 403
    assert translator.post("/mails/templates/welcome/test").status_code == 403
    assert sign_in("Editor").get("/mails/templates/welcome").status_code == 403


@pytest.mark.parametrize(
    "path", ["/mails/templates/nothing", "/mails/nothing", "/mails/01990000-0000-7000-8000-000000000000"]
)
def test_what_is_not_there_is_not_found(sign_in: Callable[[str], FlaskClient], path: str) -> None:
    assert sign_in("Admin").get(path).status_code == 404


def test_a_test_goes_to_whoever_asked_for_it(
    sending: MailSettings, inbox: Inbox, sign_in: Callable[[str], FlaskClient], session: Session
) -> None:
    answer = sign_in("Admin").post("/mails/templates/booking_received/test", data={"lang": "hi"})
    assert answer.status_code == 303
    row = session.scalars(select(OutboxRow).where(OutboxRow.topic == SampleAsked.topic)).one()
    send_sample(SampleAsked.read(row.payload), Delivery(new_id(), 1, "mail.sample", "c0ffee-1"))
    assert inbox.only()["To"] == "admin@example.com"
    assert inbox.only()["Content-Language"] == "hi"


def test_mails_are_forgotten_after_a_month(kept: KeptMail, session: Session) -> None:
    from datetime import timedelta

    from app.kernel import clock

    assert forget_old() == 0
    kept.sent_at = clock.now() - timedelta(days=31)
    session.commit()
    assert forget_old() == 1


def test_the_doctor_says_what_keeps_mails_from_leaving(
    sending: MailSettings, mail_server: MailServer, mail_is: Settings
) -> None:
    from email.headerregistry import Address

    assert "Set MAIL_FROM" in find_fault(sending)
    ours = mail_is(sender=Address("Festoon", "hello", "festoon.example.com"))
    assert find_fault(ours) == ""
    assert describe(ours) == "The mail server 127.0.0.1 can be used."
    assert "Set FESTOON_SITE_URL" in find_fault(mail_is(site_url=f"{ours.public_url}/"))
    ours = mail_is(site_url="https://www.example.com/")
    mail_server.stop()
    assert "Mend SMTP_HOST" in find_fault(ours)
    assert find_fault(mail_is(host="")) == MISSING
    development = mail_is(host="", keeps=True)
    assert find_fault(development) == ""
    assert "/mails/" in describe(development)
