"""Whether mails can leave, and what to mend where they cannot."""

from __future__ import annotations

import os
from typing import Any

import structlog

from app.kernel import logs
from app.kernel.outbox import PeerAway
from app.mail.settings import MailSettings
from app.mail.transports import Smtp

MISSING = "No mail server is named: mails wait, and are given up after three days. Set SMTP_HOST."
_SERVING = ("web", "worker")
log: Any = structlog.get_logger("festoon.mail")


def find_fault(settings: MailSettings) -> str:
    """Say what keeps mails from leaving, or ""; the mail server is asked, and no mail is sent."""
    if not settings.host:
        return "" if settings.keeps else MISSING
    if not settings.keeps and settings.sender.domain == "localhost":
        return f"Mails are written by {settings.sender.addr_spec}, which nobody can answer. Set MAIL_FROM."
    if not settings.keeps and settings.site_url == f"{settings.public_url}/":
        return "Links in mails lead to the staff side. Set FESTOON_SITE_URL to the site of the public."
    try:
        Smtp(settings).greet()
    except PeerAway as error:
        return f"{error} Mend SMTP_HOST, SMTP_PORT, SMTP_TLS, SMTP_USER and SMTP_PASSWORD."
    return ""


def describe(settings: MailSettings) -> str:
    """Say where mails go when nothing is wrong."""
    if settings.host:
        return f"The mail server {settings.host} can be used."
    return "Mails are kept to be looked at under /mails/, and go to nobody. Set SMTP_HOST to send them."


def warn_at_start(settings: MailSettings) -> None:
    """Tell the log of a serving process that mails cannot leave."""
    if not settings.host and not settings.keeps and os.environ.get(logs.PROCESS) in _SERVING:
        log.warning("mails wait", cause=MISSING)
