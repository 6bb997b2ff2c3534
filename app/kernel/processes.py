"""Children of the program: started so that they die with their parent, and found again after a crash."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

PATIENCE = 10.0
"""Seconds that a process is given to end in order, before it is killed."""

_PR_SET_PDEATHSIG = 1
_PROC = Path("/proc")
_SHORTEST_MARK = 16


def spawn(
    arguments: Sequence[str | Path],
    output: IO[Any] | int | None,
    user: pwd.struct_passwd | None = None,
    stop_signal: int = signal.SIGTERM,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: int | None = None,
) -> subprocess.Popen[Any]:
    """Start a child in a session of its own, so that Ctrl-C in a terminal reaches the parent alone.

    On Linux the child gets `stop_signal` when the thread that called this dies; call it from the main one.
    """
    return subprocess.Popen(  # noqa: S603  # arguments are ours
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with(os.getpid(), stop_signal),  # noqa: PLW1509  # it makes two system calls alone
        cwd=cwd,
        env=env,
        **rights_of(user),
    )


def rights_of(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Give what subprocess takes to run a child as a user; nothing for the user we are."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _die_with(parent: int, stop_signal: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:  # it died between fork and here
            os._exit(1)

    return bind


def end(
    process: subprocess.Popen[Any], stop_signal: int = signal.SIGTERM, patience: float = PATIENCE
) -> None:
    """Ask a child to stop, wait, and kill what is left of its group."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_stray(pid: int, words: str, stop_signal: int = signal.SIGTERM, patience: float = PATIENCE) -> None:
    """End a process left by an earlier run, if the pid is still one whose command line holds `words`."""
    deadline = time.monotonic() + patience
    sent = stop_signal
    while words in command_line(pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, sent)
        sent = signal.SIGKILL if time.monotonic() > deadline else 0
        time.sleep(0.02)


def end_marked(mark: str, patience: float = PATIENCE) -> int:
    """End every process whose environment holds `mark`, this one apart; give how many there were."""
    found = marked(mark)
    deadline = time.monotonic() + patience
    sent: int = signal.SIGTERM
    left = found
    while left:
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, sent)
        time.sleep(0.05)
        sent = signal.SIGKILL if time.monotonic() > deadline else 0
        left = marked(mark)
    return len(found)


def marked(mark: str) -> list[int]:
    """List the processes, this one apart, whose environment holds `NAME=value` as given."""
    if len(mark.partition("=")[2]) < _SHORTEST_MARK:
        raise ValueError("a mark is a name and a value that no other program has")
    sought = mark.encode()
    return [
        pid for pid in _pids() if pid != os.getpid() and sought in _environment(pid) and command_line(pid)
    ]


def _pids() -> Iterable[int]:
    if _PROC.joinpath("self").exists():
        return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal()]
    listed = subprocess.run(["/bin/ps", "-axo", "pid="], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def _environment(pid: int) -> list[bytes]:
    try:
        return (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        if _PROC.joinpath("self").exists():
            return []
    return _ps(pid, "-E").encode().split()  # macOS: the command line, then the environment


def command_line(pid: int) -> str:
    """Give a process's command line; empty when there is none or it is a zombie."""
    if pid <= 0:
        return ""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if _PROC.joinpath("self").exists():
            return ""
    return _ps(pid)


def _ps(pid: int, *more: str) -> str:
    asked = ["/bin/ps", *more, "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
