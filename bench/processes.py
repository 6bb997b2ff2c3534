"""Processes under measurement: started on one core, their CPU and memory read from /proc, stopped by pid."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cores:
    """The core of the servers and the core of the load; None where the machine has but one."""

    server: int | None
    load: int | None


def choose_cores() -> Cores:
    """Choose two cores among those that this process may use."""
    free = sorted(os.sched_getaffinity(0))
    return Cores(free[0], free[1]) if len(free) > 1 else Cores(None, None)


def pin(pid: int, core: int | None) -> None:
    """Keep a process, and what it will start, on one core."""
    if core is not None:
        os.sched_setaffinity(pid, {core})


def free_port() -> int:
    """Find a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _on_core(core: int | None) -> Iterator[None]:
    """Stand on a core for a moment: what is started meanwhile stays there."""
    before = os.sched_getaffinity(0)
    pin(0, core)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def start(
    argv: Sequence[str], environment: Mapping[str, str], core: int | None, folder: Path, log: Path
) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own."""
    with log.open("ab") as output, _on_core(core):
        return subprocess.Popen(
            argv,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], patience: float = 10.0) -> None:
    """Ask a process to end; after some patience end its whole group."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def tree(root: int) -> list[int]:
    """List a process and all its living descendants."""
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(children.get(pid, ()))
    return found


def is_alive(pid: int) -> bool:
    """Tell whether a process runs still; one that only waits to be collected does not."""
    return _stat(pid)[:1] not in ([], ["Z"])


def cpu_seconds(root: int) -> float:
    """Give the CPU time that a process, its descendants and its ended children have used."""
    ticks = 0
    for pid in tree(root):
        if fields := _stat(pid):
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK


def resident_mib(root: int) -> float:
    """Give the resident memory of the largest process of a tree: the one that answers."""
    sizes = [0]
    for pid in tree(root):
        try:
            sizes.append(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE)
        except OSError:
            continue
    return max(sizes) / 2**20


def _stat(pid: int) -> list[str]:
    """Read a process' counters from the state on; empty when it has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return text[text.rindex(")") + 2 :].split()
