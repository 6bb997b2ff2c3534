"""Writes the database's texts into the catalogues, in the form that `make messages` gives them."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as PoMessage
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict
from app.kernel.locales import SOURCE
from app.translation.interface import storing
from app.translation.interface.catalogues import (
    NAMES,
    Unreadable,
    folder,
    folder_of,
    is_writable,
    locales_with_files,
    mark_of,
    open_catalogue,
    path_of,
    plurals_in,
)
from app.translation.interface.merging import Message, Stored
from app.translation.interface.models import APPBUILDER, OURS
from app.translation.interface.plurals import Plurals
from app.translation.interface.reading import read_files, shipped_sentences
from app.translation.interface.safety import is_safe
from app.translation.models import SHOWN_STATES

WIDTH = 100
_EPOCH = (1980, 1, 1, 0, 0, 0)


class NotWritable(Conflict):
    """The catalogues cannot be written where they lie."""

    code = "not_writable"


@dataclass(slots=True)
class Wrote:
    """What writing the files came to; `left` names each catalogue that was left as it is, and why."""

    files: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return asdict(self)


def write_files(session: Session) -> Wrote:
    """Write every catalogue that would say something else, whole or not at all. Belongs into a unit of work.

    What was changed in the files since they were read is merged first. Raises NotWritable.
    """
    if not is_writable():
        raise NotWritable(_l("The files cannot be written here. Download them instead."))
    read_files(session)
    wrote = Wrote()
    for path, content in _contents(session, wrote):
        if not path.is_file() or path.read_bytes() != content:
            _replace(path, content)
            wrote.files.append(str(path.relative_to(folder())))
    read_files(session, is_own=True)
    storing.note_run(session, "write", wrote.facts())
    return wrote


def packed(session: Session) -> bytes:
    """Give all catalogues as a zip file that is unpacked over the folder."""
    storing.lock(session)
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in _contents(session, Wrote()):
            name = Path("translations") / path.relative_to(folder())
            archive.writestr(zipfile.ZipInfo(str(name), _EPOCH), content, zipfile.ZIP_DEFLATED)
    return memory.getvalue()


def _contents(session: Session, wrote: Wrote) -> Iterator[tuple[Path, bytes]]:
    """Give every catalogue, written and compiled."""
    messages = storing.load_messages(session, locked=False)
    for tag in locales_with_files():
        for domain in NAMES:
            try:
                catalogue = _catalogue(messages, tag, domain)
            except Unreadable as error:
                wrote.left.append(str(error))
                continue
            if catalogue is None:
                continue
            written = BytesIO()
            write_po(written, catalogue, width=WIDTH)
            yield path_of(tag, domain), written.getvalue()
            compiled = BytesIO()
            written.seek(0)
            write_mo(compiled, read_po(written, locale=folder_of(tag)))
            yield path_of(tag, domain, "mo"), compiled.getvalue()


def _catalogue(messages: Mapping[str, Message], tag: str, domain: str) -> Catalog | None:
    """Make a catalogue out of its file, or a new one; None for one of overrides where nothing is overridden."""
    path = path_of(tag, domain)
    catalogue = open_catalogue(path, tag) if path.is_file() else _new(tag, domain)
    template = Catalog(fuzzy=False)
    living = [m for m in messages.values() if m.facts["domain"] == domain and not m.facts["is_obsolete"]]
    for entry in sorted(map(_entry, living)):
        template[entry.id] = entry
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    if tag != SOURCE:
        _say(catalogue, messages, tag, domain)
    if domain == APPBUILDER and not path.is_file():
        return catalogue if any(_is_said(entry) for entry in catalogue if entry.id) else None
    return catalogue


def _new(tag: str, domain: str) -> Catalog:
    """Begin a catalogue with the head of the source language's; its plural forms are the language's own."""
    model = path_of(SOURCE, OURS)
    head = open_catalogue(model, SOURCE) if model.is_file() else None
    catalogue = Catalog(locale=folder_of(tag), domain=NAMES[domain], fuzzy=False)
    if head is not None:
        names = ("project", "version", "msgid_bugs_address", "creation_date", "revision_date")
        for name in (*names, "last_translator", "charset"):
            setattr(catalogue, name, getattr(head, name))
        catalogue.header_comment = head.header_comment
    catalogue.language_team = folder_of(tag)
    return catalogue


def _entry(message: Message) -> PoMessage:
    facts = message.facts
    plural = facts["msgid_plural"]
    return PoMessage(
        (facts["msgid"], plural) if plural else facts["msgid"],
        auto_comments=facts["comment"].splitlines(),
        flags=[flag for flag in facts["flags"].split(", ") if flag],
        context=facts["context"] or None,
    )


def _say(catalogue: Catalog, messages: Mapping[str, Message], tag: str, domain: str) -> None:
    """Put the database's texts into a catalogue, those of obsolete messages too."""
    plurals = plurals_in(catalogue, tag)
    shipped = {s.mark: s.texts for s in shipped_sentences(tag)} if domain == APPBUILDER else {}
    for entry in catalogue:
        if entry.id:
            mark = _mark(entry, domain)
            _say_one(entry, messages[mark], tag, plurals, shipped.get(mark, {}))
    gone = [m for m in messages.values() if m.facts["domain"] == domain and m.facts["is_obsolete"]]
    for message in sorted(gone, key=lambda m: (m.facts["msgid"], m.facts["context"])):
        msgid, context = message.facts["msgid"], message.facts["context"]
        key = (msgid, context) if context else msgid
        entry = catalogue.obsolete.get(key) or _entry(message)
        _say_one(entry, message, tag, plurals, shipped.get(message.mark, {}))
        if _is_said(entry):
            catalogue.obsolete[key] = entry


def _say_one(
    entry: PoMessage, message: Message, tag: str, plurals: Plurals, shipped: Mapping[str, str]
) -> None:
    facts, strings, is_fuzzy = message.facts, [], False
    for name in plurals.fields_of(facts["msgid_plural"]):
        row: Stored | None = message.texts.get((tag, name))
        if row is None or row.state == "rejected" or row.text == shipped.get(name):
            strings.append("")
            continue
        is_fuzzy |= row.state not in SHOWN_STATES
        is_fuzzy |= not is_safe(facts["msgid"], facts["msgid_plural"], row.text)
        strings.append(row.text)
    entry.string = tuple(strings) if facts["msgid_plural"] else strings[0]
    entry.flags = (set(entry.flags) - {"fuzzy"}) | ({"fuzzy"} if is_fuzzy else set())


def _mark(entry: PoMessage, domain: str) -> str:
    msgid = entry.id[0] if isinstance(entry.id, (list, tuple)) else entry.id
    return mark_of(domain, entry.context or "", str(msgid))


def _is_said(entry: PoMessage) -> bool:
    return any(entry.string) if isinstance(entry.string, (list, tuple)) else bool(entry.string)


def _replace(path: Path, content: bytes) -> None:
    """Put a file in the place of another at once: nobody reads half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.is_file() else 0o644
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise NotWritable(_l("The files cannot be written here. Download them instead.")) from error
