"""What the list shows, as a CSV or XLSX file: written by the database, kept on disk, not in memory."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import IO, Any, Self
from zoneinfo import ZoneInfo

from flask import Response
from flask_babel import gettext as _
from flask_login import current_user
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from sqlalchemy import Select, func, select

from app.access import rows as row_rules
from app.access.babel import zone_of_request
from app.kernel import clock
from app.kernel.db import reading
from app.kernel.errors import BadParameter
from app.kernel.formulas import disarm
from app.kernel.statements import compile_once
from app.resources import Catalogue, Kind, Resource
from app.surfaces.records.listing import narrow, sort_keys, values_of
from app.surfaces.records.query import ListQuery
from app.surfaces.search.matching import EVERY_LOCALE, matching
from app.surfaces.transfer.columns import TEXT_KINDS, Column, all_columns, columns_of, shown_columns
from app.surfaces.transfer.values import named_relation, shown_value, value_of
from app.translation.models import Translation

MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHUNK = 2**16
_NONE = {"none": None}  # with no parameters at all the driver would not read doubled percent signs
MOST_XLSX_ROWS = 50_000
_WIDTHS: dict[Kind | None, int] = {Kind.DATE: 12, Kind.INSTANT: 24}
"""A column that is narrower than its dates shows number signs in their place."""

_translation: Any = Translation.__table__


def export_response(
    catalogue: Catalogue, resource: Resource, query: ListQuery, kind: str, what: str = ""
) -> Response:
    """Answer with exactly the rows of the list that the signed-in user may see, filtered and sorted alike.

    An address that names `columns` gets those, in words, and one for `what=all` every one that there is; else
    all that can be imported again.
    Raises BadParameter for a format other than csv and xlsx, and for too many rows for the latter.
    """
    if kind not in MEDIA_TYPES:
        raise BadParameter("format", _("The format is csv or xlsx."))
    if what == "all":
        columns = all_columns(resource)
    else:
        columns = shown_columns(resource, query.columns) if query.columns else columns_of(resource)
    made = export_statement(catalogue, resource, query, columns)
    statement = compile_once(made if kind == "csv" else made.limit(MOST_XLSX_ROWS + 1))
    params = statement.fixed | values_of(query)
    with _Spooled(resource, kind) as spooled:
        if kind == "csv":
            copy_csv(spooled.file, columns, statement.text, params)
        else:
            with tempfile.TemporaryFile() as rows:  # a workbook takes longer to write than a statement may
                if copy_csv(rows, columns, statement.text, params) > MOST_XLSX_ROWS:
                    raise _too_many_rows()
                rows.seek(0)
                lines = csv.reader(io.TextIOWrapper(rows, "utf-8-sig", newline=""))
                next(lines)
                # COPY writes an empty line for a row whose only column is empty.
                write_xlsx(spooled.file, columns, (line or [""] for line in lines))
        return spooled.response()


def _too_many_rows() -> BadParameter:
    sentence = _(
        "An Excel file takes %(limit)s rows here; filter the list, or choose CSV.", limit=MOST_XLSX_ROWS
    )
    return BadParameter("format", sentence)


def template_response(resource: Resource, kind: str) -> Response:
    """Send a file with the headings alone, to be filled."""
    columns = [column for column in columns_of(resource) if column.writable]
    with _Spooled(resource, kind) as spooled:
        if kind == "csv":
            write_headings(spooled.file, columns)
        else:
            write_xlsx(spooled.file, columns, ())
        return spooled.response()


class _Spooled:
    """A file on disk that is sent when it is whole: a slow reader holds no connection of the database."""

    def __init__(self, resource: Resource, kind: str) -> None:
        self.kind = kind
        self.name = f"{resource.path}-{clock.today().isoformat()}.{kind}"
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it is sent, or when it fails

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None:
            self.file.close()

    def response(self) -> Response:
        """Send the file under the content type's name and today's date."""
        size = self.file.seek(0, os.SEEK_END)
        self.file.seek(0)
        response = Response(self._chunks(), mimetype=MEDIA_TYPES[self.kind])
        response.headers["Content-Disposition"] = f'attachment; filename="{self.name}"'
        response.headers["Cache-Control"] = "no-store"
        response.content_length = size
        response.call_on_close(self.file.close)
        return response

    def _chunks(self) -> Iterator[bytes]:
        with self.file as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def export_statement(
    catalogue: Catalogue, resource: Resource, query: ListQuery, columns: Sequence[Column]
) -> Select[Any]:
    """Make the statement: every column as text, formulas disarmed, under the filters and the row rule."""
    table = resource.model.__table__
    source = table
    texts: Any = None
    if any(column.locale for column in columns):
        texts = _texts(resource.name)
        source = source.outerjoin(texts, texts.c.object_id == table.c.id)
    chosen: list[Any] = []
    for column in columns:
        if column.label:
            value, source = shown_value(catalogue, resource, column, source, texts)
        elif column.field is not None and column.field.kind is Kind.RELATION:
            value, source = named_relation(catalogue, column.field, table, source)
        else:
            value = value_of(column, table, texts)
        chosen.append(value.label(column.key))
    statement = narrow(select(*chosen).select_from(source), resource, query, table)
    statement = statement.where(row_rules.condition(resource.name, current_user, resource.model, "export"))
    if query.search:
        statement = statement.where(matching(resource, table, query.search, EVERY_LOCALE)[0])
    return statement.order_by(*(key.ordered for key in sort_keys(resource, query, table)))


def _texts(name: str) -> Any:
    """Gather the translations of each record in one JSON object, by "locale field"."""
    key = _translation.c.locale + " " + _translation.c.field
    return (
        select(_translation.c.object_id, func.jsonb_object_agg(key, _translation.c.text).label("texts"))
        .where(_translation.c.content_type == name)
        .group_by(_translation.c.object_id)
        .subquery("texts")
    )


def copy_csv(file: IO[bytes], columns: Sequence[Column], text: str, params: dict[str, Any]) -> int:
    """Have the database write the rows as CSV, every text quoted, below the headings; returns how many."""
    quoted = ", ".join(f'"{column.key}"' for column in columns if _is_text(column))
    form = f"(FORMAT csv, FORCE_QUOTE ({quoted}))" if quoted else "(FORMAT csv)"
    write_headings(file, columns)
    with reading() as connection:
        driver: Any = connection.connection.driver_connection
        cursor = driver.cursor()
        with cursor.copy(f"COPY ({text}) TO STDOUT WITH {form}", params or _NONE) as copy:
            for chunk in copy:
                file.write(chunk)
        return int(cursor.rowcount)


def _is_text(column: Column) -> bool:
    return bool(column.locale) or (column.field is not None and column.field.kind in TEXT_KINDS)


def write_headings(file: IO[bytes], columns: Sequence[Column]) -> None:
    """Write the first row of a CSV file; the mark at its start says that it is UTF-8."""
    heading = _Line()
    csv.writer(heading, lineterminator="\n").writerow(
        [disarm(column.label) or column.key for column in columns]
    )
    file.write(b"\xef\xbb\xbf" + heading.text.encode())


class _Line:
    """Takes what csv writes."""

    text = ""

    def write(self, text: str) -> None:
        self.text += text


def write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Write a workbook with typed cells, row by row; a text is a text and never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "B2"
    for letter, column in zip(map(get_column_letter, count(1)), columns, strict=False):
        if (width := _WIDTHS.get(_kind(column))) is not None:
            sheet.column_dimensions[letter].width = width
    sheet.append([_heading(column) for column in columns])
    makers = [_maker(column) for column in columns]
    for row in rows:
        sheet.append([make(sheet, raw) if raw else None for make, raw in zip(makers, row, strict=True)])
    book.save(file)
    book.close()


def _kind(column: Column) -> Kind | None:
    return column.field.kind if column.field is not None and not column.locale else None


def _heading(column: Column) -> str:
    """Head a column; over moments, which a cell holds without their zone, the zone is named."""
    if column.label and _kind(column) is Kind.INSTANT:
        return f"{column.label} ({zone_of_request()})"
    return column.label or column.key


def _maker(column: Column) -> Any:
    kind = _kind(column)
    if column.label and kind is Kind.INSTANT:
        zone = ZoneInfo(zone_of_request())
        return lambda sheet, raw: _moment_cell(sheet, raw, zone)
    if column.label and kind in (Kind.NUMBER, Kind.MINUTES, Kind.RATING):
        return lambda sheet, raw: Decimal(raw)
    if column.label and kind is Kind.SWITCH:
        return _text_cell
    if kind in (Kind.NUMBER, Kind.MINUTES, Kind.RATING):
        return lambda sheet, raw: int(raw)
    if kind in (Kind.MONEY, Kind.DECIMAL):
        return lambda sheet, raw: Decimal(raw)
    if kind is Kind.DATE:
        return lambda sheet, raw: date.fromisoformat(raw)
    if kind is Kind.TIME:
        return lambda sheet, raw: time.fromisoformat(raw)
    if kind is Kind.SWITCH:
        return lambda sheet, raw: raw == "true"
    return _text_cell


def _moment_cell(sheet: Any, raw: str, zone: ZoneInfo) -> Any:
    """Give a moment as the reader's clocks showed it; one that no calendar of Python has stays a text."""
    try:
        return datetime.fromisoformat(raw).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return _text_cell(sheet, raw)


def _text_cell(sheet: Any, raw: str) -> Any:
    """Give a text; one that openpyxl would take for a formula or an error is told to be none."""
    text = ILLEGAL_CHARACTERS_RE.sub("", raw)
    if text[:1] not in ("=", "#"):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
