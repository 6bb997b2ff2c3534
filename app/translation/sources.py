"""Translations hold what the source may hold, whoever writes them."""

from __future__ import annotations

import hashlib

from flask_babel import lazy_gettext as _l

from app.resources import Catalogue, Field
from app.resources.kinds import LONGEST_TEXT, Unreadable, is_unstorable, parse
from app.resources.slugs import read_address
from app.translation.models import Translation

SOURCES: dict[tuple[str, str], Field] = {}
"""The declared field of every translated text, by (content type, field)."""


def know_sources(catalogue: Catalogue) -> None:
    """Remember which fields translations are of."""
    for resource in catalogue:
        for name, fields in resource.translated:
            SOURCES.update(((name, field.name), field) for field in fields)
        if resource.address is not None:
            SOURCES[resource.name, resource.address.name] = resource.address


def is_address(content_type: str, field: str) -> bool:
    """Tell whether a text is the name of a record in web addresses."""
    source = SOURCES.get((content_type, field))
    return source is not None and source.is_address


def read_text(content_type: str, field: str, raw: str, locale: str = "") -> str:
    """Read a translation by the rules of its source text; empty text is a translation that goes. Raises Unreadable.

    An address is read by the letters of its language.
    """
    source = SOURCES.get((content_type, field))
    if source is not None and source.is_address:
        return read_address(raw, locale, source.max_length)
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


def decided(row: Translation) -> None:
    """Say that a text was written with its state; else the rules of who writes are put on it when it is saved."""
    row.is_decided = True
