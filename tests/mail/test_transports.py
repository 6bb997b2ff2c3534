"""Mail servers that are down, slow, strict or impostors."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from app.kernel.outbox import PeerAway, Undeliverable
from app.mail import transports
from app.mail.settings import MailSettings
from tests.mail.conftest import Inbox, MailServer, free_port
from tests.mail.test_sending import post


def test_a_server_that_is_down_is_tried_again(
    sending: MailSettings, mail_server: MailServer, inbox: Inbox
) -> None:
    mail_server.stop()
    with pytest.raises(PeerAway, match="ConnectionRefusedError"):
        post("welcome", "d-1")
    mail_server.start()
    assert post("welcome", "d-1")
    assert inbox.only()["Message-ID"] == "<d-1@festoon.example.com>"


@pytest.mark.parametrize("answer", ["550 No such user here", "553 Never", "521 No mail"])
def test_an_address_that_the_server_refuses_for_good_is_given_up(
    sending: MailSettings, inbox: Inbox, answer: str
) -> None:
    inbox.refusals = [answer]
    with pytest.raises(Undeliverable, match=answer):
        post("welcome", "r-1")


@pytest.mark.parametrize("answer", ["421 Too busy", "450 Greylisted", "452 Full"])
def test_an_address_that_the_server_puts_off_is_tried_again(
    sending: MailSettings, inbox: Inbox, answer: str
) -> None:
    inbox.refusals = [answer]
    with pytest.raises(PeerAway):
        post("welcome", "r-2")
    assert post("welcome", "r-2")
    assert len(inbox.mails) == 1


class Script:
    """A server that says prepared lines and then is silent, or hangs up."""

    def __init__(self, lines: list[bytes], *, hangs_up: bool = False) -> None:
        self.lines, self.hangs_up = lines, hangs_up
        self.heard: list[bytes] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _address = self.listening.accept()
        with connection:
            reader = connection.makefile("rb")
            for line in self.lines:
                connection.sendall(line)
                if line.startswith(b"354"):
                    while reader.readline() not in (b".\r\n", b""):
                        pass
                else:
                    self.heard.append(reader.readline())
            if not self.hangs_up:
                self.is_over.wait(30)
            reader.close()

    def close(self) -> None:
        self.is_over.set()
        self.thread.join(5)
        self.listening.close()


@pytest.fixture
def script() -> Iterator[Callable[..., Script]]:
    made: list[Script] = []

    def make(*lines: bytes, hangs_up: bool = False) -> Script:
        made.append(Script(list(lines), hangs_up=hangs_up))
        return made[-1]

    yield make
    for found in made:
        found.close()


@pytest.mark.parametrize(
    "said", [[], [b"220 hello\r\n"], [b"220 hello\r\n", b"250 hello\r\n", b"250 ok\r\n"]]
)
def test_a_server_that_hangs_is_left_after_the_timeout(
    sending: MailSettings,
    mail_is: Callable[..., MailSettings],
    script: Callable[..., Script],
    monkeypatch: pytest.MonkeyPatch,
    said: list[bytes],
) -> None:
    assert transports.TIMEOUT == 10.0
    monkeypatch.setattr(transports, "TIMEOUT", 0.4)
    mail_is(port=script(*said).port)
    began = time.monotonic()
    with pytest.raises(PeerAway, match=r"Timeout|timed out"):
        post("welcome", "s-1")
    assert time.monotonic() - began < 3


def test_a_mail_is_sent_once_the_server_took_it_whatever_it_does_then(
    sending: MailSettings, mail_is: Callable[..., MailSettings], script: Callable[..., Script]
) -> None:
    lines = (
        b"220 hello\r\n",
        b"250 hello\r\n",
        b"250 ok\r\n",
        b"250 ok\r\n",
        b"354 go on\r\n",
        b"250 taken\r\n",
    )
    server = script(*lines, hangs_up=True)
    mail_is(port=server.port)
    assert post("welcome", "q-1") is True
    assert post("welcome", "q-1") is False


def test_an_address_that_needs_more_than_the_server_can_is_given_up(
    sending: MailSettings, mail_is: Callable[..., MailSettings], script: Callable[..., Script]
) -> None:
    mail_is(port=script(b"220 hello\r\n", b"250 hello\r\n").port)
    with pytest.raises(Undeliverable, match="SMTPUTF8"):
        post("welcome", "q-2", to="दिवाली@example.com")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate of 127.0.0.1 that nobody vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    public, private = folder / "mail.pem", folder / "mail.key"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made += ["-subj", "/CN=mail.test", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    subprocess.run([*made, "-keyout", private, "-out", public], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def test_a_server_is_believed_only_with_a_certificate(
    sending: MailSettings,
    mail_is: Callable[..., MailSettings],
    certificate: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    public, context = certificate
    server = MailServer(free_port(), Inbox(), {"tls_context": context, "require_starttls": True})
    server.start()
    try:
        mail_is(port=server.port, tls="starttls")
        with pytest.raises(PeerAway, match="CERTIFICATE_VERIFY_FAILED"):
            post("welcome", "t-1")
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
        assert post("welcome", "t-1")
        assert len(server.inbox.mails) == 1
    finally:
        server.stop()


def test_without_the_wished_encryption_nothing_is_sent(
    sending: MailSettings, inbox: Inbox, mail_is: Callable[..., MailSettings]
) -> None:
    mail_is(tls="starttls", user="festoon", password="geheim-4711")
    with pytest.raises(PeerAway, match="STARTTLS"):
        post("welcome", "t-2")
    assert inbox.tries == 0


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_that_the_server_refuses_is_not_told(
    sending: MailSettings, mail_is: Callable[..., MailSettings]
) -> None:
    def judge(_server: object, _session: object, _envelope: object, _way: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == b"right", handled=False)

    options = {"authenticator": judge, "auth_require_tls": False, "auth_required": True}
    server = MailServer(free_port(), Inbox(), options)
    server.start()
    try:
        mail_is(port=server.port, user="festoon", password="wrong-canary-4711")
        with pytest.raises(PeerAway, match="535") as caught:
            post("welcome", "t-3")
        assert "canary" not in str(caught.value)
        mail_is(port=server.port, user="festoon", password="right")
        assert post("welcome", "t-3")
        assert len(server.inbox.mails) == 1
    finally:
        server.stop()
