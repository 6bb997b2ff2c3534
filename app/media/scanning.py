"""Looks for malware in an upload: by clamd where one is named, else not at all."""

from __future__ import annotations

import logging
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from typing import Protocol
from urllib.parse import urlsplit

from flask import current_app

log = logging.getLogger(__name__)

CONNECT_SECONDS = 2.0
SCAN_SECONDS = 20.0
"""For the whole of a scan: a scanner that drips its answer is a slow one too."""

_CHUNK = 64 * 2**10
_LONGEST_ANSWER = 4_096


class Finding(Enum):
    """How a scan ended."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"  # and it will be so the next time
    UNKNOWN = "unknown"  # the scanner is away, slow or ill


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner says of a file; `name` is the malware's."""

    finding: Finding
    name: str = ""


class Scanner(Protocol):
    """Looks at a file as it was sent. It raises nothing: what it cannot tell is unknown."""

    def scan(self, content: bytes) -> Verdict:
        """Tell what the file is."""

    def is_up(self) -> bool:
        """Tell whether files can be scanned now."""


def scanner() -> Scanner:
    """Give the program's scanner, as CLAMD_URL names it."""
    return scanner_at(str(current_app.config.get("CLAMD_URL") or "")) or NoScanner()


def scanner_at(url: str) -> Scanner | None:
    """Give the scanner at an address, None where there is no address."""
    return Clamd(url) if url else None


class NoScanner:
    """Scans nothing and lets everything pass: what was set up without a scanner."""

    def scan(self, content: bytes) -> Verdict:  # noqa: ARG002  # as the interface has it
        """Let it pass."""
        return Verdict(Finding.CLEAN)

    def is_up(self) -> bool:
        """Be there, always."""
        return True


class _NoAnswer(Exception):
    """The scanner did not answer, or not in time."""


class Clamd:
    """Asks a clamd over TCP or a Unix socket, by its own protocol (`man clamd`: INSTREAM, PING)."""

    def __init__(self, url: str, seconds: float = SCAN_SECONDS) -> None:
        parts = urlsplit(url)
        self.path = parts.path if parts.scheme == "unix" else ""
        self.address = (parts.hostname or "127.0.0.1", parts.port or 3310)
        self.seconds = seconds

    def scan(self, content: bytes) -> Verdict:
        """Send the file, and read the verdict."""
        try:
            return _read(self._ask(b"zINSTREAM\0", content))
        except ConnectionError:  # hung up on us: the file is larger than clamd takes, or clamd is ill
            return Verdict(Finding.UNSCANNABLE if self.is_up() else Finding.UNKNOWN)
        except (OSError, _NoAnswer) as error:
            log.warning("the virus scanner does not answer: %s", type(error).__name__)
            return Verdict(Finding.UNKNOWN)

    def is_up(self) -> bool:
        """Ask for a sign of life."""
        try:
            return self._ask(b"zPING\0") == "PONG"
        except (OSError, _NoAnswer):
            return False

    def _ask(self, command: bytes, content: bytes | None = None) -> str:
        end = time.monotonic() + self.seconds
        with closing(self._connect()) as line:
            try:
                for part in _parts(command, content):
                    line.settimeout(_left(end))
                    line.sendall(part)
            except ConnectionError:
                if answer := _hear(line, end):  # it says why before it hangs up
                    return answer
                raise
            return _hear(line, end)

    def _connect(self) -> socket.socket:
        if not self.path:
            return socket.create_connection(self.address, CONNECT_SECONDS)
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(CONNECT_SECONDS)
            line.connect(self.path)
        except BaseException:
            line.close()
            raise
        return line


def _parts(command: bytes, content: bytes | None) -> Iterator[bytes]:
    """Cut what is sent: the command, pieces that each begin with their length, an empty one at the end."""
    yield command
    if content is None:
        return
    for start in range(0, len(content), _CHUNK):
        piece = content[start : start + _CHUNK]
        yield struct.pack(">I", len(piece)) + piece
    yield struct.pack(">I", 0)


def _hear(line: socket.socket, end: float) -> str:
    """Read an answer up to its zero byte; raises ConnectionError when there is none."""
    heard = b""
    while b"\0" not in heard and len(heard) < _LONGEST_ANSWER:
        line.settimeout(_left(end))
        if not (more := line.recv(1024)):
            break
        heard += more
    if not heard:
        raise ConnectionResetError
    return heard.partition(b"\0")[0].decode(errors="replace").strip()


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise _NoAnswer
    return left


def _read(answer: str) -> Verdict:
    """Read `stream: OK`, `stream: Name FOUND` or `... ERROR`."""
    if answer == "stream: OK":
        return Verdict(Finding.CLEAN)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Verdict(Finding.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND")[:200])
    if "size limit exceeded" in answer:
        return Verdict(Finding.UNSCANNABLE)
    log.warning("the virus scanner could not scan: %r", answer[:200])
    return Verdict(Finding.UNKNOWN)
