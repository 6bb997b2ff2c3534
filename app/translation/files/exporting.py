"""Any selection of texts as a file: read page by page, so that a large one takes no more memory than a small one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.translation.files import po, sheets, xliff, xliff_writing
from app.translation.files.entries import Place, Plural, Text
from app.translation.interface.models import CONTENT_TYPE, InterfaceMessage
from app.translation.interface.plurals import CATEGORIES
from app.translation.models import Translation
from app.translation.units import Asked, Unit, units

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it is called, its ending, and what writes it."""

    name: str
    label: str
    ending: str
    media_type: str
    write: Callable[[Iterable[Text], str, datetime], Iterator[str]]


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("po", "PO (gettext)", po.ENDING, po.MEDIA_TYPE, po.write),
        Format("xliff-1.2", "XLIFF 1.2", xliff.ENDING, "application/xliff+xml", xliff_writing.write_12),
        Format("xliff-2.0", "XLIFF 2.0", xliff.ENDING, "application/xliff+xml", xliff_writing.write_2),
        Format("csv", "CSV", sheets.ENDING, "text/csv", sheets.write),
    )
}

Told = Callable[[Unit], tuple[str, ...]]
"""Says where a text stands, line by line: the content type and the field in words, the address of its record."""


def write_file(
    session: Session, user: Any, asked: Asked, form: Format, told: Told, at: datetime, file: IO[bytes]
) -> int:
    """Write the texts asked for; gives how many. One file is of one language."""
    counted = _Counted(texts_of(session, user, asked, told))
    for piece in form.write(counted, asked.locale, at):
        file.write(piece.encode())
    return counted.count


def write_archive(
    session: Session,
    user: Any,
    asked: Iterable[Asked],
    form: Format,
    told: Told,
    at: datetime,
    file: IO[bytes],
) -> int:
    """Write a file for each language, packed into one."""
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in asked:
            with archive.open(file_name(one.locale, form, at), "w", force_zip64=True) as part:
                count += write_file(session, user, one, form, told, at, part)
    return count


def file_name(locale: str, form: Format, at: datetime) -> str:
    """Name a file by its language and its day."""
    return f"festoon-{locale}-{at:%Y-%m-%d}.{form.ending}"


class _Counted:
    def __init__(self, texts: Iterator[Text]) -> None:
        self.texts = texts
        self.count = 0

    def __iter__(self) -> Iterator[Text]:
        for text in self.texts:
            self.count += not text.is_obsolete
            yield text


def texts_of(session: Session, user: Any, asked: Asked, told: Told) -> Iterator[Text]:
    """Give the texts asked for in the order of the queue, all forms of a message together, then what is obsolete."""
    seen: set[UUID] = set()
    after = ""
    while page := units(session, user, asked, _AT_ONCE, after):
        after = page[-1].key
        plurals = _plurals(session, page)
        whole = _whole_messages(session, user, asked, plurals.keys() - seen)
        for unit in page:
            if unit.object_id not in plurals:
                yield _text(unit, told)
            elif unit.object_id not in seen:
                seen.add(unit.object_id)
                for form in whole[unit.object_id]:
                    yield replace(_text(form, told), plural=plurals[unit.object_id])
        if len(page) < _AT_ONCE:
            break
    if not asked.states and not asked.owner_ids and asked.owner_id is None and not asked.search:
        yield from _obsolete(session, user, asked)


def _plurals(session: Session, page: list[Unit]) -> dict[UUID, Plural]:
    keys = {unit.object_id for unit in page if _is_form(unit)}
    if not keys:
        return {}
    found = session.execute(
        select(InterfaceMessage.id, InterfaceMessage.msgid, InterfaceMessage.msgid_plural).where(
            InterfaceMessage.id.in_(keys)
        )
    )
    return {key: Plural(one, other or one) for key, one, other in found}


def _is_form(unit: Unit) -> bool:
    return unit.content_type == CONTENT_TYPE and unit.field in CATEGORIES


def _whole_messages(session: Session, user: Any, asked: Asked, keys: set[UUID]) -> dict[UUID, list[Unit]]:
    """Read every form of some messages: those that were not asked for, too, for an entry holds them all."""
    forms: dict[UUID, list[Unit]] = {}
    if keys:
        whole = Asked(asked.locale, types=(CONTENT_TYPE,), owner_ids=tuple(keys), verb=asked.verb)
        for unit in units(session, user, whole, len(keys) * len(CATEGORIES)):
            forms.setdefault(unit.object_id, []).append(unit)
    return forms


def _text(unit: Unit, told: Told) -> Text:
    notes = [*told(unit), *unit.note.splitlines()]
    if unit.reason:
        notes.append(unit.reason)
    return Text(
        Place(unit.content_type, unit.field, unit.object_id),
        unit.source,
        unit.text,
        unit.state,
        unit.source_text or "",
        unit.title,
        tuple(note.strip() for note in notes if note.strip()),
    )


def _obsolete(session: Session, user: Any, asked: Asked) -> Iterator[Text]:
    """Give what the interface no longer says: whoever says it again finds the translation."""
    if asked.types and CONTENT_TYPE not in asked.types:
        return
    if not units(session, user, Asked(asked.locale, types=(CONTENT_TYPE,), verb=asked.verb)):
        return  # nothing of the interface is for this reader
    found = session.execute(
        select(InterfaceMessage.id, InterfaceMessage.msgid, Translation.field, Translation.text)
        .join(
            Translation,
            and_(Translation.content_type == CONTENT_TYPE, Translation.object_id == InterfaceMessage.id),
        )
        .where(InterfaceMessage.is_obsolete, Translation.locale == asked.locale, Translation.field == "text")
        .order_by(InterfaceMessage.msgid, InterfaceMessage.id)
    )
    for key, msgid, field, text in found:
        yield Text(Place(CONTENT_TYPE, field, key), msgid, text, "approved", is_obsolete=True)
