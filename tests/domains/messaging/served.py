"""The program as it runs: gunicorn with its threads, one process or two, a real Valkey between them."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import requests
import socketio
import websocket
from requests.adapters import HTTPAdapter
from socketio.exceptions import ConnectionError as NotConnected

from app.kernel.settings import ROOT, Settings
from app.up.commands import web
from tests.conftest import PASSWORD

UP_SECONDS = 60
_NUMBERS = count(1)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


class _From(HTTPAdapter):
    """Asks from an own address of this machine: sign-ins and sessions are counted by address."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(self.address, 0), **named)


def from_another_address() -> requests.Session:
    """Make a browser at an address of its own.

    Each request has a connection of its own: a kept one may be ended by the server in the very moment when a
    test that waited as long as that asks again, and this library would not ask twice.
    """
    number = next(_NUMBERS)
    browser = requests.Session()
    browser.headers["Connection"] = "close"
    browser.mount("http://", _From(f"127.2.{number // 250}.{number % 250 + 1}"))
    return browser


class Served:
    """One web process, started as `make run` starts it."""

    def __init__(self, folder: Path, environment: dict[str, str], **settings: Any) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        made = Settings(port=self.port, host="127.0.0.1", **settings)
        given = {
            "FESTOON_SOCKETS": str(made.sockets),
            "FESTOON_SOCKETS_PER_ADDRESS": str(made.sockets_per_address),
            "FESTOON_WEB_THREADS": str(made.web_threads),
            "FESTOON_DATABASE_POOL": "8",
            "PORT": str(self.port),
        }
        self.log = folder / f"web-{self.port}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                web(made),
                cwd=ROOT,
                env={**os.environ, **environment, **given},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + UP_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.base}/health/live", timeout=2):
                return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self) -> float:
        """Ask it to stop; gives the seconds it took."""
        began = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return time.monotonic() - began

    def session(self) -> str:
        """Begin a visitor's session; give its token."""
        with from_another_address() as somebody:
            answer = somebody.post(f"{self.base}/public/v1/sessions", json={}, timeout=10)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    def sign_in(self, username: str) -> Desk:
        """Sign a staff user in."""
        return Desk(self, username)


class Desk:
    """A staff user's browser: its session, its form token, what its pages send."""

    def __init__(self, served: Served, username: str) -> None:
        self.served = served
        self.browser = from_another_address()
        form = {"username": username, "password": PASSWORD, "csrf_token": self._token("/login/")}
        answer = self.browser.post(f"{served.base}/login/", data=form, timeout=10, allow_redirects=False)
        assert answer.status_code in (302, 303), answer.text[:500]
        self.browser.headers["X-CSRFToken"] = self._token("/")

    def _token(self, path: str) -> str:
        page = self.browser.get(f"{self.served.base}{path}", timeout=10).text
        return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

    @property
    def cookie(self) -> str:
        """Give the cookies as the browser sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())

    def headers(self, served: Served | None = None) -> dict[str, str]:
        """Give what a page of ours sends when it opens a socket."""
        return {"Cookie": self.cookie, "Origin": (served or self.served).base}

    def ask(
        self, method: str, path: str, body: Any = None, served: Served | None = None
    ) -> requests.Response:
        """Ask the staff API."""
        return self.browser.request(method, f"{(served or self.served).base}{path}", json=body, timeout=10)

    def close(self) -> None:
        """Close the browser."""
        self.browser.close()

    def answer(self, conversation: str, text: str, served: Served | None = None, **more: Any) -> int:
        """Answer in a conversation; gives the status."""
        body = {"conversation": conversation, "text": text, **more}
        return self.ask("POST", "/api/v1/chat/respond", body, served).status_code


class Peer:
    """A client by the library that apps use; it notes what it hears."""

    def __init__(
        self,
        served: Served,
        namespace: str = "/public",
        auth: Any = None,
        transports: tuple[str, ...] = ("websocket",),
        headers: dict[str, str] | None = None,
    ) -> None:
        self.namespace = namespace
        self.heard: list[tuple[str, Any]] = []
        self.refusal: Any = None
        given = dict(headers or {})
        origin = given.get("Origin")
        if transports == ("websocket",):  # its library would name an origin of its own beside ours
            given.pop("Origin", None)
        line = {"origin": origin} if origin else {"suppress_origin": True}
        self._lines: list[websocket.WebSocket] = []
        self.client = socketio.Client(reconnection=False, websocket_extra_options=line)
        self.client.on("*", self._hear, namespace=namespace)
        self.client.on("connect_error", self._refused, namespace=namespace)
        try:
            with self._keeping_lines():
                self.client.connect(
                    served.base,
                    namespaces=[namespace],
                    auth=auth,
                    transports=list(transports),
                    headers=given,
                    wait_timeout=10,
                )
        except NotConnected:
            self.close()
            raise

    @contextlib.contextmanager
    def _keeping_lines(self) -> Iterator[None]:
        """Know the connections that the library opens, for it forgets some of them open."""
        given = websocket.create_connection

        def create(*arguments: Any, **named: Any) -> websocket.WebSocket:
            self._lines.append(given(*arguments, **named))
            return self._lines[-1]

        with mock.patch.object(websocket, "create_connection", create):
            yield

    def _hear(self, event: str, facts: Any = None) -> None:
        self.heard.append((event, facts))

    def _refused(self, facts: Any = None) -> None:
        self.refusal = facts

    def ask(self, event: str, facts: Any = None, seconds: float = 10) -> Any:
        """Send an event and give its acknowledgement."""
        return self.client.call(event, facts, namespace=self.namespace, timeout=seconds)

    def said(self, event: str) -> list[Any]:
        """List what was heard under a name."""
        return [facts for name, facts in list(self.heard) if name == event]

    def wait_for(self, event: str, seconds: float = 8, **expected: Any) -> Any:
        """Wait until an event with these facts was heard."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for facts in self.said(event):
                if all(facts.get(name) == value for name, value in expected.items()):
                    return facts
            time.sleep(0.01)
        raise AssertionError(f"no {event} with {expected} in {self.heard}")

    @property
    def is_connected(self) -> bool:
        """Tell whether the namespace is entered still."""
        return bool(self.client.connected and self.namespace in self.client.namespaces)

    def until_gone(self, seconds: float = 8) -> float:
        """Wait until the server ends the connection; give the seconds it took."""
        began = time.monotonic()
        while self.is_connected:
            assert time.monotonic() - began < seconds, "still connected"
            time.sleep(0.02)
        return time.monotonic() - began

    def close(self) -> None:
        """Disconnect, and let go of what the library keeps open."""
        self.client.disconnect()
        for line in self._lines:
            line.shutdown()
        if self.client.eio.http is not None:
            self.client.eio.http.close()


def program(folder: Path, database: str, valkey: str) -> dict[str, str]:
    """Give the environment of a program on a database and a Valkey."""
    return {
        "DATABASE_URL": database.replace("postgresql+psycopg://", "postgresql://"),
        "REDIS_URL": valkey,
        "SECRET_KEY": "k" * 24 + "0123456789abcdefghijklmn",
        "FESTOON_DATA_DIR": str(folder / "data"),
        "FESTOON_UPLOAD_DIR": str(folder / "uploads"),
        "FESTOON_LOG_FORMAT": "json",
        "FESTOON_DEMO": "false",
        "PYTHONPATH": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
