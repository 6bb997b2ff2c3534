"""Files from strangers: bombs, traps, lies and formulas are refused with a sentence, in bounded memory."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session

from app.kernel.errors import FileRefused
from app.kernel.formulas import disarm, rearm
from app.surfaces.transfer.reading import read_sheet
from tests.factories import PackageFactory

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(**replaced: bytes) -> dict[str, bytes]:
    """Give the parts of a small true workbook."""
    book = Workbook()
    book.active.append(["name", "slug"])
    book.active.append(["Garden", "garden"])
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_part(name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return packed(workbook() | {name: content}, method)


def sheet_of(rows: bytes) -> bytes:
    return b'<?xml version="1.0"?><worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (
        MAIN.encode(),
        rows,
    )


def doctype(declaration: str, encoding: str = "utf-8") -> bytes:
    body = f'<!DOCTYPE lolz [{declaration}]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    return f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(encoding)


LAUGHS = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
XXE = '<!ENTITY x SYSTEM "file:///etc/passwd">'


def encrypted() -> bytes:
    content = bytearray(packed(workbook()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


def lying_size() -> bytes:
    """Say in the directory that a bomb is small."""
    content = bytearray(with_part("xl/media/bomb.xml", b"0" * 30_000_000))
    start = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/media/bomb.xml"))
    content[start + 24 : start + 28] = (1000).to_bytes(4, "little")
    return bytes(content)


def overlapping() -> bytes:
    """Let many directory entries point at the same packed bytes."""
    source = io.BytesIO(packed({"a.xml": b"0" * 600_000}))
    with zipfile.ZipFile(source) as archive:
        entry = archive.infolist()[0]
    data = source.getvalue()
    directory = data.find(b"PK\x01\x02")
    record = data[directory : data.find(b"PK\x05\x06")]
    records = b"".join(record.replace(b"a.xml", f"{n:05}"[:5].encode()) for n in range(900))
    end = b"PK\x05\x06\0\0\0\0" + (900).to_bytes(2, "little") * 2
    assert entry.header_offset == 0
    return (
        data[:directory]
        + records
        + end
        + len(records).to_bytes(4, "little")
        + directory.to_bytes(4, "little")
        + b"\0\0"
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    "zip bomb in a sheet": lambda: with_part(SHEET, sheet_of(b" " * 200_000_000)),
    "zip bomb beside the sheets": lambda: with_part("xl/media/bomb.bin", b"\0" * 50_000_000),
    "zip bomb that lies about its size": lying_size,
    "overlapping parts": overlapping,
    "too many parts": lambda: packed(workbook() | {f"xl/x{n}.xml": b"<a/>" for n in range(1_001)}),
    "billion laughs": lambda: with_part(SHEET, doctype(LAUGHS)),
    "billion laughs in the shared strings": lambda: with_part("xl/sharedStrings.xml", doctype(LAUGHS)),
    "xxe": lambda: with_part(SHEET, doctype(XXE)),
    "xxe in utf-16": lambda: with_part(SHEET, doctype(XXE, "utf-16")),
    "xxe in the relations": lambda: with_part("xl/_rels/workbook.xml.rels", doctype(XXE)),
    "declaration at the border of a chunk": lambda: with_part(SHEET, b" " * (2**16 - 5) + doctype(XXE)),
    "zip slip": lambda: with_part("../../etc/cron.d/festoon", b"* * * * * root true"),
    "zip slip, absolute": lambda: with_part("/etc/passwd", b"x"),
    "zip slip with backslashes": lambda: with_part("xl\\..\\..\\x.xml", b"x"),
    "two parts of one name": lambda: packed(workbook() | {SHEET.upper(): b"<a/>"}),
    "a password": encrypted,
    "another packing": lambda: packed(workbook(), zipfile.ZIP_LZMA),
    "truncated workbook": lambda: packed(workbook())[:-400],
    "cut in the middle": lambda: packed(workbook())[: len(packed(workbook())) // 2],
    "a zip that is no workbook": lambda: packed({"hello.txt": b"hello"}),
    "a sheet that is no xml": lambda: with_part(SHEET, b"not xml at all"),
    "a cell in no column": lambda: with_part(SHEET, sheet_of(b'<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>')),
    "a shared string there is not": lambda: with_part(
        SHEET, sheet_of(b'<row r="1"><c r="A1" t="s"><v>999999</v></c></row>')
    ),
    "empty file": lambda: b"",
    "only blank lines": lambda: b"\n\n , ,\n",
    "another encoding": lambda: "name,slug\nGärten,g\n".encode("utf-16"),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10,
    "zero bytes": lambda: b"name,slug\nGar\0den,garden\n",
    "unclosed quotation mark": lambda: b'name,slug\n"Garden,garden\n',
    "100,000 columns": lambda: b"c" + b",c" * 100_000 + b"\n",
    "16,384 columns in a workbook": lambda: with_part(
        SHEET, sheet_of(b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>')
    ),
    "20,001 rows": lambda: b"name\n" + b"x\n" * 20_001,
    "11 MB": lambda: b"name\n" + b"x" * (11 * 2**20),
    "a cell of a megabyte": lambda: b"name\n" + b"x" * 2**20,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(app: Any, name: str) -> None:
    content = HOSTILE[name]()
    start = time.perf_counter()
    with app.test_request_context("/"), force_locale("en"), pytest.raises(FileRefused) as refused:
        read_sheet(content)
    assert time.perf_counter() - start < 10
    assert str(refused.value.message).endswith(".")
    assert "Traceback" not in str(refused.value.message)


def test_a_true_workbook_is_read(app: Any) -> None:
    sheet = read_sheet(packed(workbook()))
    assert sheet.headings == ("name", "slug")
    assert [(line.number, line.cells) for line in sheet.lines] == [(2, ("Garden", "garden"))]


def test_a_row_far_below_is_not_reached_by_way_of_a_million(app: Any) -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    start = time.perf_counter()
    assert read_sheet(with_part(SHEET, sheet_of(rows))).lines == ()
    assert time.perf_counter() - start < 5


def test_the_error_of_a_formula_is_a_fault_of_its_row(sign_in: Callable[..., FlaskClient]) -> None:
    row = b'<row r="%d"><c r="A%d" t="%s"><v>%s</v></c></row>'
    rows = row % (1, 1, b"str", b"name") + row % (2, 2, b"e", b"#REF!")
    upload = {"file": (io.BytesIO(with_part(SHEET, sheet_of(rows))), "x.xlsx")}
    page = sign_in("Editor").post("/packages/import", data=upload).get_data(as_text=True)
    assert "The cell holds an error: #REF!" in page


@pytest.mark.parametrize("name", ["zip bomb in a sheet", "billion laughs", "xxe", "empty file", "a picture"])
def test_the_screen_says_what_is_wrong_and_nothing_is_kept(
    sign_in: Callable[..., FlaskClient], name: str
) -> None:
    client = sign_in("Editor")
    answer = client.post("/packages/import", data={"file": (io.BytesIO(HOSTILE[name]()), "x.xlsx")})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'role="alert"' in page and 'name="token"' not in page
    assert "root:" not in page


@pytest.mark.parametrize(
    "name", ["zip bomb in a sheet", "zip bomb that lies about its size", "overlapping parts"]
)
def test_a_bomb_is_refused_in_bounded_memory(name: str, tmp_path: Any) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(HOSTILE[name]())
    grown = _growth(f"path = {str(path)!r}")
    assert grown < 200


def test_the_largest_workbook_is_read_in_bounded_memory(tmp_path: Any) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([f"column {n}" for n in range(20)])
    for number in range(20_000):
        sheet.append([f"text {number} {n}" for n in range(10)] + [number] * 10)
    book.save(tmp_path / "large.xlsx")
    assert _growth(f"path = {str(tmp_path / 'large.xlsx')!r}") < 200


def _growth(setting: str) -> int:
    """Read a file in a process of its own and give by how many MiB its largest size grew."""
    program = textwrap.dedent("""
        import pathlib, resource
        import openpyxl
        from app.kernel.errors import FileRefused
        from app.surfaces.transfer.reading import read_sheet
        size = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        content = pathlib.Path(path).read_bytes()
        before = size()
        try:
            read_sheet(content)
        except FileRefused:
            pass
        print(size() - before)
    """)
    command = [sys.executable, "-W", "ignore", "-c", f"{setting}\n{program}"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode == 0, answer.stderr
    return int(answer.stdout.split()[-1])


FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "  \t =1", "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example")', "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@A1", "=IMPORTXML(1)",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", "\ufe661", "\ufe621", "\ufe631", "\ufe6b1", "\u22121",
    "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1", "\u00ad=1", "\u2060=1", "\u200f=1", "\x0b=1", "\x85=1",
    '"=1+1', '""=1', "|=1", "%=1", ";=1", ",=1", "'=1+1", "''=1+1", "'\t=1", "==1", "+-=@1", "=\u0661+\u0661",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_disarmed_and_comes_back_as_it_was(text: str) -> None:
    assert disarm(text) == f"'{text}"
    assert rearm(disarm(text)) == text


@pytest.mark.parametrize("text", ["", "Garden", "'quoted'", "a=b", "1", "'", "''", "It's -1", "देव", "(=1)"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert disarm(text) == text
    assert rearm(text) == text


def test_no_exported_cell_is_a_formula(sign_in: Callable[..., FlaskClient], session: Session) -> None:
    client = sign_in("Editor")
    for text in FORMULAS:
        PackageFactory(name="Name", description=text)
    session.commit()
    exported = client.get("/packages/export")
    rows = csv.DictReader(io.StringIO(exported.data.decode("utf-8-sig"), newline=""))
    assert sorted(row["description"] for row in rows) == sorted(f"'{text}" for text in FORMULAS)
    book = load_workbook(io.BytesIO(client.get("/packages/export?format=xlsx").data))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_what_looks_like_a_formula_comes_back_unchanged(
    sign_in: Callable[..., FlaskClient], session: Session
) -> None:
    client = sign_in("Editor")
    kept = [text for text in FORMULAS if text == text.strip() and text.isprintable()]
    for text in kept:
        PackageFactory(name="Name", description=text)
    session.commit()
    for kind in ("csv", "xlsx"):
        upload = {"file": (io.BytesIO(client.get(f"/packages/export?format={kind}").data), f"x.{kind}")}
        page = client.post("/packages/import", data=upload).get_data(as_text=True)
        assert re.findall(r"<dd>(\d+)</dd>", page) == ["0", "0", str(len(kept)), "0"]
