"""A contestant's server while it runs: started, signed in to, asked, stopped."""

from __future__ import annotations

import http.client
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from bench.contestants import Contestant, Login
from bench.environment import ROOT
from bench.load import DONE
from bench.processes import Cores, free_port, start, stop

LONGEST_START = 60.0
_HIDDEN = re.compile(r'<input[^>]*name="csrf_token"[^>]*>')
_VALUE = re.compile(r'value="([^"]*)"')


class ServerFailed(Exception):
    """A server did not start or did not answer as it should; the sentence tells where its log lies."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    cookies: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Server:
    """A running contestant."""

    contestant: Contestant
    process: subprocess.Popen[bytes]
    port: int
    log: Path
    seconds_to_first: float = 0.0
    cookie: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers of a request; the session's cookie once it is signed in."""
        return {"Cookie": self.cookie} if self.cookie else {}

    def get(self, path: str) -> bytes:
        """Ask for a path; raises ServerFailed when it is refused."""
        return self._ask("GET", path, "", self.headers)

    def post(self, path: str, body: str) -> bytes:
        """Post JSON to a path; raises ServerFailed when it is refused."""
        return self._ask("POST", path, body, self.headers | {"Content-Type": "application/json"})

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> bytes:
        reply = ask(self.port, method, path, body, headers)
        if reply.status not in DONE:
            raise ServerFailed(f"{self.contestant.name} answered {reply.status} to {path}; see {self.log}")
        return reply.body


def ask(port: int, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> Reply:
    """Send one request over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_START)
    try:
        connection.request(method, path, body or None, headers or {})
        response = connection.getresponse()
        cookies = {}
        for value in response.msg.get_all("Set-Cookie") or ():
            name, _mark, rest = value.partition("=")
            cookies[name] = rest.partition(";")[0]
        return Reply(response.status, cookies, response.read())
    finally:
        connection.close()


@contextmanager
def serving(contestants: Sequence[Contestant], cores: Cores, logs: Path) -> Iterator[list[Server]]:
    """Run servers for the time of a block, each signed in to where it wants that."""
    with ExitStack() as stack:
        servers = []
        for contestant in contestants:
            server = launch(contestant, cores.server, logs)
            stack.callback(stop, server.process)
            wait_for_first(server)
            if contestant.login:
                server.cookie = sign_in(server, contestant.login)
            servers.append(server)
        yield servers


def launch(contestant: Contestant, core: int | None, logs: Path) -> Server:
    """Start a contestant on a free port, without waiting for it."""
    port = free_port()
    log = logs / f"{contestant.name.replace(' ', '-')}.log"
    process = start(contestant.command(port), contestant.environment, core, ROOT, log)
    return Server(contestant, process, port, log)


def wait_for_first(server: Server) -> None:
    """Wait for the first 200 and note how long it took since the start."""
    begun = time.perf_counter()
    path = server.contestant.paths.get(server.contestant.first, server.contestant.first)
    while time.perf_counter() - begun < LONGEST_START:
        if server.process.poll() is not None:
            raise ServerFailed(f"{server.contestant.name} ended at its start; see {server.log}")
        try:
            if ask(server.port, "GET", path).status == 200:
                server.seconds_to_first = time.perf_counter() - begun
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise ServerFailed(f"{server.contestant.name} gave no 200 in {LONGEST_START:.0f} s; see {server.log}")


def sign_in(server: Server, login: Login) -> str:
    """Fill in the login form; give the session as a Cookie header."""
    page = ask(server.port, "GET", login.path)
    hidden = _HIDDEN.search(page.body.decode())
    value = _VALUE.search(hidden.group()) if hidden else None
    fields = dict(login.fields) | ({"csrf_token": unescape(value.group(1))} if value else {})
    sent = {"Cookie": _cookie(page.cookies), "Content-Type": "application/x-www-form-urlencoded"}
    reply = ask(server.port, "POST", login.path, urlencode(fields), sent)
    if reply.status not in (302, 303):
        raise ServerFailed(f"{server.contestant.name} refused the sign-in ({reply.status}); see {server.log}")
    return _cookie(page.cookies | reply.cookies)


def _cookie(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
