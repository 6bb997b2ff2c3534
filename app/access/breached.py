"""Passwords that stood in breaches so often that they are tried first; `breached.md` tells where the list is from."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("breached.txt.gz")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_MOST_ADDED = 4
_WRITTEN_AS = str.maketrans("@$!013457", "asioleast")


def is_breached(password: str) -> bool:
    """Tell whether a password is one of the list, or one with few digits or marks put around it.

    Letters written as digits count as the letters: p@ssw0rd2024 is "password" and four digits.
    """
    plain = password.lower()
    core = _ENDS.sub("", plain)
    tries = {plain, plain.translate(_WRITTEN_AS)}
    if len(plain) - len(core) <= _MOST_ADDED:
        tries |= {core, core.translate(_WRITTEN_AS)}
    return any(_holds(text) for text in tries)


def _holds(text: str) -> bool:
    """Look a word up; a word with a line break in it is none."""
    return bool(text) and "\n" not in text and f"\n{text}\n" in words()


@cache
def words() -> str:
    """Read the list, one word a line; as one text it takes a tenth of the memory of a set."""
    return "\n" + gzip.decompress(FILE.read_bytes()).decode()
