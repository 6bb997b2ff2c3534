"""Texts as XLIFF, which translation offices work with: 1.2, or 2.0 with its data beside the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from app.kernel.locales import SOURCE
from app.translation.files.entries import TOOL, Text, write_seen
from app.translation.files.inline import UNWRITABLE, Code, Piece, pieces_of

NAMESPACE = "urn:oasis:names:tc:xliff:document:"
META = "urn:oasis:names:tc:xliff:metadata:2.0"
SEEN = "festoon"
"""The category of what is kept of how a text stood."""

_STATES_12: Mapping[str, str] = {
    "missing": "new",
    "machine": "needs-review-translation",
    "draft": "needs-translation",
    "needs_review": "needs-review-translation",
    "approved": "final",
    "stale": "needs-adaptation",
    "rejected": "needs-translation",
}
_STATES_2: Mapping[str, str] = {"missing": "initial", "draft": "initial", "approved": "final"}
_PLAIN = {"\r": "&#13;"}


def write_12(texts: Iterable[Text], language: str, at: datetime) -> Iterator[str]:
    """Write XLIFF 1.2, piece by piece."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<xliff version="1.2" xmlns="{NAMESPACE}1.2" xml:space="preserve">\n'
    yield f'<file original="{TOOL}" source-language="{SOURCE}" target-language={quoteattr(language)}'
    yield f' datatype="html" date="{at:%Y-%m-%dT%H:%M:%SZ}" tool-id="{TOOL}">\n'
    yield f'<header><tool tool-id="{TOOL}" tool-name="{TOOL}"/></header>\n<body>\n'
    for text in texts:
        if not text.is_obsolete:
            yield _unit_12(text)
    yield "</body>\n</file>\n</xliff>\n"


def _unit_12(text: Text) -> str:
    source = pieces_of(text.source)
    seen = write_seen({text.place.field: text.seen})
    approved = ' approved="yes"' if text.state == "approved" else ""
    name = f" resname={quoteattr(_clean(text.title))}" if text.title else ""
    lines = [f'<trans-unit id="{text.place}"{name} extradata="{seen}"{approved}>']
    lines.append(f"<source>{_marked_12(source)}</source>")
    if text.text:
        machine = ' state-qualifier="leveraged-mt"' if text.state == "machine" else ""
        target = _marked_12(pieces_of(text.text, source))
        lines.append(f'<target state="{_STATES_12[text.state]}"{machine}>{target}</target>')
    lines += [f"<note>{_escaped(note)}</note>" for note in text.notes]
    if text.previous:
        was = _marked_12(pieces_of(text.previous))
        target = _marked_12(pieces_of(text.text))
        lines.append('<alt-trans alttranstype="previous-version">')
        lines.append(f"<source>{was}</source><target>{target}</target></alt-trans>")
    return "\n".join([*lines, "</trans-unit>\n"])


def _code_12(code: Code) -> str:
    if code.is_character:
        return f'<x id="{code.id}" ctype="x-character-{ord(code.native):x}"/>'
    name = {"open": "bpt", "close": "ept"}.get(code.end, "ph")
    kind = "" if code.end == "close" else f' ctype="{_token(code.kind)}"'
    return f'<{name} id="{code.id}"{kind}>{_escaped(code.native)}</{name}>'


def write_2(texts: Iterable[Text], language: str, _at: datetime) -> Iterator[str]:
    """Write XLIFF 2.0, piece by piece."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<xliff version="2.0" xmlns="{NAMESPACE}2.0" xmlns:mda="{META}" srcLang="{SOURCE}"'
    yield f' trgLang={quoteattr(language)} xml:space="preserve">\n<file id="{TOOL}">\n'
    is_empty = True
    for text in texts:
        if not text.is_obsolete:
            is_empty = False
            yield _unit_2(text)
    if is_empty:  # a file of nothing is not valid
        yield '<unit id="nothing"><segment><source></source></segment></unit>\n'
    yield "</file>\n</xliff>\n"


def _unit_2(text: Text) -> str:
    data = _Data()
    source = pieces_of(text.source)
    said = data.marked(source)
    target = data.marked(pieces_of(text.text, source)) if text.text else ""
    name = f" name={quoteattr(_clean(text.title))}" if text.title else ""
    seen = write_seen({text.place.field: text.seen})
    notes = [("", note) for note in text.notes]
    if text.previous:
        notes.append((' category="previous-source"', text.previous))
    lines = [f'<unit id="{text.place}"{name}>']
    lines.append(f'<mda:metadata><mda:metaGroup category="{SEEN}"><mda:meta type="seen">{seen}</mda:meta>')
    lines.append("</mda:metaGroup></mda:metadata>")
    if notes:
        words = "".join(f"<note{kind}>{_escaped(note)}</note>" for kind, note in notes)
        lines.append(f"<notes>{words}</notes>")
    if data.natives:
        kept = "".join(
            f'<data id="d{n}">{_escaped(native)}</data>' for n, native in enumerate(data.natives, 1)
        )
        lines.append(f"<originalData>{kept}</originalData>")
    sub = f' subState="{SEEN}:{text.state}"' if text.text else ""
    lines.append(f'<segment state="{_STATES_2.get(text.state, "translated")}"{sub}>')
    lines.append(f"<source>{said}</source>")
    if text.text:
        lines.append(f"<target>{target}</target>")
    return "\n".join([*lines, "</segment>", "</unit>\n"])


class _Data:
    """The native codes of a unit, each kept once beside its text."""

    def __init__(self) -> None:
        self.natives: dict[str, int] = {}

    def marked(self, pieces: Sequence[Piece]) -> str:
        """Write a text; a pair of codes is an element around what is between them."""
        ends = {
            piece.id: piece.native for piece in pieces if isinstance(piece, Code) and piece.end == "close"
        }
        return "".join(
            self._code(piece, ends) if isinstance(piece, Code) else _escaped(piece) for piece in pieces
        )

    def _code(self, code: Code, ends: Mapping[int, str]) -> str:
        if code.is_character:
            return f'<ph id="{code.id}" type="other" subType="{SEEN}:u{ord(code.native):x}"/>'
        if code.end == "close":
            return "</pc>"
        number = self._number(code.native)
        if code.end == "alone":
            return f'<ph id="{code.id}" dataRef="{number}"/>'
        end = self._number(ends[code.id])
        return f'<pc id="{code.id}" dataRefStart="{number}" dataRefEnd="{end}">'

    def _number(self, native: str) -> str:
        return f"d{self.natives.setdefault(native, len(self.natives) + 1)}"


def _marked_12(pieces: Iterable[Piece]) -> str:
    return "".join(_code_12(piece) if isinstance(piece, Code) else _escaped(piece) for piece in pieces)


def _escaped(text: str) -> str:
    return escape(_clean(text), _PLAIN)


def _clean(text: str) -> str:
    """Leave out what XML cannot hold: of notes and titles, which nobody reads back."""
    return UNWRITABLE.sub("", text)


def _token(kind: str) -> str:
    return "".join(sign for sign in kind if sign.isascii() and (sign.isalnum() or sign in "-_"))
