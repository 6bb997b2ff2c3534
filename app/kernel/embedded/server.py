"""What both servers share: a private folder for the socket, a child that dies with its parent, clear refusals."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

LONGEST_SOCKET = 107
_PR_SET_PDEATHSIG = 1


class EmbeddedError(Exception):
    """A server could not be started; the message says what to do."""


class Server:
    """A server in a child process: `start()` gives its address, `stop()` ends it. Also a context manager."""

    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, output: IO[Any] | int | None = subprocess.DEVNULL) -> None:
        self.folder = folder
        self.output = output
        self.process: subprocess.Popen[Any] | None = None

    def start(self) -> str:
        """Start the server, wait until it answers, and give its address."""
        raise NotImplementedError  # each server says how

    def stop(self) -> None:
        """End the server and take its socket folder away."""
        if self.process is not None:
            end(self.process, self.stop_signal)
            self.process = None
        shutil.rmtree(self.sockets, ignore_errors=True)

    @property
    def sockets(self) -> Path:
        """Give the short private folder of the server's socket, whatever the data folder is called."""
        key = hashlib.sha256(f"{self.name}:{self.folder.resolve()}".encode()).hexdigest()[:12]
        return _runtime_folder() / f"festoon-{os.getuid()}-{key}"

    def make_sockets(self, owner: pwd.struct_passwd | None = None) -> Path:
        """Make the socket folder anew, readable by nobody else."""
        shutil.rmtree(self.sockets, ignore_errors=True)
        try:
            self.sockets.mkdir(mode=0o700)
        except OSError as error:
            raise EmbeddedError(worded(error, self.sockets)) from error
        if owner is not None:
            os.chown(self.sockets, owner.pw_uid, owner.pw_gid)
        return self.sockets

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, *_fault: object) -> None:
        self.stop()


def _runtime_folder() -> Path:
    wanted = os.environ.get("XDG_RUNTIME_DIR", "")
    if wanted and len(wanted) < 40 and os.access(wanted, os.W_OK):
        return Path(wanted)
    return Path("/tmp")  # noqa: S108  # a socket's path holds 107 bytes; the folder made inside is private


def spawn(
    arguments: Sequence[str | Path],
    output: IO[Any] | int | None,
    user: pwd.struct_passwd | None = None,
    stop_signal: int = signal.SIGTERM,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> subprocess.Popen[Any]:
    """Start a child in a session of its own; on Linux it gets `stop_signal` when its parent dies."""
    rights: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return subprocess.Popen(  # noqa: S603  # arguments are ours
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with(os.getpid(), stop_signal),
        cwd=cwd,
        env=env,
        **rights,
    )


def _die_with(parent: int, stop_signal: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:  # it died between fork and here
            os._exit(1)

    return bind


def end(process: subprocess.Popen[Any], stop_signal: int = signal.SIGTERM, patience: float = 10) -> None:
    """Ask a child to stop, and kill its whole group when it does not."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def end_stray(pid: int, words: str, stop_signal: int = signal.SIGTERM, patience: float = 10) -> None:
    """End a process left by an earlier run, if the pid is still one whose command line holds `words`."""
    deadline = time.monotonic() + patience
    sent = stop_signal
    while words in command_line(pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, sent)
        if time.monotonic() > deadline:
            sent = signal.SIGKILL
        time.sleep(0.05)


def command_line(pid: int) -> str:
    """Give a process's command line; empty when there is none or it is a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    found = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip()


def worded(error: OSError, where: Path) -> str:
    """Say what a fault of the file system means and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk that holds {where} is full. Free some space, or set FESTOON_DATA_DIR to another disk."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where} cannot be written. Mend its permissions, or set FESTOON_DATA_DIR to another folder."
    return f"{where} cannot be used ({error.strerror}). Set FESTOON_DATA_DIR to another folder."
