"""CSV as spreadsheets write it, in whatever sign they part the cells with."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.errors import FileRefused

DELIMITERS = ",;\t"


def _misquoted(row: int) -> Any:
    return _l("Row %(row)s cannot be read: a quotation mark is wrong or missing.", row=row)


def _too_long(row: int) -> Any:
    return _l("A cell in row %(row)s is too long.", row=row)


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give every row with its number, from 1. Raises FileRefused at the first that cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            is_long = "larger than field limit" in str(error)
            raise FileRefused(_too_long(number) if is_long else _misquoted(number)) from error
        yield number, cells
        number += 1


def _delimiter(text: str) -> str:
    """Choose the sign that parts the headings: comma, semicolon or tab."""
    first = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    counts = Counter(sign for sign in first if sign in DELIMITERS)
    return counts.most_common(1)[0][0] if counts else ","
