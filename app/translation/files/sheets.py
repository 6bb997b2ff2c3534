"""Texts as a CSV file, for who works in a spreadsheet. What could be a formula there is disarmed, and read back."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain

from flask_babel import lazy_gettext as _l

from app.kernel.csv_rows import csv_rows
from app.kernel.errors import FileRefused
from app.kernel.formulas import disarm, rearm
from app.translation.files.entries import (
    LONGEST,
    Entry,
    Found,
    Incoming,
    Malformed,
    Text,
    not_ours,
    read_place,
    read_seen,
    write_seen,
)

ENDING = "csv"
COLUMNS = (
    "id",
    "language",
    "source",
    "translation",
    "unsure",
    "title",
    "notes",
    "previous_source",
    "festoon",
)
_NEEDED = frozenset({"id", "language", "source", "translation"})
_YES = frozenset({"yes", "true", "1", "x", "y"})


class _Pieces:
    """Takes what csv writes."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> None:
        self.written.append(text)

    def taken(self) -> str:
        text, self.written = "".join(self.written), []
        return text


def write(texts: Iterable[Text], language: str, _at: datetime) -> Iterator[str]:
    """Write the rows, piece by piece; the mark at the start says that it is UTF-8."""
    pieces = _Pieces()
    writer = csv.writer(pieces, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    yield "\ufeff" + pieces.taken()
    for text in texts:
        if not text.is_obsolete:
            writer.writerow([disarm(cell) for cell in _cells(text, language)])
            yield pieces.taken()


def _cells(text: Text, language: str) -> tuple[str, ...]:
    seen = write_seen({text.place.field: text.seen})
    unsure = "yes" if text.is_unsure else ""
    notes = "\n".join(text.notes)
    return str(text.place), language, text.source, text.text, unsure, text.title, notes, text.previous, seen


def open_file(name: str, text: str) -> Incoming:
    """Begin to read a file; its first row with a language says which. Raises FileRefused."""
    rows = ((number, cells) for number, cells in csv_rows(text) if any(cells))
    headings = next(rows, (0, []))[1]
    names = [cell.strip().lower() for cell in headings]
    if missing := sorted(_NEEDED - set(names)):
        raise FileRefused(_l("These columns are missing: %(names)s.", names=", ".join(missing)))
    first = next(rows, None)
    language = _row(names, first[1]).get("language", "") if first else ""
    rest = chain([first] if first else [], rows)
    return Incoming(name, ENDING, language, _entries(names, language, rest))


def is_ours(text: str) -> bool:
    """Tell whether the first line names our columns."""
    line = text.lstrip("\ufeff").partition("\n")[0].lower()
    return all(name in line for name in _NEEDED)


def _row(names: list[str], cells: list[str]) -> Mapping[str, str]:
    return {name: rearm(cell) for name, cell in zip(names, cells, strict=False)}


def _entries(names: list[str], language: str, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Found]:
    for number, cells in rows:
        row = _row(names, cells)
        place = read_place(row.get("id", ""))
        if place is None:
            yield Malformed(number, not_ours(row.get("id", "").strip()))
        elif row.get("language", "") != language:
            yield Malformed(number, _l("The row is in another language than the first one."))
        elif max(len(row.get("source", "")), len(row.get("translation", ""))) > LONGEST:
            yield Malformed(number, _l("A text is too long."))
        else:
            seen = read_seen(row.get("festoon", "")).get(place.field)
            unsure = row.get("unsure", "").strip().lower() in _YES
            yield Entry(place, row.get("source", ""), row.get("translation", ""), unsure, seen, number)
