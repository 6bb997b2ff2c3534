"""Texts as one line that a reader takes in at a glance."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _

from app.resources import Kind
from app.resources.rich_text import plain_text
from app.translation.interface.models import CONTENT_TYPE as INTERFACE
from app.translation.reach import owner_name
from app.translation.sources import SOURCES
from app.translation.units import Unit

LONGEST = 160


def is_rich(unit: Unit) -> bool:
    """Tell whether a text has marks of its own."""
    field = SOURCES.get((unit.content_type, unit.field))
    return field is not None and field.kind is Kind.RICH_TEXT


def shown(unit: Unit, text: str) -> str:
    """Give a text of a unit without marks, and not too much of it."""
    plain = plain_text(text) if is_rich(unit) else text
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"


def words_of_type(content_type: str) -> str:
    """Name the content type that a text is of."""
    resource = current_app.extensions["catalogue"].get(owner_name(content_type))
    if content_type == INTERFACE or resource is None:
        return _("Interface")
    return str(resource.label)
