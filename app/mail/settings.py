"""How mails leave and what they say of us, read from the program's settings."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import urlsplit

from flask import current_app

from app.kernel.settings import Settings

PRODUCT = "Festoon"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The way out (`host` is empty where there is none), who writes, and where the links lead.

    `keeps` tells that mails may be stored whole: in development alone, for they hold the keys to accounts.
    """

    host: str
    port: int
    user: str
    password: str
    tls: str
    sender: Address
    reply_to: str
    public_url: str
    site_url: str
    keeps: bool
    staff: tuple[str, ...] = ()
    reminder_days: int = 3

    @property
    def brand(self) -> str:
        """Give the name under which we write."""
        return self.sender.display_name or PRODUCT

    @property
    def domain(self) -> str:
        """Give the host that the numbers of our mails belong to."""
        return urlsplit(self.public_url).hostname or "localhost"


def mail_settings(settings: Settings, public_url: str) -> MailSettings:
    """Make them of the program's settings; `public_url` is how the outside reaches it."""
    name, address = parseaddr(settings.mail_from)
    base = public_url.rstrip("/")
    sample = f"{base}/" if settings.is_production else f"{base}/sample/"
    return MailSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password,
        tls=settings.smtp_tls,
        sender=Address(display_name=name, addr_spec=address),
        reply_to=settings.mail_reply_to,
        public_url=base,
        site_url=settings.site_url or sample,
        keeps=not settings.is_production,
        staff=settings.mail_staff,
        reminder_days=settings.reminder_days,
    )


def current_settings() -> MailSettings:
    """Give those of this application."""
    found: MailSettings = current_app.config["MAIL"]
    return found
