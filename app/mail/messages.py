"""A mail as it travels: headers, both forms, files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.kernel import clock
from app.mail.addresses import one_line
from app.mail.calendars import Attachment
from app.mail.composing import Mail
from app.mail.settings import MailSettings

_ODD = re.compile(r"[^A-Za-z0-9._-]")


def message_of(
    mail: Mail,
    to: Address,
    number: str,
    settings: MailSettings,
    *,
    reply_to: str = "",
    correlation_id: str = "",
    more: Sequence[Attachment] = (),
) -> EmailMessage:
    """Address a mail. Its Message-ID is made of the number alone, so that a second copy is known as one."""
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.sender
    message["To"] = to
    if answer := reply_to or settings.reply_to:
        message["Reply-To"] = one_line(answer)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = message_id(number, settings)
    message["Auto-Submitted"] = "auto-generated"
    if correlation_id:
        message["X-Correlation-ID"] = _ODD.sub("", correlation_id)[:64]
    message.set_content(mail.text, subtype="plain", charset="utf-8")
    message.add_alternative(mail.html, subtype="html", charset="utf-8")
    for file in (*mail.attachments, *more):
        main, _, sub = file.type.partition("/")
        params = dict(file.parameters) | ({"charset": "utf-8"} if main == "text" else {})
        message.add_attachment(file.content, main, sub, filename=file.name, params=params)
    message["Content-Language"] = mail.locale  # last: a new part takes such headers with it
    return message


def message_id(number: str, settings: MailSettings) -> str:
    """Give the Message-ID of a number."""
    return f"<{_ODD.sub('-', number)}@{settings.domain}>"
