"""Runs the drawing of strange bytes in a process of its own, and takes nothing from it on trust.

The process is new for every picture, has no environment, no file but its three, bounded memory and time, and ends
with its group. What it does inside stands in `app.media.studio.door`.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import IO, Any, ClassVar

import structlog
from flask_babel import lazy_gettext as _l

from app.kernel.errors import DomainError
from app.media.studio.kinds import EXTENSIONS, Drawn, kind_of

MEMORY = 512 * 2**20
MOST_OUTPUT = 64 * 2**20
_START = (
    "import sys; sys.path += sys.argv[1:]; sys.dont_write_bytecode = True\n"
    "from app.media.studio.door import main; main()"
)
_FORM_OF = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}
_at_once = threading.BoundedSemaphore(2)
"""Each may take half a gigabyte: two at once in a process, the others wait their turn."""
_in_line = threading.BoundedSemaphore(2 + 4)
"""Whoever waits holds a place among the requests: four may, all others are asked to come again."""
LONGEST_WAIT = 15

log: Any = structlog.get_logger("festoon.media")


class DrawingUnavailable(DomainError):
    """No process can be started or none is free: nothing is wrong with the picture."""

    status: ClassVar[int] = 503
    code: ClassVar[str] = "drawing_unavailable"
    retry_after = 10


class DrawingFailed(Exception):
    """The process was ended: it crashed, took too long, or answered what it may not. `why` is one word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotTaken(Exception):
    """The picture is refused, with the reason as one word and the numbers of the sentence."""

    def __init__(self, why: str, facts: dict[str, int]) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn: the picture itself, its widths in some forms, its crops around a focal point."""

    picture: bool = False
    forms: tuple[str, ...] = ()
    crops: bool = False
    focal: tuple[float, float] = (0.5, 0.5)
    seconds: int = 10
    nice: int = 0

    def line(self) -> bytes:
        """Write the order as the process reads it."""
        limits = {"memory": MEMORY, "seconds": self.seconds, "nice": self.nice}
        facts = {"picture": self.picture, "forms": self.forms, "crops": self.crops, "focal": self.focal}
        return json.dumps({**facts, "limits": limits}).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the process made of a picture."""

    kind: str
    has_alpha: bool
    blurhash: str
    files: tuple[Drawn, ...]
    likeness: int | None = None
    peak: int = field(default=0, compare=False)


def draw(content: bytes, order: Order) -> Drawing:
    """Let a new process draw a picture. Raises NotTaken, DrawingFailed and DrawingUnavailable."""
    with _place(_in_line, 0), _place(_at_once, LONGEST_WAIT):
        output = _run(content, order)
    return _checked(output, order)


@contextmanager
def _place(places: threading.Semaphore, wait: float) -> Iterator[None]:
    if not places.acquire(timeout=wait):
        raise DrawingUnavailable(_l("Many pictures are being drawn. Try again in a minute."))
    try:
        yield
    finally:
        places.release()


def _run(content: bytes, order: Order) -> bytes:
    """Give what the process wrote, or raise for how it ended."""
    try:
        with tempfile.TemporaryFile() as sent:
            sent.write(order.line() + content)
            sent.seek(0)
            return _watched(sent, order.seconds)
    except OSError as error:
        log.exception("media.no_process")
        raise DrawingUnavailable(_l("Pictures cannot be taken in at the moment. Try again later.")) from error


def _watched(sent: IO[bytes], seconds: int) -> bytes:
    with _process(sent) as process:
        output, words, is_late = _read_all(process, monotonic() + seconds)
    code = process.returncode
    if is_late or code in (-signal.SIGXCPU, -signal.SIGKILL):
        log.warning("media.drawing_stopped", code=code, is_late=is_late)
        raise DrawingFailed("slow")
    if code < 0:
        log.warning("media.drawing_crashed", code=code)
        raise DrawingFailed("crashed")
    if code > 0:  # a fault of ours or of the installation, not of the picture
        log.error("media.drawing_broken", code=code, said=words.decode(errors="replace")[-2_000:])
        raise DrawingUnavailable(_l("Pictures cannot be taken in at the moment. Try again later."))
    return output


