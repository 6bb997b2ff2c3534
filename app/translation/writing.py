"""Saves translations beside the source text they were made from."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.actor import current_actor
from app.kernel.errors import Invalid
from app.kernel.locales import SOURCE, parse_locale
from app.resources.kinds import Unreadable
from app.translation.models import Translation
from app.translation.sources import read_text


def source_hash(text: str | None) -> str:
    """Fingerprint a source text; white space does not count."""
    return hashlib.sha256(" ".join((text or "").split()).encode()).hexdigest()


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
            )
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
    row.source_hash = source_hash(getattr(record, field))
    row.source_revision = record.revision
    row.author_id = int(actor.id) if actor.kind == "user" and actor.id.isdecimal() else None
    return 1


def texts_of(session: Session, keys: list[UUID]) -> dict[UUID, dict[tuple[str, str], Translation]]:
    """Read all translations of some records: by key, then by (locale, field)."""
    found: dict[UUID, dict[tuple[str, str], Translation]] = {}
    for row in session.scalars(select(Translation).where(Translation.object_id.in_(keys))):
        found.setdefault(row.object_id, {})[row.locale, row.field] = row
    return found
