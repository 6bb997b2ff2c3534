"""The panels of what was said with a booking's client, and of the papers and mails that they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user

from app.access import rows
from app.access.rights import may
from app.domains.bookings import queries
from app.domains.messaging.queries import conversations_with
from app.domains.messaging.resources import conversations
from app.mail.queries import Asked, mails
from app.surfaces.records import wording
from app.surfaces.screens.record_panels import RecordPanel
from app.web.mail_pages import LIST, label_of

MOST = 8


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A conversation: who, its last words, when, and where it is read."""

    name: str
    excerpt: str
    when: str
    is_open: bool
    url: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Something to open or to download."""

    label: str
    url: str
    icon: str
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail that went to the client."""

    kind: str
    subject: str
    when: str
    url: str


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """bookings/_papers.html."""

    papers: tuple[Paper, ...]
    mails: tuple[MailLine, ...]
    sees_mails: bool


def talk_panel(booking: Any) -> RecordPanel | None:
    """Show the conversations of the booking's member, or of who wrote from the client's address."""
    if not may("list", conversations.name):
        return None
    allowed = rows.condition(conversations.name, current_user, conversations.model)
    found = conversations_with(booking.member_id, booking.client_email, allowed, MOST)
    locale, may_read = wording.reader(), may("show", conversations.name)
    lines = tuple(
        TalkLine(
            name=row.visitor_name,
            excerpt=row.last_excerpt,
            when=wording.ago(row.last_message_at, locale),
            is_open=row.status == "open",
            url=f"/{conversations.path}/{row.id}" if may_read else "",
        )
        for row in found
    )
    return RecordPanel("messages", _("Messages"), "bookings/_talk.html", lines)


def paper_panel(booking: Any) -> RecordPanel | None:
    """Show what there is to print, to keep and to read again."""
    here = f"/bookings/{booking.id}"
    papers = [
        Paper(_("Confirmation to print"), f"{here}/confirmation", "printer"),
        Paper(_("Calendar file"), f"{here}/calendar-file", "calendar-plus"),
    ]
    if may("renew_link", "booking") and queries.has_link(booking.event_on):
        page = queries.client_page(booking.id, booking.link_serial)
        papers.insert(0, Paper(_("The booking as its client sees it"), page, "external-link", True))
    sees_mails = may("list", "mail")
    lines = tuple(_mails(booking)) if sees_mails else ()
    return RecordPanel(
        "papers", _("Documents"), "bookings/_papers.html", PaperFacts(tuple(papers), lines, sees_mails)
    )


def _mails(booking: Any) -> Iterator[MailLine]:
    """List the mails that went to the client's address since the booking came."""
    locale = wording.reader()
    for mail in mails(Asked(words=booking.client_email), MOST):
        if mail.sent_at >= booking.created_at:
            yield MailLine(
                label_of(mail.kind), mail.subject, wording.ago(mail.sent_at, locale), f"{LIST}{mail.id}"
            )
