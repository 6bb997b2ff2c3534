"""XLIFF on its way in: read as it streams; what it declares is not followed, a unit that is none has its line told."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_namespaces

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser
from flask_babel import lazy_gettext as _l

from app.kernel.errors import FileRefused
from app.translation.files.entries import (
    LONGEST,
    Entry,
    Found,
    Incoming,
    Malformed,
    not_ours,
    read_place,
    read_seen,
)
from app.translation.files.inline import Natives
from app.translation.files.xliff_writing import NAMESPACE, SEEN

ENDING = "xlf"
_CHUNK = 2**16
_DEEPEST = 64
_INLINE = frozenset({"bpt", "ept", "ph", "it", "g", "x", "bx", "ex", "pc", "sc", "ec", "cp"})
_SURE_12 = frozenset({"final", "signed-off", "translated", ""})
_SURE_2 = frozenset({"translated", "reviewed", "final"})
_UNSURE = frozenset(
    {f"{SEEN}:{state}" for state in ("machine", "draft", "needs_review", "stale", "rejected")}
)


class _Said:
    """What a source or a target says, its codes in their own words again."""

    def __init__(self, of_source: Natives, data: dict[str, str], *, is_source: bool) -> None:
        self.of_source = of_source
        self.data = data
        self.is_source = is_source
        self.parts: list[str] = []
        self.length = 0
        self.lost = ""

    def say(self, text: str) -> None:
        self.length += len(text)
        if self.length <= LONGEST:
            self.parts.append(text)

    def native(self, number: str, native: str, *, is_close: bool = False) -> None:
        """Say a code; one that the file gives by its number alone is as it was in the source."""
        if native and self.is_source:
            self.of_source.take(number, native, is_close=is_close)
        known = self.of_source.closes if is_close else self.of_source.opens
        if not native and number not in known:
            self.lost = number or "?"
        self.say(native or known.get(number, ""))

    @property
    def text(self) -> str:
        return "".join(self.parts)


class _Unit:
    """A unit while it is read."""

    def __init__(self, name: str, line: int, seen: str, states: list[str]) -> None:
        self.id = name
        self.line = line
        self.seen = seen
        self.states = states
        self.data: dict[str, str] = {}
        self.natives = Natives({}, {})
        self.source = _Said(self.natives, self.data, is_source=True)
        self.target = _Said(self.natives, self.data, is_source=False)


class _Reader(ContentHandler):
    """Takes the events of the parser; `found` fills with what is whole."""

    def __init__(self) -> None:
        super().__init__()
        self.found: deque[Found] = deque()
        self.language: str | None = None
        self.is_two = False
        self.path: list[str] = []
        self.unit: _Unit | None = None
        self.said: _Said | None = None
        self.code: tuple[str, str, list[str]] | None = None
        self.ends: list[tuple[str, str]] = []
        self.kept: list[str] | None = None
        self.locator: Any = None

    @property
    def line(self) -> int:
        return int(self.locator.getLineNumber() or 0) if self.locator else 0

    def startElementNS(self, name: Any, _qname: Any, attrs: Any) -> None:  # noqa: N802  # the parser calls it so
        space, tag = name
        given = {key: value for (_space, key), value in attrs.items()}
        if not self.path and (tag != "xliff" or not str(space).startswith(NAMESPACE)):
            raise FileRefused(_l("This is no XLIFF file."))
        self.path.append(tag)
        if len(self.path) > _DEEPEST:
            raise FileRefused(_l("The file is nested too deep."))
        if tag == "xliff":
            self.is_two = str(given.get("version", "")).startswith("2")
            self.language = given.get("trgLang") if self.is_two else self.language
        elif tag == "file" and not self.is_two:
            self._file(given.get("target-language", ""))
        elif tag in ("trans-unit", "unit"):
            self._begin_unit(given)
        elif self.unit is not None and self.said is None:
            self._around(self.unit, tag, given)
        elif self.said is not None and self.code is None and tag in _INLINE:
            self._begin_code(self.said, tag, given)

    def endElementNS(self, name: Any, _qname: Any) -> None:  # noqa: N802
        tag = name[1]
        self.path.pop()
        if self.code is not None and tag == self.code[0]:
            self._end_code()
        elif tag in ("g", "pc") and self.said is not None and self.code is None:
            number, native = self.ends.pop()
            self.said.native(number, native, is_close=True)
        elif tag in ("source", "target"):
            self.said = None
        elif tag in ("data", "meta") and self.unit is not None and self.kept is not None:
            self._kept(self.unit, tag)
        elif tag in ("trans-unit", "unit") and self.unit is not None:
            self.found.append(self._whole(self.unit))
            self.unit = None

    def characters(self, content: str) -> None:
        if self.code is not None:
            self.code[2].append(content)
        elif self.said is not None:
            self.said.say(content)
        elif self.kept is not None:
            self.kept.append(content)

    def _file(self, language: str) -> None:
        if self.language not in (None, language):
            raise FileRefused(_l("The file holds texts in more than one language; give one file for each."))
        self.language = language

    def _begin_unit(self, given: dict[str, str]) -> None:
        self.said = self.code = self.kept = None
        self.ends = []
        self.unit = _Unit(given.get("id", ""), self.line, given.get("extradata", ""), [])
        if given.get("approved") == "yes":
            self.unit.states.append("approved")

    def _around(self, unit: _Unit, tag: str, given: dict[str, str]) -> None:
        """Take what stands in a unit beside its texts."""
        if tag in ("source", "target") and "alt-trans" not in self.path and "matches" not in self.path:
            self.said = unit.source if tag == "source" else unit.target
            if tag == "target" and not self.is_two:
                unit.states.append(given.get("state", ""))
                if given.get("state-qualifier") == "leveraged-mt":
                    unit.states.append("needs-review-translation")
        elif tag == "segment":
            unit.states += [given.get("state", "initial"), given.get("subState", "")]
        elif tag == "data":
            self.kept = [given.get("id", "")]
        elif tag == "meta" and given.get("type") == "seen":
            self.kept = [""]
        elif tag == "cp" and self.kept is not None:
            self.kept.append(_sign(given.get("hex", "")))

    def _kept(self, unit: _Unit, tag: str) -> None:
        number, *words = self.kept or [""]
        if tag == "data":
            unit.data[number] = "".join(words)
        else:
            unit.seen = "".join(words)
        self.kept = None

    def _begin_code(self, said: _Said, tag: str, given: dict[str, str]) -> None:
        number = given.get("startRef") or given.get("id") or given.get("rid") or ""
        if tag == "cp":
            said.say(_sign(given.get("hex", "")))
        elif (mark := _character(given)) is not None:
            said.native(number, mark)
        elif tag == "pc":
            said.native(number, said.data.get(given.get("dataRefStart", ""), ""))
            self.ends.append((number, said.data.get(given.get("dataRefEnd", ""), "")))
        elif tag == "g":
            said.native(number, "")
            self.ends.append((number, ""))
        elif tag in ("sc", "ec") or (tag == "ph" and self.is_two):
            said.native(number, said.data.get(given.get("dataRef", ""), ""), is_close=tag == "ec")
        else:
            self.code = (tag, number, [])

    def _end_code(self) -> None:
        if self.said is not None and self.code is not None:
            tag, number, words = self.code
            self.said.native(number, "".join(words), is_close=tag in ("ept", "ex"))
        self.code = None

    def _whole(self, unit: _Unit) -> Found:
        place = read_place(unit.id)
        if place is None:
            return Malformed(unit.line, not_ours(unit.id))
        if unit.target.lost:
            words = _l("The mark %(number)s of its text is not in its source.", number=unit.target.lost[:40])
            return Malformed(unit.line, words)
        if max(unit.source.length, unit.target.length) > LONGEST:
            return Malformed(unit.line, _l("A text is too long."))
        seen = read_seen(unit.seen).get(place.field)
        text = unit.target.text
        return Entry(place, unit.source.text, text, bool(text) and self._is_unsure(unit), seen, unit.line)

    def _is_unsure(self, unit: _Unit) -> bool:
        if not self.is_two:
            return "approved" not in unit.states and not _SURE_12.issuperset(unit.states)
        states = [state for state in unit.states if ":" not in state and state]
        return not _SURE_2.issuperset(states) or bool(_UNSURE.intersection(unit.states))


def _sign(number: str) -> str:
    try:
        sign = chr(int(number, 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ud800" <= sign <= "\udfff" else sign  # half a sign


def _character(given: dict[str, str]) -> str | None:
    """Give the sign that XML cannot hold and that a code of ours stands for."""
    for name, before in (("ctype", "x-character-"), ("subType", f"{SEEN}:u")):
        if given.get(name, "").startswith(before):
            return _sign(given[name].removeprefix(before))
    return None


def open_file(name: str, content: bytes) -> Incoming:
    """Begin to read an XLIFF file; gives its language as soon as that was read. Raises FileRefused."""
    reader = _Reader()
    entries = _entries(reader, content)
    ahead: list[Found] = []
    while reader.language is None:
        found = next(entries, None)
        if found is None:
            break
        ahead.append(found)
    return Incoming(name, ENDING, reader.language or "", _rejoined(ahead, entries))


def _rejoined(ahead: list[Found], rest: Iterator[Found]) -> Iterator[Found]:
    yield from ahead
    yield from rest


def _entries(reader: _Reader, content: bytes) -> Iterator[Found]:
    parser = make_parser()
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_ges, False)
    parser.forbid_dtd = parser.forbid_entities = parser.forbid_external = True
    parser.setContentHandler(reader)
    reader.locator = parser
    file = io.BytesIO(content)
    try:
        while chunk := file.read(_CHUNK):
            parser.feed(chunk)
            while reader.found:
                yield reader.found.popleft()
        parser.close()
    except DefusedXmlException as error:
        raise FileRefused(_l("The file declares types or entities, which no XLIFF file needs.")) from error
    except SAXParseException as error:
        line = error.getLineNumber()
        raise FileRefused(_l("The file is no well-formed XML: line %(line)s.", line=line)) from error
    except (SAXException, LookupError, ValueError) as error:
        raise FileRefused(_l("The file is no well-formed XML: line %(line)s.", line=reader.line)) from error
    yield from reader.found
