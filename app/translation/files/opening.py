"""Files from translators, looked at from outside before they are read: size, kind, signs, language."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel import languages
from app.kernel.errors import FileRefused
from app.kernel.locales import SOURCE
from app.translation.files import po, sheets, xliff
from app.translation.files.entries import MOST_BYTES, Incoming

MOST_FILES = 50
MOST_RATIO = 200
_SMALL = 64 * 2**10
_CHARSET = re.compile(rb"charset=([A-Za-z0-9_-]{1,20})")
_CHARSETS = re.compile(
    r"utf-?8|(us-)?ascii|iso-?8859-\d{1,2}|(windows-|cp)\d{3,4}|koi8-[ru]|gb(k|2312|18030)|big5"
    r"|shift[-_]jis|euc-(jp|kr|tw)|tis-620",
    re.IGNORECASE,
)
"""Those in which gettext catalogues are written; of the codecs that Python has, some do other things than decode."""
_PO = re.compile(r'^[ \t]*(?:#~[ \t]*)?msgid[ \t]*"', re.MULTILINE)
_NOT_OURS = _l("This is no PO, XLIFF or CSV file with texts of ours.")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give a file, or those that an archive holds. Raises FileRefused for a trap."""
    if len(content) > MOST_BYTES:
        raise FileRefused(_l("The file is larger than %(limit)s MB.", limit=MOST_BYTES // 2**20))
    if content[:4] != b"PK\x03\x04":
        yield name, content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in _parts(archive):
                with archive.open(part) as file:
                    inside = file.read(part.file_size + 1)
                if len(inside) != part.file_size:
                    raise FileRefused(_l("The archive unpacks to far more than its size."))
                yield part.filename.rpartition("/")[2], inside
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise FileRefused(_l("The archive is damaged, or protected by a password.")) from error


def _parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > MOST_FILES:
        raise FileRefused(_l("The archive holds more than %(limit)s files.", limit=MOST_FILES))
    if any(part.file_size > max(_SMALL, MOST_RATIO * part.compress_size) for part in parts):
        raise FileRefused(_l("The archive unpacks to far more than its size."))
    if sum(part.file_size for part in parts) > 2 * MOST_BYTES:
        raise FileRefused(_l("The archive unpacks to far more than its size."))
    return [part for part in parts if not part.filename.rpartition("/")[2].startswith(".")]


def open_file(name: str, content: bytes, wanted: str = "") -> Incoming:
    """Begin to read a file by what it is, not by its name. `wanted` is the language that it has to be in.

    Raises FileRefused.
    """
    incoming = _opened(name, content)
    known = languages.find(incoming.language) if incoming.language else None
    if not incoming.language:
        raise FileRefused(_l("The file does not say which language it is in."))
    if known is None or not known.is_enabled or known.tag == SOURCE:
        sentence = _l("Nothing is translated into “%(tag)s” here.", tag=incoming.language[:40])
        raise FileRefused(sentence)
    if wanted and known.tag != wanted:
        words = {"tag": known.tag, "wanted": wanted}
        raise FileRefused(_l("The file is in “%(tag)s”, not in “%(wanted)s”.", **words))
    incoming.language = known.tag
    return incoming


def _opened(name: str, content: bytes) -> Incoming:
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise FileRefused(_l("The file is empty."))
    start = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if start.startswith(b"<"):
        return xliff.open_file(name, content)
    text = _decoded(content)
    if _PO.search(text):
        return po.open_file(name, text)
    if sheets.is_ours(text):
        return sheets.open_file(name, text)
    raise FileRefused(_NOT_OURS)


def _decoded(content: bytes) -> str:
    """Decode a file as it says itself, else as UTF-8."""
    if content[:2] in _WIDE:
        charset = "utf-16"
    else:
        is_catalogue = b'msgid "' in content[: 2**14]
        said = _CHARSET.search(content[: 2**14]) if is_catalogue else None
        charset = said[1].decode() if said and _CHARSETS.fullmatch(said[1].decode()) else "utf-8"
    if charset.lower().replace("-", "") == "utf8":
        charset = "utf-8-sig"
    try:
        text = content.decode(charset)
    except (UnicodeDecodeError, LookupError) as error:
        raise _undecodable(charset) from error
    if "\0" in text:
        raise FileRefused(_NOT_OURS)
    is_catalogue = _PO.search(text) is not None
    return text.replace("\r\n", "\n") if is_catalogue else text


def _undecodable(charset: str) -> FileRefused:
    sentence: Any = _l(
        "The file is not written in %(charset)s. Save it as UTF-8.",
        charset=charset.upper().removesuffix("-SIG"),
    )
    return FileRefused(sentence)
