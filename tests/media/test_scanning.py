"""The scanner: a real clamd that finds, one that is away, and peers that behave badly."""

from __future__ import annotations

import io
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from app.media.scanning import Clamd, Finding, NoScanner, Verdict
from tests.media.clamav import MOST, Daemon, eicar
from tests.media.files import picture
from tests.media.seaweed import free_ports


def zipped(content: bytes) -> bytes:
    """Pack a file, compressed, so that its bytes stand nowhere as they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("party.txt", content + b" " * 1000)
    assert content not in packed.getvalue()
    return packed.getvalue()


@pytest.mark.proves("S4.98")
@pytest.mark.parametrize("way", ["tcp", "unix"])
def test_a_real_scanner_finds_the_test_virus_plain_packed_and_behind_a_picture(
    daemon: Daemon, way: str
) -> None:
    clamd = Clamd(getattr(daemon, way))

    for content in (eicar(), zipped(eicar()), picture() + eicar(), picture("PNG") + zipped(eicar())):
        verdict = clamd.scan(content)
        assert verdict.finding is Finding.INFECTED
        assert "Eicar" in verdict.name
    assert clamd.scan(picture()) == Verdict(Finding.CLEAN)
    assert clamd.scan(b"") == Verdict(Finding.CLEAN)


def test_a_file_larger_than_the_scanner_takes_is_called_unscannable(daemon: Daemon) -> None:
    assert Clamd(daemon.tcp).scan(b"\0" * (MOST + 1)).finding is Finding.UNSCANNABLE
    assert Clamd(daemon.unix).scan(b"\0" * (MOST * 3)).finding is Finding.UNSCANNABLE
    assert Clamd(daemon.tcp).scan(picture()).finding is Finding.CLEAN


def test_without_a_scanner_all_passes() -> None:
    assert NoScanner().scan(eicar()) == Verdict(Finding.CLEAN)
    assert NoScanner().is_up()


def test_a_scanner_that_is_away_is_unknown_not_clean() -> None:
    for url in (f"tcp://127.0.0.1:{free_ports(1)[0]}", "unix:///nowhere/clamd.ctl"):
        assert Clamd(url).scan(picture()).finding is Finding.UNKNOWN
        assert not Clamd(url).is_up()


@contextmanager
def peer(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """Listen, and do with each caller what a test wants."""
    door = socket.create_server(("127.0.0.1", 0))
    calling: list[threading.Thread] = []

    def open_door() -> None:
        while True:
            try:
                line, _who = door.accept()
            except OSError:
                return
            calling.append(threading.Thread(target=serve, args=(line,)))
            calling[-1].start()

    def serve(line: socket.socket) -> None:
        with line, suppress(OSError):
            behave(line)

    opening = threading.Thread(target=open_door)
    opening.start()
    try:
        yield f"tcp://127.0.0.1:{door.getsockname()[1]}"
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        opening.join(5)
        for thread in calling:
            thread.join(5)


def drip(line: socket.socket) -> None:
    for _ in range(40):
        line.sendall(b"s")
        time.sleep(0.05)


def say(answer: bytes) -> Callable[[socket.socket], None]:
    def speak(line: socket.socket) -> None:
        heard = b""
        while not heard.endswith(b"\0\0\0\0"):
            heard += line.recv(4096)
        line.sendall(answer)

    return speak


@pytest.mark.parametrize(
    "behave",
    [
        lambda line: time.sleep(1.5),
        drip,
        lambda line: None,
        say(b"stream: Can't allocate memory ERROR\0"),
        say(b"stream: OK but not quite\0"),
        say(b"\xff\xfe OK\0"),
        say(b"x" * 10_000),
    ],
    ids=["silent", "drips", "hangs up", "is ill", "mumbles", "is no clamd", "talks on"],
)
def test_a_peer_that_gives_no_plain_verdict_is_unknown_and_takes_no_longer_than_allowed(
    behave: Callable[[socket.socket], None],
) -> None:
    with peer(behave) as url:
        began = time.monotonic()
        verdict = Clamd(url, seconds=0.6).scan(picture())

        assert verdict.finding is Finding.UNKNOWN
        assert time.monotonic() - began < 2


def test_only_the_words_of_a_clean_file_are_clean() -> None:
    with peer(say(b"stream: OK\0")) as url:
        assert Clamd(url).scan(picture()).finding is Finding.CLEAN
    with peer(say(b"stream: Win.Test FOUND\0")) as url:
        assert Clamd(url).scan(picture()) == Verdict(Finding.INFECTED, "Win.Test")
