"""Texts that a spreadsheet could take for formulas, made harmless in a file and read back as they were."""

from __future__ import annotations

import re

SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
"""What a formula begins with, also in full and in small width; written for a character class."""

BLANKS = (
    " \t\n\r\x0b\x0c\x1c-\x1f\x85\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
    '"|%;,'
)
"""What a program may skip, or take for a border, before it sees a formula."""

FORMULA = f"^'*([\t\r\n]|[{BLANKS}]*[{SIGNS}])"
"""A text that a spreadsheet could run: understood alike by Python and by PostgreSQL."""

_FORMULA = re.compile(FORMULA)


def disarm(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet could take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def rearm(text: str) -> str:
    """Take the apostrophe off again that `disarm` put there."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
