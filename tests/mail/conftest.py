"""A real mail server for the mails of tests, and a program that sends to it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from app.mail.settings import MailSettings


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Inbox:
    """What the server took. `refusals` are answered, one a mail, before any is taken."""

    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    tries: int = 0

    async def handle_RCPT(  # noqa: N802  # the server library wants it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # the same
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.envelopes.append(envelope)
        self.mails.append(message_from_bytes(content, policy=default))  # type: ignore[arg-type]
        return "250 Message accepted"

    def only(self) -> EmailMessage:
        """Give the mail that came, which must be the only one."""
        assert len(self.mails) == 1
        return self.mails[0]


@dataclass
class MailServer:
    """A mail server that can be stopped and started again on its port."""

    port: int
    inbox: Inbox
    options: dict[str, Any] = field(default_factory=dict)
    controller: Controller | None = None

    def start(self) -> None:
        """Listen."""
        self.controller = Controller(self.inbox, hostname="127.0.0.1", port=self.port, **self.options)
        self.controller.start()

    def stop(self) -> None:
        """Stop listening."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Run a mail server."""
    server = MailServer(free_port(), Inbox(), {"enable_SMTPUTF8": True, "decode_data": False})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def inbox(mail_server: MailServer) -> Inbox:
    """Give what arrives at the mail server."""
    return mail_server.inbox


@pytest.fixture
def mail_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., MailSettings]:
    """Change the settings for mails: `mail_is(host="", keeps=True)`."""

    def change(**facts: Any) -> MailSettings:
        settings = replace(app.config["MAIL"], **facts)
        monkeypatch.setitem(app.config, "MAIL", settings)
        return settings

    return change


@pytest.fixture
def sending(mail_server: MailServer, mail_is: Callable[..., MailSettings]) -> MailSettings:
    """Let the program send to the mail server, as production would."""
    return mail_is(
        host="127.0.0.1",
        port=mail_server.port,
        tls="none",
        public_url="https://festoon.example.com",
        site_url="https://www.example.com/party/",
        keeps=False,
    )
