"""Reading a spreadsheet from a stranger: nothing is opened before its size, kind and shape are known."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.csv_rows import csv_rows
from app.kernel.errors import FileRefused
from app.resources.amounts import Figure
from app.surfaces.transfer.archives import check_archive

MOST_BYTES = 10 * 2**20
MOST_ROWS = 20_000
MOST_COLUMNS = 200
WIDEST_ROW = 1_024
"""With the empty cells that some programs write behind the last column."""

LONGEST_CELL = 100_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file under the number that a spreadsheet shows; a cell's fault stands in its place."""

    number: int
    cells: tuple[Any, ...]
    faults: dict[int, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The headings and the rows below them."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def kind_of(content: bytes) -> str:
    """Tell by its first bytes, not by its name, whether a file is a workbook or text."""
    return "xlsx" if content[:4] == b"PK\x03\x04" else "csv"


def read_sheet(content: bytes) -> Sheet:
    """Read a CSV or XLSX file; raises FileRefused."""
    if len(content) > MOST_BYTES:
        raise FileRefused(_l("The file is larger than %(limit)s MB.", limit=MOST_BYTES // 2**20))
    lines = _xlsx_lines(content) if kind_of(content) == "xlsx" else _csv_lines(content)
    return _shape(lines)


def _shape(lines: Iterator[Line]) -> Sheet:
    """Take the first row for headings; empty rows do not count. Stops reading at the first row too many."""
    filled = (line for line in lines if any(str(cell).strip() for cell in line.cells))
    first = next(filled, None)
    if first is None:
        raise FileRefused(_l("The file is empty."))
    headings = [str(cell).strip() for cell in first.cells]
    while headings and not headings[-1]:
        headings.pop()
    rest = tuple(itertools.islice(filled, MOST_ROWS + 1))
    if len(rest) > MOST_ROWS:
        raise FileRefused(_l("The file has more than %(limit)s rows; split it.", limit=MOST_ROWS))
    return Sheet(tuple(headings), rest)


def _csv_lines(content: bytes) -> Iterator[Line]:
    for number, cells in csv_rows(_decode(content)):
        _check_width(cells, number)
        yield Line(number, tuple(cells))


def _decode(content: bytes) -> str:
    """Decode UTF-8, with or without its mark, or else the Windows character set of Western Europe."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
        break
    raise FileRefused(_l("This is no text that can be read. Save the file as CSV in UTF-8, or as XLSX."))


def _xlsx_lines(content: bytes) -> Iterator[Line]:
    if (sentence := check_archive(content)) is not None:
        raise FileRefused(sentence)
    from openpyxl import load_workbook  # here: it takes long to load and few requests need it

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not to be believed
        for number, row in enumerate(itertools.islice(sheet.iter_rows(), 4 * MOST_ROWS), 1):
            yield _xlsx_line(number, row)
    except FileRefused:
        raise
    except Exception as error:  # a broken workbook fails in openpyxl in many ways, all of them its own
        raise FileRefused(_l("This is no workbook that can be read. Save it anew as XLSX.")) from error


def _xlsx_line(number: int, row: Sequence[Any]) -> Line:
    cells: list[Any] = []
    faults: dict[int, Any] = {}
    if len(row) > WIDEST_ROW:
        raise FileRefused(_l("Row %(row)s has more than %(limit)s columns.", row=number, limit=MOST_COLUMNS))
    for position, cell in enumerate(row):
        if cell.data_type == "e":
            faults[position] = _l("The cell holds an error: %(fault)s.", fault=str(cell.value))
        cells.append(_plain(cell.value))
    while cells and cells[-1] == "":
        cells.pop()
    _check_width(cells, number)
    return Line(number, tuple(cells), faults)


def _plain(value: Any) -> Any:
    """Write a typed cell as the text that a CSV file would hold; a boolean stays one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return Figure(int(value)) if value.is_integer() and abs(value) < 2**53 else Figure(value)
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time) and not value.second:
        return value.isoformat("minutes")
    return str(value)


def _check_width(cells: list[Any], number: int) -> None:
    if len(cells) > MOST_COLUMNS:
        raise FileRefused(_l("Row %(row)s has more than %(limit)s columns.", row=number, limit=MOST_COLUMNS))
    if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
        raise FileRefused(_l("A cell in row %(row)s is too long.", row=number))
