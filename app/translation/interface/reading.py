"""Reads the files of the catalogues into the database: at every start, by a command, and from the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.locales import SOURCE
from app.translation.interface import storing
from app.translation.interface.catalogues import (
    Sentence,
    Unreadable,
    fingerprint,
    locales_with_files,
    open_catalogue,
    path_of,
    sentences,
    shipped_path,
)
from app.translation.interface.gathering import appbuilder_sentences
from app.translation.interface.live import words
from app.translation.interface.merging import Merge, Message, merge_language, merge_lives
from app.translation.interface.models import APPBUILDER, OURS


@dataclass(slots=True)
class Read:
    """What reading the files came to; `unreadable` names each catalogue that is none, and why."""

    added: int = 0
    changed: int = 0
    texts: int = 0
    removed: int = 0
    suggested: int = 0
    unreadable: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return asdict(self)


def read_files(session: Session, *, force: bool = False, is_own: bool = False) -> Read | None:
    """Merge the files into the database; None when they are as they were. Belongs into a unit of work.

    With `is_own` they were just written from the database, and no text is merged.
    """
    storing.lock(session)
    mark = fingerprint()
    last = storing.last_runs(session).get("read")
    if last is not None and last.fingerprint == mark and not force:
        return None
    read = Read()
    messages = storing.load_messages(session)
    merge, living = Merge(), _living(messages, read)
    for tag in locales_with_files():
        said = list(_said(tag, read, messages))
        for sentence in said:
            message = storing.know(messages, sentence)
            living.setdefault(message.mark, False)
            _follow(message, sentence, is_source=tag == SOURCE)
        if tag != SOURCE:
            merge_language(merge, messages, tag, said, is_own=is_own)
    merge_lives(messages, living)
    read.added, read.changed = storing.save_messages(session, messages.values())
    storing.save_texts(session, merge)
    read.texts = len(merge.written) + len(merge.approved) + len(merge.doubted)
    read.removed, read.suggested = len(merge.removed), len(merge.suggested)
    # A file that cannot be read is tried again at the next start.
    storing.note_run(session, "read", read.facts(), "" if read.unreadable else mark)
    words.changed(session)
    return read


def _living(messages: dict[str, Message], read: Read) -> dict[str, bool]:
    """Tell which messages there are: those of the source language's catalogue, and of Flask-AppBuilder's code."""
    living: dict[str, bool] = {}
    for sentence in _file(SOURCE, OURS, read):
        storing.know(messages, sentence)
        living[sentence.mark] = not sentence.is_obsolete
    if not living:  # a file that is missing or broken ends no sentence
        living = {m.mark: bool(m.is_in_files) for m in messages.values() if m.is_in_files is not None}
    ours = {(m.facts["context"], m.facts["msgid"]) for m in messages.values() if m.facts["domain"] == OURS}
    for sentence in appbuilder_sentences():
        if (sentence.context, sentence.msgid) not in ours:
            storing.follow(storing.know(messages, sentence), {"where_used": sentence.where_used})
            living[sentence.mark] = True
    return living


def _follow(message: Message, sentence: Sentence, *, is_source: bool) -> None:
    """Take over what the source language's catalogue says of a message itself."""
    if is_source and not sentence.is_obsolete:
        facts = {name: getattr(sentence, name) for name in ("msgid_plural", "flags")}
        storing.follow(message, facts)


def _said(tag: str, read: Read, messages: dict[str, Message]) -> Iterator[Sentence]:
    """Give what the files of a language say; of Flask-AppBuilder's own what ours does not say otherwise."""
    yield from _file(tag, OURS, read)
    ours = {sentence.mark: sentence for sentence in _file(tag, APPBUILDER, read)}
    yield from (sentence for sentence in ours.values() if any(sentence.texts.values()))
    for sentence in shipped_sentences(tag):
        own = ours.get(sentence.mark)
        is_known = sentence.mark in messages and (own is None or not any(own.texts.values()))
        if is_known:
            yield sentence


def shipped_sentences(tag: str) -> Iterator[Sentence]:
    """Give what Flask-AppBuilder's own catalogue says in a language."""
    path = shipped_path(tag) if tag != SOURCE else None
    if path is None:
        return
    try:
        found = list(sentences(open_catalogue(path, tag), tag, APPBUILDER))
    except Unreadable:
        return
    yield from (sentence for sentence in found if not sentence.is_obsolete and not sentence.is_fuzzy)


def _file(tag: str, domain: str, read: Read) -> Iterator[Sentence]:
    path = path_of(tag, domain)
    if not path.is_file():
        return
    try:
        found = list(sentences(open_catalogue(path, tag), tag, domain))
    except Unreadable as error:
        if str(error) not in read.unreadable:
            read.unreadable.append(str(error))
        return
    yield from found
