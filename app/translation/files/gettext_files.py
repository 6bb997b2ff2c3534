"""Gettext's PO files, read message by message with what is wrong in them, and written as editors expect them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from app.translation.files.entries import LONGEST, Malformed

FUZZY = "fuzzy"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPED = re.compile(r'[\\"\n\t\r\v\f\b\a]')
_WRITTEN = {sign: f"\\{letter}" for letter, sign in _ESCAPES.items()} | {"\\": "\\\\", '"': '\\"'}
_READ = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\Z')
_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[([0-9]{1,2})\])?)\s*(".*)\Z', re.DOTALL)
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_PREVIOUS = {"msgctxt": "previous_context", "msgid": "previous_id", "msgid_plural": "previous_plural"}


@dataclass(slots=True)
class Message:
    """A message with all that a PO file can say of it. `context` is None where there is none: not the same as "".

    A message without plural has its text under 0. `comments` are the translators', `notes` those of the source.
    """

    id: str = ""
    plural: str = ""
    context: str | None = None
    strings: dict[int, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    previous_context: str | None = None
    previous_id: str | None = None
    previous_plural: str | None = None
    is_obsolete: bool = False
    line: int = 0

    @property
    def is_header(self) -> bool:
        """Tell whether it is what a catalogue says of itself."""
        return not self.id and self.context is None and not self.is_obsolete

    @property
    def is_fuzzy(self) -> bool:
        """Tell whether somebody has to look at it again."""
        return FUZZY in self.flags


class _Fault(ValueError):
    def __init__(self, sentence: Any) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def header_of(message: Message) -> dict[str, str]:
    """Read what a catalogue says of itself, by name in small letters."""
    lines = (line.partition(":") for line in message.strings.get(0, "").split("\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}


def read_messages(text: str) -> Iterator[Message | Malformed]:
    """Read a PO file. A message that cannot be read is told with its line; the next one is read."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        yield from reader.take(number, line.strip(" \t\r\f\v"))
    yield from reader.finish()


