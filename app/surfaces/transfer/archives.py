"""Looking into a workbook before it is opened: a bomb, a trap or a lie is refused by its outside."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from flask_babel import lazy_gettext as _l

MOST_ENTRIES = 1_000
MOST_RATIO = 100
MOST_UNPACKED = 64 * 2**20
_SMALL = 64 * 2**10
_CHUNK = 2**16
_DECLARATIONS = (b"<!doctype", b"<!entity")


def check_archive(content: bytes) -> Any | None:
    """Say why a zip file must not be opened as a workbook; None when it may.

    Sizes are first taken from the directory, then every part is unpacked, a chunk at a time and no
    further than it said, in search of document type declarations.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _directory_fault(archive, len(content)) or _content_fault(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return _l("The workbook is damaged. Save it anew as XLSX.")


def _directory_fault(archive: zipfile.ZipFile, size: int) -> Any | None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        return _l("The workbook has more than %(limit)s parts.", limit=MOST_ENTRIES)
    if sum(entry.file_size for entry in entries) > min(MOST_UNPACKED, MOST_RATIO * size):
        return _l("The workbook unpacks to far more than its size.")
    names = set()
    for entry in entries:
        if entry.file_size > max(_SMALL, MOST_RATIO * entry.compress_size):
            return _l("The workbook unpacks to far more than its size.")
        if entry.flag_bits & 1:
            return _l("The workbook is protected by a password. Save it without one.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return _l("The workbook is packed in a way that is not understood.")
        if _is_odd(entry.orig_filename) or entry.filename.lower() in names:
            return _l("The workbook has parts with names that no workbook has.")
        names.add(entry.filename.lower())
    if not {"[content_types].xml", "xl/workbook.xml"} <= names:
        return _l("This is no XLSX workbook.")
    return None


def _is_odd(name: str) -> bool:
    """Tell whether a name leads out of a folder, or hides where it leads."""
    return name.startswith("/") or any(sign in name for sign in ("\\", ":", "\0")) or ".." in name.split("/")


def _content_fault(archive: zipfile.ZipFile) -> Any | None:
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels", ".vml")) and not _is_plain_xml(archive, entry):
            return _l("The workbook holds a document type declaration, which no workbook needs.")
    return None


def _is_plain_xml(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Tell whether a part is XML in UTF-8 without declarations; zero bytes would be another encoding."""
    before = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            seen = (before + chunk).lower()
            if b"\0" in seen or any(word in seen for word in _DECLARATIONS):
                return False
            before = chunk[-16:]
    return True
