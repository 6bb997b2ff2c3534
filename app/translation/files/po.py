"""Texts as a PO file, which Poedit and its like open: `msgctxt` says where each belongs, fuzzy what is not done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.translation.files.entries import (
    TOOL,
    Entry,
    Found,
    Incoming,
    Malformed,
    Place,
    Text,
    not_ours,
    read_place,
    read_seen,
    write_seen,
)
from app.translation.files.gettext_files import FUZZY, Message, header_of, read_messages, write_message
from app.translation.interface.catalogues import plurals_for
from app.translation.interface.plurals import CATEGORIES, Plurals, plurals_of

ENDING = "po"
MEDIA_TYPE = "text/x-gettext-translation"
FORMS = "forms"
"""Stands for the field in the `msgctxt` of a message with plural, whose forms are fields of their own."""

SEEN = "festoon:"
"""What the comment begins with that keeps how the texts stood when the file was written."""


def write(texts: Iterable[Text], language: str, at: datetime) -> Iterator[str]:
    """Write a catalogue, piece by piece. The forms of one message come one after the other."""
    plurals = plurals_for(language)
    yield write_message(_header(language, plurals, at))
    for group in _grouped(texts):
        yield write_message(_message(group, plurals))


def _header(language: str, plurals: Plurals, at: datetime) -> Message:
    facts = {
        "Project-Id-Version": TOOL,
        "POT-Creation-Date": at.strftime("%Y-%m-%d %H:%M%z"),
        "PO-Revision-Date": at.strftime("%Y-%m-%d %H:%M%z"),
        "Language": language.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals={len(plurals.forms)}; plural={plurals.rule};",
        "X-Generator": TOOL,
    }
    return Message(strings={0: "".join(f"{name}: {value}\n" for name, value in facts.items())})


def _grouped(texts: Iterable[Text]) -> Iterator[list[Text]]:
    group: list[Text] = []
    for text in texts:
        if group and not (text.plural and group[0].plural and _same(text, group[0])):
            yield group
            group = []
        group.append(text)
    if group:
        yield group


def _same(one: Text, other: Text) -> bool:
    return one.place.object_id == other.place.object_id and one.place.content_type == other.place.content_type


def _message(group: list[Text], plurals: Plurals) -> Message:
    first = group[0]
    place = first.place
    notes = [line for line in (first.title, *first.notes) if line]
    if not first.is_obsolete:
        notes.append(f"{SEEN} {write_seen({text.place.field: text.seen for text in group})}")
    message = Message(
        id=first.source,
        context=str(place),
        strings={0: first.text},
        notes=[part for line in notes for part in line.splitlines()],
        flags=[*([FUZZY] if any(text.is_unsure for text in group) else []), *first.flags],
        previous_id=first.previous or None,
        is_obsolete=first.is_obsolete,
    )
    if first.plural is not None:
        message.id, message.plural = first.plural.one, first.plural.other
        message.context = str(Place(place.content_type, FORMS, place.object_id))
        said = {text.place.field: text.text for text in group}
        message.strings = {index: said.get(name, "") for index, name in enumerate(plurals.forms)}
    return message


def open_file(name: str, text: str) -> Incoming:
    """Begin to read a catalogue; its header says the language."""
    messages = read_messages(text)
    header: dict[str, str] = {}
    first: list[Message | Malformed] = []
    for message in messages:
        if isinstance(message, Message) and message.is_header:
            header = header_of(message)
            break
        first.append(message)
        if len(first) > 20:
            break
    language = header.get("language", "").replace("_", "-")
    plurals = _plurals_of(language, header.get("plural-forms", ""))
    return Incoming(name, ENDING, language, _entries([*first], messages, plurals))


def _plurals_of(language: str, said: str) -> Plurals:
    """Tell which category each form is of, by the header's own rule where that can be understood."""
    parts = dict(part.strip().partition("=")[::2] for part in said.split(";") if "=" in part)
    try:
        count, rule = int(parts.get("nplurals", "0")), parts.get("plural", "").strip()
        return plurals_of(language or "en", count if 0 < count <= len(CATEGORIES) else 0, rule)
    except (ValueError, ArithmeticError, RecursionError):
        return plurals_of(language or "en")


def _entries(
    first: list[Message | Malformed], rest: Iterator[Message | Malformed], plurals: Plurals
) -> Iterator[Found]:
    for part in (first, rest):
        for message in part:
            if isinstance(message, Malformed):
                yield message
            elif not message.is_obsolete and not message.is_header:
                yield from _of_message(message, plurals)


def _of_message(message: Message, plurals: Plurals) -> Iterator[Found]:
    place = read_place(message.context or "")
    if place is None:
        yield Malformed(message.line, not_ours(message.context or ""))
        return
    seen = {}
    for note in (*message.notes, *message.comments):  # some editors make the one of the other
        if note.startswith(SEEN):
            seen = read_seen(note)
    if not message.plural:
        text = message.strings.get(0, "")
        yield Entry(place, message.id, text, message.is_fuzzy, seen.get(place.field), message.line)
        return
    if max(message.strings) >= len(plurals.forms):
        sentence: Any = _l("The message has more forms than the language.")
        yield Malformed(message.line, sentence)
        return
    for index, text in sorted(message.strings.items()):
        name = plurals.forms[index]
        source = message.id if name == "one" else message.plural
        form = Place(place.content_type, name, place.object_id)
        yield Entry(form, source, text, message.is_fuzzy, seen.get(name), message.line)