class _Reader:
    """Takes line by line; a message is whole when something begins that can only be of the next."""

    def __init__(self) -> None:
        self.message = Message()
        self.part: tuple[str, int] | None = None
        self.pieces: list[str] = []
        self.size = 0
        self.has_id = self.has_text = self.has_any = self.is_broken = False

    def take(self, number: int, line: str) -> Iterator[Message | Malformed]:
        if self.is_broken:  # what is left of a message that cannot be read
            if line and not line.startswith(("#", "msgctxt")):
                return
            self._begin()
        if not line:
            if self.has_text:
                yield from self.finish()
            return
        is_obsolete = line.startswith("#~")
        if is_obsolete:
            line = line[2:].lstrip()
        if self._is_next(line):
            yield from self.finish()
        try:
            self._line(number, line, is_obsolete)
        except _Fault as fault:
            yield Malformed(number, fault.sentence)
            self.is_broken = True

    def finish(self) -> Iterator[Message | Malformed]:
        """Give the message that was read, if there is one."""
        if self.has_any and not self.is_broken:
            if self.has_id and self.has_text:
                self._keep()
                yield self.message
            elif self.has_id or self.message.context is not None or self.part is not None:
                yield Malformed(self.message.line, _l("The message breaks off."))
        self._begin()

    def _begin(self) -> None:
        self.message, self.part, self.pieces, self.size = Message(), None, [], 0
        self.has_id = self.has_text = self.has_any = self.is_broken = False

    def _is_next(self, line: str) -> bool:
        if not self.has_text:
            return False
        is_previous = line.startswith("|")  # behind a mark of what is obsolete
        return is_previous or (line.startswith(("#", "msgctxt", "msgid")) and not line.startswith("msgid_pl"))

    def _line(self, number: int, line: str, is_obsolete: bool) -> None:
        if not self.has_any:
            self.message.line, self.has_any = number, True
        if line.startswith("#|") or (is_obsolete and line.startswith("|")):
            self._words(number, line.lstrip("#|").lstrip(), is_previous=True)
        elif line.startswith("#"):
            self._comment(line)
        elif line:
            self.message.is_obsolete |= is_obsolete
            self._words(number, line, is_previous=False)

    def _comment(self, line: str) -> None:
        kind, rest = line[1:2], line[2:]
        if kind == ".":
            self.message.notes.append(rest.strip())
        elif kind == ":":
            self.message.places += rest.split()
        elif kind in (",", "="):
            self.message.flags += [flag for part in rest.split(",") if (flag := part.strip())]
        else:
            self.message.comments.append(line[1:].strip())

    def _words(self, number: int, line: str, *, is_previous: bool) -> None:
        found = _KEYWORD.match(line)
        if found is not None:
            self._keep()
            name = found[1].partition("[")[0]
            self._open(number, name, int(found[2] or 0), is_previous=is_previous)
            line = found[3]
        elif not line.startswith('"') or self.part is None:
            raise _Fault(_l("“%(line)s” is nothing that can stand here.", line=line[:60]))
        quoted = _QUOTED.match(line)
        if quoted is None:
            raise _Fault(_l("A quotation mark is missing, or one too many."))
        if quoted[1]:
            self.pieces.append(quoted[1])
            self.size += len(quoted[1])
        if self.size > LONGEST:
            raise _Fault(_l("A text is too long."))

    def _open(self, number: int, name: str, index: int, *, is_previous: bool) -> None:
        if is_previous:
            if name not in _PREVIOUS:
                raise _Fault(_l("“%(line)s” is nothing that can stand here.", line=f"#| {name}"))
            self.part = (_PREVIOUS[name], 0)
            return
        if name == "msgid":
            if self.has_id:
                raise _Fault(_l("The message breaks off."))
            self.has_id = True
            self.message.line = self.message.line if self.message.context is not None else number
        elif name == "msgctxt" and self.message.context is None and not self.has_id:
            self.message.line = number
        elif name == "msgctxt" or not self.has_id or (name == "msgid_plural" and self.has_text):
            raise _Fault(_l("“%(line)s” is nothing that can stand here.", line=name))
        if name == "msgstr":
            if index in self.message.strings:
                raise _Fault(_l("A text stands twice in the message."))
            self.has_text = True
            self.message.strings[index] = ""
        self.part = (
            {"msgid": "id", "msgid_plural": "plural", "msgctxt": "context"}.get(name, "strings"),
            index,
        )

    def _keep(self) -> None:
        """Put down what was read of a part."""
        if self.part is None:
            return
        text = _READ.sub(_sign, "".join(self.pieces))
        name, index = self.part
        if name == "strings":
            self.message.strings[index] = text
        else:
            setattr(self.message, name, text)
        self.part, self.pieces, self.size = None, [], 0


def _sign(found: re.Match[str]) -> str:
    if found[1] or found[2]:
        return chr(int(found[1], 16) if found[1] else int(found[2], 8))
    return _ESCAPES.get(found[3], found[3])


def write_message(message: Message) -> str:
    """Write a message with the empty line after it."""
    before = "#~ " if message.is_obsolete else ""
    lines = [f"# {line}".rstrip() for line in message.comments]
    lines += [f"#. {line}".rstrip() for line in message.notes]
    lines += [f"#: {place}" for place in message.places]
    if message.flags:
        lines.append(f"#, {', '.join(message.flags)}")
    was = (("msgctxt", message.previous_context), ("msgid", message.previous_id))
    for name, text in (*was, ("msgid_plural", message.previous_plural)):
        if text is not None:
            lines += _quoted(name, text, "#~| " if before else "#| ")
    if message.context is not None:
        lines += _quoted("msgctxt", message.context, before)
    lines += _quoted("msgid", message.id, before)
    if message.plural:
        lines += _quoted("msgid_plural", message.plural, before)
        for index, text in sorted(message.strings.items()):
            lines += _quoted(f"msgstr[{index}]", text, before)
    else:
        lines += _quoted("msgstr", message.strings.get(0, ""), before)
    return "\n".join(lines) + "\n\n"


def write_messages(messages: Iterable[Message]) -> str:
    """Write a whole file."""
    return "".join(map(write_message, messages))


def _quoted(name: str, text: str, before: str) -> list[str]:
    """Write a text: several lines each on one of its own, under an empty one."""
    lines = [_ESCAPED.sub(lambda found: _WRITTEN[found[0]], line) for line in _LINES.findall(text)]
    if len(lines) < 2:
        return [f'{before}{name} "{"".join(lines)}"']
    return [f'{before}{name} ""', *(f'{before}"{line}"' for line in lines)]
