"""What the memory holds: a trigger follows the texts as they are approved, a rebuild looks at all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, SmallInteger, case, delete, exists, func, literal, or_, select, text
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.resources import Catalogue, Kind
from app.resources.ways import has_languages
from app.translation.interface.models import CONTENT_TYPE as INTERFACE
from app.translation.interface.plurals import FIELDS
from app.translation.memory.models import table as entries
from app.translation.models import SHOWN_STATES, Translation
from app.translation.sources import SOURCES
from app.translation.units import all_texts

OPENING = 200
"""So many characters of a source are looked at to find what is alike; the trigger has the same number."""
KEY = ("content_type", "object_id", "field", "locale", "source_hash")
_MADE = ("source", "text", "opening", "size", "approved_at")
_translation: Any = Translation.__table__


def remembered(catalogue: Catalogue) -> Iterator[str]:
    """Name what is remembered, as "content type.field": texts whose source is in the source language, no addresses."""
    for resource in catalogue:
        if has_languages(resource):
            for name, fields in resource.translated:
                yield from (f"{name}.{field.name}" for field in fields if field.kind is not Kind.SLUG)
    yield from (f"{INTERFACE}.{name}" for name in FIELDS)


def rebuild(session: Session) -> int:
    """Bring the memory in line with all texts that are approved; gives how many entries that changed.

    What a record that is deleted said is kept. Doing it again changes nothing.
    """
    session.flush()
    session.execute(text("SET LOCAL statement_timeout = 0"))  # of many texts it takes as long as it takes
    same = [entries.c[name] == _translation.c[name] for name in KEY]
    withdrawn = exists().select_from(_translation).where(*same, _translation.c.state.not_in(SHOWN_STATES))
    connection = session.connection().execution_options(preserve_rowcount=True)
    changed = connection.execute(delete(entries).where(withdrawn)).rowcount
    for locale in connection.scalars(select(_translation.c.locale).distinct()).all():
        if (rows := _approved(locale)) is not None:
            changed += connection.execute(_insert(rows)).rowcount
    return int(changed)


def fill(session: Session) -> int:
    """Fill a memory that is empty, for a database that is older than it."""
    if session.scalar(select(exists().select_from(entries))):
        return 0
    return rebuild(session)


def _approved(locale: str) -> Select[Any] | None:
    """Select the texts of a language that are approved, beside the source they are right for."""
    texts = all_texts(locale)
    if texts is None:
        return None
    t = _translation
    source = case((t.c.source_text.is_(None), texts.c.source), else_=t.c.source_text)
    opening = func.left(func.festoon_plain(source), OPENING)
    size = sql_cast(func.cardinality(func.show_trgm(opening)), SmallInteger)
    addresses = [f"{name}.{field}" for (name, field), known in SOURCES.items() if known.kind is Kind.SLUG]
    return (
        select(*(t.c[name] for name in KEY), source, t.c.text, opening, size, t.c.updated_at)
        .select_from(texts)
        .join(
            t,
            (t.c.content_type == texts.c.content_type)
            & (t.c.object_id == texts.c.row_id)
            & (t.c.field == texts.c.field)
            & (t.c.locale == literal(locale)),
        )
        .where(
            t.c.state.in_(SHOWN_STATES),
            t.c.text != "",
            t.c.source_hash == func.festoon_source_hash(source),
            source != "",
            (t.c.content_type + "." + t.c.field).not_in(addresses),
        )
    )


def _insert(rows: Select[Any]) -> Any:
    """Write entries; one that is there already gets the newer text."""
    statement = insert(entries).from_select([*KEY, *_MADE], rows)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(KEY),
        set_={name: new[name] for name in _MADE},
        where=or_(entries.c.text != new.text, entries.c.source != new.source),
    )
