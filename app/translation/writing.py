"""Saves translations beside the source text they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from app.kernel.actor import current_actor
from app.kernel.errors import Invalid
from app.kernel.locales import SOURCE, parse_locale
from app.resources.kinds import Unreadable
from app.translation.models import Translation
from app.translation.sources import read_text, source_hash


def save_texts(session: Session, content_type: str, record: Any, texts: dict[tuple[str, str], str]) -> int:
    """Save translations by (locale, field) of a flushed record; empty text removes one. Returns how many changed.

    Raises Invalid for a locale that is none and for a text that its source field would not take.
    """
    if not texts:
        return 0
    if faults := faults_of(content_type, texts):
        raise Invalid(faults)
    known = {
        (row.locale, row.field): row
        for row in session.scalars(
            select(Translation).where(
                Translation.content_type == content_type,
                Translation.object_id == record.id,
                Translation.locale.in_({locale for locale, _field in texts}),
            ),
            execution_options={"populate_existing": True},  # a trigger may just have called them out of date
        )
    }
    changed = 0
    for (locale, field), raw in texts.items():
        text = _read(content_type, locale, field, raw)
        changed += _save_text(session, known.get((locale, field)), content_type, record, locale, field, text)
    return changed


def faults_of(content_type: str, texts: dict[tuple[str, str], str]) -> dict[str, list[Any]]:
    """Say, by input, what is wrong with translations by (locale, field)."""
    faults: dict[str, list[Any]] = {}
    for (locale, field), raw in texts.items():
        try:
            _read(content_type, locale, field, raw)
        except Unreadable as error:
            faults[f"t-{locale}-{field}"] = [error.sentence]
    return faults


def _read(content_type: str, locale: str, field: str, raw: str) -> str:
    if parse_locale(locale) is None or locale == SOURCE or len(locale) > 35:
        raise Unreadable(_l("There is no language %(tag)s to translate into.", tag=locale))
    return read_text(content_type, field, raw)


def _save_text(
    session: Session,
    row: Translation | None,
    content_type: str,
    record: Any,
    locale: str,
    field: str,
    text: str,
) -> int:
    if not text:
        if row is not None:
            session.delete(row)
        return int(row is not None)
    if row is not None and row.text == text:
        return 0
    if row is None:
        row = Translation(content_type=content_type, object_id=record.id, locale=locale, field=field)
        session.add(row)
    actor = current_actor()
    row.text, row.state = text, "approved"
    _made_from(row, record)
    row.author_id = int(actor.id) if actor.kind == "user" and actor.id.isdecimal() else None
    return 1


def _made_from(row: Translation, record: Any) -> None:
    """Call a translation one of the source as it is now."""
    row.source_hash = source_hash(getattr(record, row.field))
    row.source_revision = record.revision
    row.source_text = None


def call_right(session: Session, content_type: str, record: Any, locale: str, field: str) -> bool:
    """Say that a translation which is out of date is right for the new source, too; tells whether it was."""
    row = session.scalar(
        select(Translation)
        .where(
            Translation.content_type == content_type,
            Translation.object_id == record.id,
            Translation.locale == locale,
            Translation.field == field,
            Translation.source_text.is_not(None),
        )
        .with_for_update()
    )
    if row is None:
        return False
    _made_from(row, record)
    row.state = "approved" if row.state == "stale" else row.state
    return True


def keep_right(session: Session, content_type: str, record: Any, before: Mapping[str, str]) -> int:
    """Keep the translations right of fields whose meaning an edit left alone; gives how many.

    `before` holds the fields' source hashes before the edit: what was out of date then stays so.
    """
    kept = 0
    for field, known in before.items():
        statement = (
            update(Translation)
            .where(
                Translation.content_type == content_type,
                Translation.object_id == record.id,
                Translation.field == field,
                Translation.source_hash == known,
            )
            .values(
                source_hash=source_hash(getattr(record, field)),
                source_revision=record.revision,
                source_text=None,
                state=case((Translation.state == "stale", "approved"), else_=Translation.state),
            )
            .returning(Translation.id)
            .execution_options(synchronize_session=False)
        )
        kept += len(session.scalars(statement).all())
    return kept


def texts_of(session: Session, keys: list[UUID]) -> dict[UUID, dict[tuple[str, str], Translation]]:
    """Read all translations of some records: by key, then by (locale, field)."""
    found: dict[UUID, dict[tuple[str, str], Translation]] = {}
    for row in session.scalars(select(Translation).where(Translation.object_id.in_(keys))):
        found.setdefault(row.object_id, {})[row.locale, row.field] = row
    return found
