"""A real clamd with a signature of our own for the EICAR test file; skipped with a sentence where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.media.scanning import Clamd
from tests.media.seaweed import free_ports

MISSING = "there is no clamd here: run `make clamd` once, then the tests with a virus scanner run too"
MOST = 12 * 2**20


def eicar() -> bytes:
    """Build the test file that every scanner takes for a virus; it stands nowhere whole."""
    return rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def program() -> str:
    """Find clamd; else skip the test, or fail where FESTOON_REQUIRE_CLAMD is set."""
    found = shutil.which("clamd") or shutil.which(
        "clamd", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    )
    if found is None:
        if os.environ.get("FESTOON_REQUIRE_CLAMD"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return found


class Daemon:
    """A clamd that can be stopped and started anew at the same addresses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tcp = f"tcp://127.0.0.1:{free_ports(1)[0]}"
        self.unix = f"unix://{folder / 'clamd.sock'}"
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "signatures").mkdir()
        signature = f"Local.Eicar.Test:0:*:{eicar().hex()}\n"
        (folder / "signatures" / "local.ndb").write_text(signature)
        (folder / "clamd.conf").write_text(
            f"DatabaseDirectory {folder / 'signatures'}\nTCPSocket {self.tcp.rpartition(':')[2]}\n"
            f"TCPAddr 127.0.0.1\nLocalSocket {folder / 'clamd.sock'}\nFixStaleSocket yes\nForeground yes\n"
            f"StreamMaxLength {MOST}\nTemporaryDirectory {folder}\nMaxThreads 4\n"
        )

    def start(self) -> None:
        """Start it and wait until it scans."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [program(), "-c", str(self.folder / "clamd.conf")], stdout=log, stderr=log, cwd=self.folder
            )
        end = time.monotonic() + 60
        while not all(Clamd(url, 2).is_up() for url in (self.tcp, self.unix)):
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@contextmanager
def clamd(folder: Path) -> Iterator[Daemon]:
    """Run a clamd."""
    program()
    daemon = Daemon(folder)
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.stop()
