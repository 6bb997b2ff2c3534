"""The one log that all processes write into."""

from __future__ import annotations

import io
import json
import os

import pytest

from app.up.console import Console, wants_colour


class Terminal(io.StringIO):
    """Says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing but the output decide about colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def test_each_line_begins_with_the_name_of_its_process() -> None:
    out = io.StringIO()
    console = Console(out=out)
    console.line("web", "one")
    console.say("two")
    assert out.getvalue() == "web      | one\nfestoon  | two\n"


def test_a_terminal_gets_colours_unless_somebody_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    Console(out=out).line("web", "one")
    assert out.getvalue() == "\x1b[36mweb      |\x1b[0m one\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(out)


def test_machines_get_objects_and_lines_that_are_ones_already_stay() -> None:
    out = io.StringIO()
    console = Console("json", out)
    console.line("web", '{"event": "request"}')
    console.line("postgres", "FATAL: no")
    console.banner(["ready"])
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"event": "request"},
        {"process": "postgres", "event": "FATAL: no"},
        {"process": "festoon", "event": "ready"},
    ]


def test_a_line_without_an_end_is_cut() -> None:
    out = io.StringIO()
    Console(out=out).line("web", "x" * 100_000)
    assert len(out.getvalue()) < 5_000


def test_lines_that_nobody_reads_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.up.console._WAIT", 0.01)
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as out:
        console = Console(out=out)
        for number in range(5_000):
            console.line("web", f"{number:>40}")
        told = os.read(reader, 1_000_000)
        console.line("web", "again")
        told += os.read(reader, 1_000_000)
    os.close(reader)
    assert b"lines were dropped while nobody read" in told
    assert told.endswith(b"web      | again\n")


def test_a_reader_who_is_gone_is_no_fault() -> None:
    reader, writer = os.pipe()
    out = os.fdopen(writer, "w")
    console = Console(out=out)
    os.close(reader)
    console.line("web", "one")
    console.line("web", "two")
    with pytest.raises(BrokenPipeError):
        out.close()
