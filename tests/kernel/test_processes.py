"""Children that die with their parent, and are found by their mark."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from app.kernel.processes import command_line, end, end_marked, end_stray, marked, spawn
from app.kernel.settings import ROOT

MARK = "FESTOON_TEST_MARK=0123456789abcdef"
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, 1); print(1, flush=True); time.sleep(600)",
]


def environment() -> dict[str, str]:
    return {**os.environ, **dict([MARK.split("=")])}


def test_a_child_is_found_by_its_mark_and_ended_whatever_its_group() -> None:
    child = spawn(SLEEP, subprocess.DEVNULL, env=environment())
    assert marked(MARK) == [child.pid]
    reaper = subprocess.Popen(SLEEP, env=environment(), start_new_session=True)
    assert set(marked(MARK)) == {child.pid, reaper.pid}
    try:
        assert end_marked(MARK) == 2
    finally:
        child.wait(5)
        reaper.wait(5)
    assert marked(MARK) == []


@pytest.mark.parametrize("mark", ["", "=", "NAME", "NAME=", "NAME=short"])
def test_a_mark_that_others_could_have_ends_nobody(mark: str) -> None:
    with pytest.raises(ValueError, match="no other program has"):
        end_marked(mark)


def test_a_child_that_does_not_hear_is_killed() -> None:
    child = spawn(DEAF, subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline()
    end(child, patience=0.2)
    assert child.returncode == -signal.SIGKILL
    child.stdout.close()


def test_only_the_program_that_is_meant_is_ended() -> None:
    child = spawn(SLEEP, subprocess.DEVNULL)
    try:
        end_stray(child.pid, "some other program", patience=0.1)
        assert child.poll() is None
        assert command_line(child.pid)
    finally:
        end(child)
    assert command_line(child.pid) == ""
    assert command_line(0) == ""


PARENT = """
    import subprocess, sys
    from app.kernel.processes import spawn
    print(spawn([sys.executable, "-c", "import time; time.sleep(600)"], subprocess.DEVNULL).pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells a child of its parent's death"
)
def test_a_child_dies_with_a_killed_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert command_line(child)
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 10
    while command_line(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)
