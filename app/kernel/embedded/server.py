"""What both servers share: a lock on their folder, a private folder for the socket, clear refusals."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from app.kernel.processes import end, spawn

LONGEST_SOCKET = 107
_LONGEST_RUNTIME = 60
_STAMP = re.compile(r"^[\d-]+ [\d:.]+ \w+ \[\d+\] (?:FATAL|PANIC|ERROR|LOG): +")


class EmbeddedError(Exception):
    """A server could not be started; the message says what to do."""


class Server(ABC):
    """A server in a child process: `start()` gives its address, `stop()` ends it. Also a context manager.

    `folder` holds all it keeps; with `durable=False` a crash may lose data, which suits tests.
    """

    name: str
    stop_signal: signal.Signals
    worth_telling: re.Pattern[str]
    """Which lines of its log concern whoever runs it."""

    def __init__(self, folder: Path, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self.process: subprocess.Popen[Any] | None = None
        self._lock: int | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Give the address."""

    def start(self) -> str:
        """Start the server, wait until it answers, and give its address. Raises EmbeddedError."""
        try:
            make_passable(self.folder)
            self._take_lock()
            self._launch()
        except OSError as error:
            self.stop()
            raise EmbeddedError(worded(error, self.folder)) from error
        except BaseException:
            self.stop()
            raise
        return self.url

    @abstractmethod
    def _launch(self) -> None:
        """Start the process and wait until it answers."""

    def stop(self) -> None:
        """End the server and take its socket folder away; nothing when this one did not start it."""
        if self._lock is None:
            return
        if self.process is not None:
            end(self.process, self.stop_signal)
            self.process = None
        shutil.rmtree(self.sockets, ignore_errors=True)
        os.close(self._lock)
        self._lock = None

    def is_running(self) -> bool:
        """Tell whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> Path:
        """Give the file that the server writes its own log to; each start begins it anew."""
        return self.folder / "log"

    def _spawn(
        self, command: Sequence[str | Path], user: pwd.struct_passwd | None = None, **more: Any
    ) -> None:
        with private_file(self.log) as output:
            self.process = spawn(command, output, user, self.stop_signal, **more)

    def _require_alive(self) -> None:
        """Raise, with the reason from the log, if the server ended while it was starting."""
        if self.is_running():
            return
        log = self.log.read_text(errors="replace")
        raise EmbeddedError(
            told_by_log(log, self.folder)
            or f"{self.name.capitalize()} stopped while it was starting: {last_line(log)}. "
            f"Its log is {self.log}; if the data in {self.folder} is not needed, remove that folder."
        )

    @property
    def sockets(self) -> Path:
        """Give the short private folder of the server's socket, whatever the data folder is called."""
        key = hashlib.sha256(f"{self.name}:{self.folder.resolve()}".encode()).hexdigest()[:12]
        return _runtime_folder() / f"festoon-{os.getuid()}-{key}"

    def _make_sockets(self, owner: pwd.struct_passwd | None = None) -> Path:
        """Make the socket folder anew, readable by nobody else; what a killed run left there goes."""
        shutil.rmtree(self.sockets, ignore_errors=True)
        try:
            self.sockets.mkdir(mode=0o700)
        except FileExistsError as error:
            raise EmbeddedError(
                f"{self.sockets} belongs to somebody else. Remove it and start again."
            ) from error
        except OSError as error:
            raise EmbeddedError(
                f"{self.sockets} cannot be made ({error.strerror}); sockets go there."
            ) from error
        if owner is not None:
            os.chown(self.sockets, owner.pw_uid, owner.pw_gid)
        return self.sockets

    def _take_lock(self) -> None:
        """Hold the folder until `stop`, or until this process ends, however it ends."""
        if self._lock is not None:
            raise EmbeddedError(f"This {self.name} has been started already.")
        held = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(held)
            raise EmbeddedError(
                f"{self.folder} is used by a running Festoon. Stop that one first."
            ) from error
        self._lock = held

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, *_fault: object) -> None:
        self.stop()


def make_passable(folder: Path) -> None:
    """Make a folder, and those above it that are missing, that others may pass through but not list.

    Folders that are there keep their permissions.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(mode=0o711, exist_ok=True)
        path.chmod(0o711)  # whatever the umask says: root's servers run as another user


def private_file(path: Path) -> IO[bytes]:
    """Begin a file anew that nobody else may read."""
    return open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600))


def _runtime_folder() -> Path:
    """Choose where sockets go. Root's servers run as another user, who may not enter root's own folder."""
    wanted = os.environ.get("XDG_RUNTIME_DIR", "")
    if wanted and os.getuid() != 0 and len(wanted) <= _LONGEST_RUNTIME and wanted.isprintable():
        with contextlib.suppress(OSError):
            if " " not in wanted and Path(wanted).stat().st_uid == os.getuid() and os.access(wanted, os.W_OK):
                return Path(wanted)
    return Path("/tmp")  # noqa: S108  # a socket's path holds 107 bytes; the folder made inside is private


def worded(error: OSError, where: Path) -> str:
    """Say what a fault of the file system means and what to do."""
    where = Path(error.filename) if isinstance(error.filename, str) else where
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where} cannot be written. Mend its permissions, or set FESTOON_DATA_DIR to another folder."
    return f"{where} cannot be used ({error.strerror}). Set FESTOON_DATA_DIR to another folder."


def disk_full(where: Path) -> str:
    """Say that there is no room."""
    return f"The disk that holds {where} is full. Free some space, or set FESTOON_DATA_DIR to another disk."


def told_by_log(log: str, folder: Path) -> str | None:
    """Find, in a server's own words, a reason that we can say better; None when there is none."""
    if "No space left" in log:
        return disk_full(folder)
    if "Permission denied" in log:
        return f"A file in {folder} cannot be read or written. Mend its owner and permissions."
    return None


def last_line(text: str) -> str:
    """Give the last line that says something, without its time."""
    line = next((line for line in reversed(text.splitlines()) if line.strip()), "it does not say why")
    return _STAMP.sub("", line).strip().rstrip(".")