@contextmanager
def _process(sent: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process; whatever happens, its whole group has ended when the block is left."""
    command = [sys.executable, "-I", "-S", "-c", _START, *_places()]
    process = subprocess.Popen(  # noqa: S603  # our own words, nothing of the visitor's
        command,
        stdin=sent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env={},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _read_all(process: subprocess.Popen[bytes], until: float) -> tuple[bytes, bytes, bool]:
    """Read both outputs to their end; late when the time or the room is used up before."""
    parts: dict[Any, bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
    room = MOST_OUTPUT
    with selectors.DefaultSelector() as waiting:
        for pipe in parts:
            waiting.register(pipe, selectors.EVENT_READ)
        while waiting.get_map():
            left = until - monotonic()
            if left <= 0 or room <= 0:
                return b"", b"", True
            for found, _events in waiting.select(left):
                read = os.read(found.fd, 2**18)
                room -= len(read)
                parts[found.fileobj] += read
                if not read:
                    waiting.unregister(found.fileobj)
    with suppress(subprocess.TimeoutExpired):
        process.wait(max(0.1, until - monotonic()))
    return bytes(parts[process.stdout]), bytes(parts[process.stderr]), process.returncode is None


@cache
def _places() -> tuple[str, ...]:
    """List the folders the process imports from: this program's, Pillow's and blurhash's."""
    places = [str(Path(__file__).parents[2])]
    for name in ("PIL", "blurhash"):
        spec = find_spec(name)
        if spec is not None and spec.origin:
            places.append(str(Path(spec.origin).parents[1]))
    return tuple(dict.fromkeys(places))


def _checked(output: bytes, order: Order) -> Drawing:
    """Read the answer as something a stranger wrote: it may only say what was asked for."""
    try:
        line, _newline, rest = output.partition(b"\n")
        answer = json.loads(line)
        if "refused" in answer:
            log.info("media.not_taken", why=str(answer["refused"])[:40], fault=str(answer.get("fault"))[:500])
            facts = {str(name): int(value) for name, value in answer["facts"].items()}
            raise NotTaken(str(answer["refused"]), facts)
        drawing = Drawing(
            kind=str(answer["kind"]),
            has_alpha=answer["has_alpha"] is True,
            blurhash=_short(answer.get("blurhash", "")),
            files=tuple(_files(answer["files"], rest, order)),
            likeness=_fingerprint(answer.get("likeness")),
            peak=int(answer["peak"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        log.warning("media.drawing_unreadable", answer=output[:200])
        raise DrawingFailed("crashed") from error
    return drawing


def _short(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 60 or not text.isascii():
        raise ValueError("no blurhash")
    return text


def _fingerprint(number: Any) -> int | None:
    if number is not None and (not isinstance(number, int) or not -(2**63) <= number < 2**63):
        raise ValueError("no fingerprint")
    return number


def _files(listed: list[Any], rest: bytes, order: Order) -> Iterator[Drawn]:
    roles = {"png" if form == "jpeg" else form for form in order.forms} | set(order.forms)
    roles |= {"picture"} if order.picture else set()
    roles |= {"thumb", "square"} if order.crops else set()
    place = 0
    for role, form, width, height, size in listed:
        content = rest[place : place + int(size)]
        place += int(size)
        if role not in roles or form not in EXTENSIONS or not 0 < width <= 8_000 or not 0 < height <= 8_000:
            raise ValueError("a file that was not asked for")
        if _FORM_OF.get(str(kind_of(content))) != form or len(content) != size:
            raise ValueError("a file that is not what it says")
        yield Drawn(role, form, int(width), int(height), content)
    if place != len(rest):
        raise ValueError("more than it says")
