"""What must hold of the settings for mails before anything starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

WAYS = ("starttls", "tls", "none")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f-\U0010ffff]+@[A-Za-z0-9.-]+")


def is_address(text: str) -> bool:
    """Tell whether a setting is one plain address, a name before it allowed."""
    name, address = parseaddr(text)
    return bool(_ADDRESS.fullmatch(address)) and not re.search(r"[\r\n\x00]", name + text)


def check_mail(settings: Any) -> Iterator[str]:
    """List what must be mended."""
    if settings.smtp_tls not in WAYS:
        yield f"SMTP_TLS is {settings.smtp_tls!r}; set it to {', '.join(WAYS[:-1])} or {WAYS[-1]}."
    if not 0 < settings.smtp_port < 65_536:
        yield f"SMTP_PORT is {settings.smtp_port}; set it to a number from 1 to 65535."
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        yield "SMTP_USER and SMTP_PASSWORD belong together; set both or neither."
    if settings.smtp_user and settings.smtp_tls == "none" and settings.is_production:
        yield "SMTP_TLS is none, which would send SMTP_PASSWORD in the clear. Set it to starttls or tls."
    if not is_address(settings.mail_from):
        yield "MAIL_FROM must be an address, such as Festoon <hello@festoon.example.com>."
    if settings.mail_reply_to and not is_address(settings.mail_reply_to):
        yield "MAIL_REPLY_TO must be an address, such as office@festoon.example.com."
    for address in settings.mail_staff:
        if not is_address(address):
            yield f"FESTOON_MAIL_STAFF names {address!r}, which is no address."
    if not 0 <= settings.reminder_days <= 14:
        yield "FESTOON_REMINDER_DAYS must be from 0 to 14."
