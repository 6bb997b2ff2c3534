"""The ways a mail leaves: by SMTP, or nowhere but into our own record while developing."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol

from app.kernel.outbox import PeerAway, Undeliverable
from app.mail.settings import MailSettings

TIMEOUT = 10.0
"""Seconds that each answer of a mail server may take."""


class Transport(Protocol):
    """A way out. `keeps` tells that what is delivered has to be kept whole, for it goes no further."""

    keeps: bool

    def deliver(self, message: EmailMessage, to: Address) -> None:
        """Hand a mail over; raises PeerAway when it can be tried again, Undeliverable when it cannot."""


class Smtp:
    """A mail server. One connection a mail: they are few, and a worker's child lives for one job."""

    keeps: bool = False

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings

    def deliver(self, message: EmailMessage, to: Address) -> None:
        """Send it; an answer of 250 to the data is what counts, whatever comes after it."""
        server = self._connect()
        try:
            server.send_message(message, self.settings.sender.addr_spec, [to.addr_spec])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            server.close()
            raise judge(error) from error
        with suppress(smtplib.SMTPException, OSError):
            server.quit()

    def greet(self) -> None:
        """Reach the server and leave it again; raises PeerAway."""
        server = self._connect()
        with suppress(smtplib.SMTPException, OSError):
            server.quit()

    def _connect(self) -> smtplib.SMTP:
        """Reach the server; without the wished encryption nothing is said to it."""
        settings, context = self.settings, ssl.create_default_context()
        server: smtplib.SMTP | None = None
        try:
            if settings.tls == "tls":
                server = smtplib.SMTP_SSL(
                    settings.host, settings.port, settings.domain, timeout=TIMEOUT, context=context
                )
            else:
                server = smtplib.SMTP(settings.host, settings.port, settings.domain, timeout=TIMEOUT)
            if settings.tls == "starttls":
                server.starttls(context=context)
            if settings.user:
                server.login(settings.user, settings.password)
        except (smtplib.SMTPException, OSError) as error:
            if server is not None:
                server.close()
            raise PeerAway(f"The mail server {settings.host} cannot be used: {told(error)}") from error
        return server


class Kept:
    """No way out: while developing, mails are looked at in the staff screens."""

    keeps: bool = True

    def deliver(self, message: EmailMessage, to: Address) -> None:
        """Let it be kept."""


class Missing:
    """No way out, where mails must not be kept."""

    keeps: bool = False

    def deliver(self, message: EmailMessage, to: Address) -> None:  # noqa: ARG002  # it comes to nothing
        """Let it wait."""
        raise PeerAway("No mail server is named, so mails wait. Set SMTP_HOST.")


def transport_of(settings: MailSettings) -> Transport:
    """Choose the way out."""
    if settings.host:
        return Smtp(settings)
    return Kept() if settings.keeps else Missing()


def judge(error: Exception) -> Exception:
    """Tell whether another try could succeed: a server's 5xx to the address or the mail is its last word."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, answer),) = error.recipients.values()
        error = smtplib.SMTPResponseException(code, answer)
    elif isinstance(error, smtplib.SMTPSenderRefused):
        return PeerAway(f"The mail server refuses MAIL_FROM: {told(error)}")
    elif isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        return Undeliverable(f"The mail server does not take such an address: {told(error)}")
    if isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600:
        return Undeliverable(f"The mail server refused: {told(error)}")
    return PeerAway(f"The mail server did not take it: {told(error)}")


def told(error: Exception) -> str:
    """Word an error of the mail server shortly."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
        return f"{error.smtp_code} {' '.join(text.split())}"[:300]
    return f"{type(error).__name__}: {error}".removesuffix(": ")[:300]
