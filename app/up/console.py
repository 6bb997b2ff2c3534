"""One readable log of all processes, a name before each line; or JSON lines where machines read."""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Sequence
from typing import TextIO

OWN = "festoon"
_WIDTH = 8
_LONGEST = 4_000
_WAIT = 2.0
_COLOURS = {
    OWN: "1",
    "web": "36",
    "worker": "35",
    "clock": "34",
    "postgres": "33",
    "valkey": "31",
    "setup": "32",
}


class Console:
    """Writes lines to `out`. A reader who is gone, or who does not read on, never holds the program up."""

    def __init__(self, form: str = "console", out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.is_json = form == "json"
        self.has_colour = not self.is_json and wants_colour(self.out)
        self._is_gone = False
        self._dropped = 0

    def say(self, sentence: str) -> None:
        """Write a sentence of our own."""
        self.line(OWN, sentence)

    def line(self, name: str, text: str) -> None:
        """Write a line of a process."""
        if self.is_json:
            is_object = text.startswith("{") and text.endswith("}")
            self._write(
                text if is_object else json.dumps({"process": name, "event": text}, ensure_ascii=False)
            )
            return
        label = f"{name:<{_WIDTH}} |"
        if self.has_colour:
            label = f"\x1b[{_COLOURS.get(name, '37')}m{label}\x1b[0m"
        self._write(f"{label} {text}")

    def banner(self, lines: Sequence[str]) -> None:
        """Write what a person should not miss."""
        rule = "" if self.is_json else "-" * max(map(len, lines))
        for text in (rule, *lines, rule):
            if text:
                self.say(text)

    def _write(self, text: str) -> None:
        if self._is_gone:
            return
        if not self._is_read():
            self._dropped += 1
            return
        try:
            if self._dropped:
                self.out.write(f"({self._dropped} lines were dropped while nobody read)\n")
                self._dropped = 0
            self.out.write(f"{text[:_LONGEST]}\n")
            self.out.flush()
        except (OSError, ValueError):
            self._is_gone = True

    def _is_read(self) -> bool:
        """Tell whether a line can be written now; after one that could not, without waiting."""
        try:
            _, ready, _ = select.select([], [self.out.fileno()], [], 0 if self._dropped else _WAIT)
        except (OSError, ValueError):
            return True  # no file, or one that select knows nothing of
        return bool(ready)


def wants_colour(out: TextIO) -> bool:
    """Tell whether colours suit: a terminal, unless NO_COLOR says no."""
    return not os.environ.get("NO_COLOR") and (out.isatty() or bool(os.environ.get("FORCE_COLOR")))
