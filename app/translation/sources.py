"""Translations hold what the source may hold, whoever writes them."""

from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, event, inspect, select

from app.kernel.db import metadata
from app.kernel.errors import Invalid
from app.resources import Catalogue, Field
from app.resources.kinds import LONGEST_TEXT, Unreadable, is_unstorable, parse
from app.translation.models import Translation

SOURCES: dict[tuple[str, str], Field] = {}
"""The declared field of every translated text, by (content type, field)."""


def know_sources(catalogue: Catalogue) -> None:
    """Remember which fields translations are of."""
    for resource in catalogue:
        for name, fields in resource.translated:
            SOURCES.update(((name, field.name), field) for field in fields)


def read_text(content_type: str, field: str, raw: str) -> str:
    """Read a translation by the rules of its source text; empty text is a translation that goes. Raises Unreadable."""
    source = SOURCES.get((content_type, field))
    if source is not None:
        return parse(source, raw) or ""
    text = raw.replace("\r\n", "\n").strip()
    if is_unstorable(text):
        raise Unreadable(_l("Remove the control characters from the text."))
    if len(text) > LONGEST_TEXT:
        raise Unreadable(_l("Use at most %(limit)s characters.", limit=LONGEST_TEXT))
    return text


def source_hash(text: str | None) -> str:
    """Fingerprint a source text; white space does not count."""
    return hashlib.sha256(" ".join((text or "").split()).encode()).hexdigest()


@event.listens_for(Translation, "before_insert")
@event.listens_for(Translation, "before_update")
def _keep_readable(_mapper: Any, connection: Connection, row: Translation) -> None:
    """Judge one that was written on the translations' own screen, too; one that stays as it is may be older."""
    if not inspect(row).attrs.text.history.has_changes():
        return
    try:
        row.text = read_text(row.content_type, row.field, row.text)
    except Unreadable as error:
        raise Invalid({"text": [error.sentence]}) from error
    if row.source_text is not None and not inspect(row).attrs.source_hash.history.has_changes():
        _made_anew(connection, row)


def _made_anew(connection: Connection, row: Translation) -> None:
    """Whoever writes a text anew that was out of date makes it from the source as it is."""
    table = metadata.tables[row.content_type]
    source = connection.scalar(select(table.c[row.field]).where(table.c.id == row.object_id))
    row.source_hash, row.source_text = source_hash(source), None
    row.state = "approved" if row.state == "stale" else row.state
